import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import writeExcel from 'write-excel-file/node';
import { idBytes, newId } from '#platform';
import { createTestDatabase, type TestDatabase } from '#platform/testing';
import { contexts } from '../../../../config/contexts';
import { command as importEnterprises } from '../commands/import-enterprises.js';
import { command as importReceivables } from '../commands/import-receivables.js';
import type { Command } from '../command.js';

let database: TestDatabase;
let folder: string;
const before = { ...process.env };
const seller = '1010000010';
const anchor = '7009999999';

beforeAll(async () => {
  database = await createTestDatabase(contexts);
  folder = await mkdtemp(join(tmpdir(), 'sanad-import-'));
  process.env.DATABASE_URL = database.environment.databaseUrl;
  process.env.DATA_FOLDER = folder;
  process.env.COUNTRY = 'SA';
  await run(
    importEnterprises,
    await csv('firms.csv', [
      ['reference', 'name', 'local_name', 'signatory', 'email', 'isic_class', 'region', 'founded_on', 'staff'],
      [seller, 'Firm', 'شركة', 'Noura', 'firm@example.org', '4711', 'SA-01', '2018-03-01', '12'],
    ]),
  );
  const id = idBytes(newId());
  await sql(
    `INSERT INTO organisation (id, kind, name, local_name, country, registration_number, contact_email, verified, created_at)
     SELECT ?, 'anchor', 'Anchor', 'جهة', country, ?, 'a@example.org', 1, created_at FROM organisation LIMIT 1`,
    [id, anchor],
  );
  await sql(
    `INSERT INTO anchor_profile (id, kind, visibility, tax_id, about, website, status, version, created_at, updated_at)
     VALUES (?, 'company', 'public', '300000000000003', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [id],
  );
  await sql('UPDATE organisation SET verified = 1');
});
afterAll(async () => {
  Object.assign(process.env, before);
  await rm(folder, { recursive: true });
  await database.stop();
});

interface Answer {
  readonly line: number;
  readonly reference: string;
  readonly result: string;
  readonly id?: string;
  readonly note?: string;
  readonly error?: { readonly code: string; readonly next: string; readonly fields: { readonly pointer: string }[] };
}

async function run(command: Command, file: string): Promise<{ code: number; answers: Answer[]; progress: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await command.run([file], { stdin: new PassThrough(), stdout, stderr });
  const text = (stdout.read() as Buffer | null)?.toString() ?? '';
  const answers = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer);
  return { code, answers, progress: (stderr.read() as Buffer).toString() };
}

async function csv(name: string, rows: readonly (readonly string[])[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n'));
  return path;
}

const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> => database.dataSource.query(text, values);
const count = async (table: string) => Number((await sql<{ n: string }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n);
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const head = ['number', 'own', 'side', 'other', 'kind', 'issued_on', 'due_on', 'currency', 'amount', 'submit'];

function invoice(number: string, changes: Readonly<Record<string, string>> = {}): string[] {
  const row: Record<string, string> = {
    number,
    own: seller,
    side: 'seller',
    other: anchor,
    kind: 'invoice',
    issued_on: day(-3),
    due_on: day(60),
    currency: 'SAR',
    amount: '1250.50',
    submit: 'yes',
    ...changes,
  };
  return head.map((column) => row[column] ?? '');
}

describe('sanad import receivables', () => {
  it('answers each row, does a row once however often it comes, and goes on where it was broken off', async () => {
    const wrong = invoice('A-3', { amount: 'much', due_on: 'soon' });
    const first = await run(
      importReceivables,
      await csv('one.csv', [head, invoice('A-1'), invoice('A-2', { submit: '' }), wrong]),
    );
    expect(first.code).toBe(1);
    expect(first.answers).toMatchObject([
      { line: 2, reference: 'A-1', result: 'created', note: 'waits for the anchor’s maker and checker' },
      { line: 3, reference: 'A-2', result: 'created' },
      { line: 4, reference: 'A-3', result: 'refused' },
    ]);
    expect(first.answers[1]?.note).toBeUndefined();
    expect(first.answers[2]?.error?.fields.map(({ pointer }) => pointer).sort()).toEqual(['/amount', '/due_on']);
    expect(first.progress).toContain('3 rows (2 created, 0 changed, 0 unchanged, 1 refused)');
    const rows = await sql<{ number: string; state: string; net_minor: string }>(
      'SELECT number, state, net_minor FROM receivable ORDER BY number',
    );
    expect(rows).toEqual([
      { number: 'A-1', state: 'submitted', net_minor: '125050' },
      { number: 'A-2', state: 'draft', net_minor: '125050' },
    ]);

    // The whole file again with the wrong row corrected: what stands is left alone, to the last audit entry.
    const whole = await csv('two.csv', [head, invoice('A-1'), invoice('A-2', { submit: '' }), invoice('A-3')]);
    const second = await run(importReceivables, whole);
    expect(second.code).toBe(0);
    expect(second.answers).toMatchObject([
      { result: 'unchanged', id: first.answers[0]?.id },
      { result: 'unchanged', id: first.answers[1]?.id },
      { reference: 'A-3', result: 'created' },
    ]);
    const audits = await count('audit_entry');
    const third = await run(importReceivables, whole);
    expect(third.answers.map(({ result }) => result)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect([await count('audit_entry'), await count('receivable')]).toEqual([audits, 3]);
    // An import prepares: nothing is confirmed, and no fingerprint is held.
    expect([await count('registry_exact'), await count('certificate')]).toEqual([0, 0]);
  });

  it('makes each claim once when two imports of one file run at once, and when both sides send it', async () => {
    const file = await csv('twins.csv', [head, ...Array.from({ length: 12 }, (_, n) => invoice(`B-${n}`))]);
    const [a, b] = await Promise.all([run(importReceivables, file), run(importReceivables, file)]);
    expect(a.answers.map(({ id }) => id)).toEqual(b.answers.map(({ id }) => id));
    const results = [...a.answers, ...b.answers].map(({ result }) => result).sort();
    expect(results).toEqual([...Array<string>(12).fill('created'), ...Array<string>(12).fill('unchanged')]);
    const [{ id: anchorId } = { id: Buffer.alloc(0) }, { id: sellerId } = { id: Buffer.alloc(0) }] = await sql<{
      id: Buffer;
    }>("SELECT id FROM organisation WHERE registration_number IN (?, ?) ORDER BY kind = 'anchor' DESC", [
      anchor,
      seller,
    ]);
    await sql(
      `INSERT INTO anchor_supplier (id, anchor_id, supplier_id, country, registration_number, name, reference, status, version, created_at)
       VALUES (?, ?, ?, 'SA', ?, 'Firm', 'V-77', 'listed', 1, UTC_TIMESTAMP(6))`,
      [idBytes(newId()), anchorId, sellerId, seller],
    );
    const mirrored = { own: anchor, side: 'anchor', other: 'V-77' };
    const other = await run(importReceivables, await csv('anchor.csv', [head, invoice('B-0', mirrored)]));
    expect(other.answers).toMatchObject([{ result: 'unchanged', id: a.answers[0]?.id }]);
  });

  it('reads a workbook like a table, and names what cannot be: parties, columns, a formula in a cell', async () => {
    const cell = (value: string) => ({ value, type: String });
    const path = join(folder, 'book.xlsx');
    await writeExcel([head.map(cell), invoice('C-1', { amount: '99.90' }).map(cell)] as never, {}).toFile(path);
    expect((await run(importReceivables, path)).answers).toMatchObject([{ reference: 'C-1', result: 'created' }]);
    const { answers } = await run(
      importReceivables,
      await csv('wrong.csv', [
        head,
        invoice('D-1', { own: '1010999999' }),
        invoice('D-2', { other: '7000000000' }),
        invoice('D-3', { due_on: day(-1) }),
        invoice('D-4', { amount: '=1+1' }),
        invoice('D-5', { currency: 'RIYAL' }),
      ]),
    );
    expect(answers.map(({ result }) => result)).toEqual(Array(5).fill('refused'));
    expect(answers.slice(0, 2).map(({ error }) => error?.code)).toEqual([
      'import_organisation_unknown',
      'anchor_unknown',
    ]);
    for (const { error } of answers) expect(error?.next).not.toBe('');
    expect(await count("receivable WHERE number LIKE 'D-%'")).toBe(0);
    const stray = await csv('stray.csv', [
      [...head, 'iban'],
      [...invoice('E-1'), 'x'],
    ]);
    await expect(run(importReceivables, stray)).rejects.toThrow('unknown columns: iban');
    expect(await count("receivable WHERE number = 'E-1'")).toBe(0);
  });

  it('is documented: every column of the program stands in the guide and in its help', async () => {
    const guide = await readFile(join(__dirname, '../../../../docs/guide/import.md'), 'utf8');
    const part = guide.slice(guide.indexOf('## Receivables'), guide.indexOf('## A new kind'));
    const columns = [...importReceivables.usage.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name as string);
    expect(columns).toHaveLength(12);
    for (const name of columns) expect(part).toContain(`\`${name}\``);
  });
});
