import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import writeExcel from 'write-excel-file/node';
import { createTestDatabase, type TestDatabase } from '#platform/testing';
import { contexts } from '../../../../config/contexts';
import type { Command } from '../command.js';
import { command as importEnterprises } from '../commands/import-enterprises.js';
import { command as importRequests } from '../commands/import-requests.js';

let database: TestDatabase;
let folder: string;
const before = { ...process.env };
beforeAll(async () => {
  database = await createTestDatabase(contexts);
  folder = await mkdtemp(join(tmpdir(), 'sanad-import-'));
  process.env.DATABASE_URL = database.environment.databaseUrl;
  process.env.DATA_FOLDER = folder;
  process.env.COUNTRY = 'SA';
  await writeFile(join(folder, 'paper.pdf'), '%PDF-1.7 a paper');
  await run(
    importEnterprises,
    await csv('firms.csv', [
      ['reference', 'name', 'local_name', 'signatory', 'email', 'isic_class', 'region', 'founded_on', 'staff'],
      ['1010000010', 'Firm', 'شركة', 'Noura', 'firm@example.org', '4711', 'SA-01', '2018-03-01', '12'],
    ]),
  );
  await database.dataSource.query("UPDATE enterprise_profile SET status = 'verified', size_class = 'small'");
  await database.dataSource.query('UPDATE organisation SET verified = 1');
});
afterAll(async () => {
  Object.assign(process.env, before);
  await rm(folder, { recursive: true });
  await database.stop();
});

interface Answer {
  readonly reference: string;
  readonly result: string;
  readonly id?: string;
  readonly note?: string;
  readonly error?: { readonly code: string; readonly fields: { readonly pointer: string }[] };
}

async function run(command: Command, file: string): Promise<Answer[]> {
  const stdout = new PassThrough();
  await command.run([file], { stdin: new PassThrough(), stdout, stderr: new PassThrough() });
  const text = (stdout.read() as Buffer | null)?.toString() ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer);
}

async function csv(name: string, rows: readonly (readonly string[])[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n'));
  return path;
}

const papers = ['financial_statements', 'bank_statements', 'business_plan'].map((kind) => `${kind}=paper.pdf`);
const head = ['reference', 'enterprise', 'product_kind', 'amount', 'currency', 'tenor_months', 'purpose'];
const header = [...head, 'anonymous_text', 'collateral', 'documents', 'submit'];

function request(reference: string, changes: Readonly<Record<string, string>> = {}): string[] {
  const row: Record<string, string> = {
    reference,
    enterprise: '1010000010',
    product_kind: 'term_loan',
    amount: '250000',
    currency: 'SAR',
    tenor_months: '24',
    purpose: 'Cold shelves for the shop.',
    anonymous_text: 'A shop buys cold shelves.',
    collateral: 'equipment; personal_guarantee',
    documents: papers.join('; '),
    submit: 'yes',
    ...changes,
  };
  return header.map((column) => row[column] ?? '');
}

const rows = <Row>(sql: string): Promise<Row[]> => database.dataSource.query(sql);
const count = async (table: string) => Number((await rows<{ n: string }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n);

describe('sanad import requests', () => {
  it('submits each request once, however often the file comes, and goes on where it was broken off', async () => {
    const first = await run(importRequests, await csv('one.csv', [header, request('A-1')]));
    expect(first).toMatchObject([{ reference: 'A-1', result: 'created' }]);
    expect(first[0]?.note).toMatch(/^submitted; the review is due at 20/);
    const again = await run(importRequests, await csv('two.csv', [header, request('A-1'), request('A-2')]));
    expect(again).toMatchObject([
      { result: 'unchanged', id: first[0]?.id },
      { reference: 'A-2', result: 'created' },
    ]);
    const audits = await count('audit_entry');
    const third = await run(importRequests, await csv('two.csv', [header, request('A-1'), request('A-2')]));
    expect(third.map(({ result }) => result)).toEqual(['unchanged', 'unchanged']);
    expect(await count("review_case WHERE kind = 'funding_request'")).toBe(2);
    expect(await count('request_document')).toBe(6);
    expect(await count('audit_entry')).toBe(audits);
  });

  it('makes one request when two imports of one file run at once', async () => {
    const file = await csv('twins.csv', [header, request('B-1', { submit: 'no', documents: '' })]);
    const [a, b] = await Promise.all([run(importRequests, file), run(importRequests, file)]);
    expect(a[0]?.id).toBe(b[0]?.id);
    expect(await count("funding_request WHERE reference = 'B-1'")).toBe(1);
  });

  it('changes a draft, and refuses to change what was submitted', async () => {
    const draft = (amount: string, submit: string) => [
      header,
      request('C-1', { amount, submit, ...(submit === 'no' ? { documents: '' } : {}) }),
    ];
    expect(await run(importRequests, await csv('c.csv', draft('90000', 'no')))).toMatchObject([{ result: 'created' }]);
    expect(await run(importRequests, await csv('c.csv', draft('95000', 'yes')))).toMatchObject([{ result: 'changed' }]);
    const late = await run(importRequests, await csv('c.csv', draft('99000', 'yes')));
    expect(late).toMatchObject([{ result: 'refused', error: { code: 'request_not_editable' } }]);
  });

  it('answers faulty rows by column and does the others', async () => {
    const table = [
      header,
      request('D-1', { amount: 'much', documents: 'paper.pdf' }),
      request('D-2', { enterprise: '1010999999' }),
      request('D-3', { currency: 'USD' }),
      request('D-4', { documents: 'bank_statements=paper.pdf' }),
      request('D-5', { documents: 'bank_statements=../secret.pdf' }),
      request('D-6', { submit: 'no' }),
    ];
    const answers = await run(importRequests, await csv('d.csv', table));
    expect(answers.map(({ result, error }) => error?.code ?? result)).toEqual([
      'calculator_input_invalid',
      'import_organisation_unknown',
      'input_invalid',
      'request_incomplete',
      'import_file_missing',
      'created',
    ]);
    expect(answers[0]?.error?.fields.map(({ pointer }) => pointer)).toEqual(['/amount', '/documents']);
    // What was not complete is a draft now: the file with the missing papers goes on from there.
    const mended = await run(importRequests, await csv('d4.csv', [header, request('D-4')]));
    expect(mended).toMatchObject([{ result: 'changed' }]);
  });

  it('takes a formula of a CSV file as text, and of a workbook as the value that was saved with it', async () => {
    const text = '=HYPERLINK(0)+cmd|calc';
    await run(importRequests, await csv('e.csv', [header, request('E-1', { submit: 'no', purpose: text })]));
    expect(await rows("SELECT purpose FROM funding_request WHERE reference = 'E-1'")).toEqual([{ purpose: text }]);
    const cells = (row: readonly string[]) =>
      row.map((value) => (value === '40000+1' ? { value: '=40000+1', type: 'Formula' } : { value, type: String }));
    const sheet = [header, request('E-2', { submit: 'no', amount: '40000+1' })].map(cells);
    const path = join(folder, 'e.xlsx');
    await writeExcel(sheet as never, {}).toFile(path);
    const [answer] = await run(importRequests, path);
    // No spreadsheet program has computed this one, so it holds no value, and nobody here computes it.
    expect(answer).toMatchObject({ result: 'refused', error: { fields: [{ pointer: '/amount' }] } });
  });
});
