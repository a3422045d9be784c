import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Command } from '../../apps/cli/src/command';
import { command as due } from '../../apps/cli/src/commands/calc-due';
import { command as guaranteeFee } from '../../apps/cli/src/commands/calc-guarantee-fee';
import { command as size } from '../../apps/cli/src/commands/calc-size';
import { command as invoiceRead } from '../../apps/cli/src/commands/invoice-read';
import { invoiceTemplateCsv, readInvoice, tableColumns } from '#invoices';

/** Every worked example of these pages is run as it is printed: a command, and the JSON that it answers. */
const root = join(__dirname, '../..');
const page = (name: string) => readFileSync(join(root, 'docs/guide', `${name}.md`), 'utf8');
const examples = (name: string) =>
  [
    ...page(name).matchAll(/```sh\n(?:echo '([^']*)' \| )?npm run -s sanad -- ([^\n]*)\n```\n+```json\n([^`]*)```/g),
  ].map(([, input = '', command = '', answer = '']) => ({ page: name, command, input, answer }));

const commands: Readonly<Record<string, Command>> = {
  'calc due': due,
  'calc size': size,
  'calc guarantee-fee': guaranteeFee,
  'invoice read': invoiceRead,
};

async function run(command: string, input: string): Promise<unknown> {
  let printed = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      printed += String(chunk);
      done();
    },
  });
  const [group, name, ...args] = command.split(' ');
  await commands[`${group} ${name}`]?.run(args, { stdin: Readable.from([input]), stdout: sink, stderr: sink });
  return JSON.parse(printed) as unknown;
}

describe('worked examples of the guide', () => {
  const all = ['working-time', 'size-class', 'guarantee-fees', 'invoices'].flatMap(examples);
  const before = process.cwd();
  beforeAll(() => process.chdir(root));
  afterAll(() => process.chdir(before));

  it('are found', () => {
    expect(all.map((example) => example.page)).toEqual([
      'working-time',
      'size-class',
      'guarantee-fees',
      'guarantee-fees',
      'guarantee-fees',
      'invoices',
    ]);
  });

  it.each(all)('$page: $command $input', async ({ command, input, answer }) => {
    expect(await run(command, input)).toEqual(JSON.parse(answer));
  });

  it('invoices: the problem in words', () => {
    const quoted = /`(\{"rule"[^`]*)`/.exec(page('invoices'))?.[1] ?? '';
    const xml = readFileSync(join(root, 'libs/invoices/src/fixtures/ubl-invoice.xml'), 'utf8');
    const changed = xml.replace('>1000.00</PayableAmount>', '>990.00</PayableAmount>');
    expect(readInvoice(Buffer.from(changed)).problems).toEqual([JSON.parse(quoted)]);
  });

  it('invoices: every column of the template is explained', () => {
    for (const { name } of tableColumns) expect(page('invoices')).toContain(`\`${name}\``);
    expect(invoiceTemplateCsv()).toContain(tableColumns.map(({ name }) => name).join(','));
  });
});
