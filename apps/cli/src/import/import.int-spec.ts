import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import writeExcel from 'write-excel-file/node';
import { IdentityReader, identityPersistence, RegisterOrganisation } from '#identity';
import { enterprisePersistence } from '#enterprises';
import { institutionPersistence } from '#institutions';
import { noticesPersistence } from '#notices';
import { platformPersistence, systemContext } from '#platform';
import { createTestDatabase, type TestDatabase } from '#platform/testing';
import { reviewPersistence } from '#review';
import type { Command } from '../command.js';
import { command as importEnterprises } from '../commands/import-enterprises.js';
import { command as importMandates } from '../commands/import-mandates.js';

let database: TestDatabase;
let folder: string;
const before = { ...process.env };
beforeAll(async () => {
  database = await createTestDatabase([
    platformPersistence,
    identityPersistence,
    noticesPersistence,
    reviewPersistence,
    enterprisePersistence,
    institutionPersistence,
  ]);
  folder = await mkdtemp(join(tmpdir(), 'sanad-import-'));
  process.env.DATABASE_URL = database.environment.databaseUrl;
  process.env.DATA_FOLDER = folder;
  process.env.COUNTRY = 'SA';
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
  readonly note?: string;
  readonly error?: { readonly code: string; readonly fields: { readonly pointer: string }[] };
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

const head = [
  'reference',
  'name',
  'local_name',
  'signatory',
  'email',
  'legal_form',
  'isic_class',
  'region',
  'founded_on',
  'staff',
  'sa_unified_number',
  'owner_name',
  'owner_born_on',
  'fiscal_year',
  'currency',
  'revenue',
  'total_assets',
  'account_number',
  'bank_name',
  'registration_file',
  'bank_letter_file',
  'submit',
];

function firm(n: number, changes: Readonly<Record<string, string>> = {}): string[] {
  const row: Record<string, string> = {
    reference: `10100000${n}`,
    name: `Firm ${n}`,
    local_name: `شركة ${n}`,
    signatory: 'Noura Alharbi',
    email: `firm${n}@example.org`,
    legal_form: 'llc',
    isic_class: '4711',
    region: 'SA-01',
    founded_on: '2018-03-01',
    staff: '12',
    sa_unified_number: `70000000${n}`,
    owner_name: 'Noura Alharbi',
    owner_born_on: '1985-05-17',
    fiscal_year: '2024',
    currency: 'SAR',
    revenue: '8500000',
    total_assets: '4000000.00',
    account_number: 'SA03 8000 0000 6080 1016 7519',
    bank_name: 'Al Bilad Bank',
    registration_file: 'registration.pdf',
    bank_letter_file: 'letter.pdf',
    submit: 'yes',
    ...changes,
  };
  return head.map((column) => row[column] ?? '');
}

const count = async (table: string): Promise<number> =>
  Number(((await database.dataSource.query(`SELECT COUNT(*) AS n FROM ${table}`)) as { n: string }[])[0]?.n);

describe('sanad import enterprises', () => {
  it('answers each row, does a row once however often it comes, and goes on where it was broken off', async () => {
    await writeFile(join(folder, 'registration.pdf'), '%PDF-1.7 registration');
    await writeFile(join(folder, 'letter.pdf'), '%PDF-1.7 letter');
    // The first run ends at a row that cannot be read; the second file has it corrected.
    const wrong = firm(12, { isic_class: '8411', revenue: 'much' });
    const first = await run(importEnterprises, await csv('firms.csv', [head, firm(10), firm(11), wrong]));
    expect(first.code).toBe(1);
    expect(first.answers.map(({ line, reference, result }) => [line, reference, result])).toEqual([
      [2, '1010000010', 'created'],
      [3, '1010000011', 'created'],
      [4, '1010000012', 'refused'],
    ]);
    expect(first.answers[2]?.error?.fields.map(({ pointer }) => pointer)).toEqual(['/isic_class', '/revenue']);
    expect(first.progress).toContain('3 rows (2 created, 0 changed, 0 unchanged, 1 refused)');
    expect(await count('review_case')).toBe(2);

    const audits = await count('audit_entry');
    const again = await run(importEnterprises, await csv('firms.csv', [head, firm(10), firm(11)]));
    expect(again.answers.map(({ result }) => result)).toEqual(['unchanged', 'unchanged']);
    expect(again.code).toBe(0);
    expect(await count('audit_entry')).toBe(audits);

    const sheet = [head, firm(10), firm(12)].map((row) => row.map((value) => ({ value, type: String })));
    const xlsx = join(folder, 'firms.xlsx');
    await writeExcel(sheet as never, {}).toFile(xlsx);
    const third = await run(importEnterprises, xlsx);
    expect(third.answers.map(({ line, result }) => [line, result])).toEqual([
      [2, 'unchanged'],
      [3, 'created'],
    ]);
  });

  it('refuses a file outside the table’s folder, and unknown columns before any row', async () => {
    const outside = firm(13, { registration_file: '../../etc/passwd' });
    const { answers } = await run(importEnterprises, await csv('outside.csv', [head, outside]));
    expect(answers[0]).toMatchObject({ result: 'refused', error: { code: 'import_file_missing' } });
    await expect(
      run(
        importEnterprises,
        await csv('columns.csv', [
          ['reference', 'colour'],
          ['1', 'red'],
        ]),
      ),
    ).rejects.toThrow(/unknown columns: colour/);
    await expect(run(importEnterprises, join(folder, 'none.csv'))).rejects.toThrow(/there is no file/);
  });
});

describe('sanad import mandates', () => {
  it('prepares, leaves the limits to a checker, and changes only what differs', async () => {
    const bank = await registerBank();
    const columns = ['reference', 'financier', 'name', 'status', 'currency', 'amount_min', 'amount_max', 'tenor_min'];
    const header = [...columns, 'tenor_max', 'sectors', 'valid_from', 'monthly_appetite'];
    const terms = ['Retail', 'live', 'SAR', '10000', '500000', '6'];
    const row = (tenor: string) => ['M-1', bank, ...terms, tenor, 'G;I', '2026-01-01', '2000000'];
    const waits = 'the limits wait for a checker; run the import again after that';
    const once = await run(
      importMandates,
      await csv('m.csv', [header, row('24'), ['M-2', 'nobody', ...row('24').slice(2)]]),
    );
    expect(once.answers).toMatchObject([
      { result: 'created', note: waits },
      { result: 'refused', error: { code: 'import_organisation_unknown' } },
    ]);
    const twice = await run(importMandates, await csv('m.csv', [header, row('24')]));
    expect(twice.answers).toMatchObject([{ result: 'unchanged', note: waits }]);
    const changed = await run(importMandates, await csv('m.csv', [header, row('36')]));
    expect(changed.answers).toMatchObject([{ result: 'changed', note: waits }]);
    expect(await count("mandate WHERE status = 'draft' AND tenor_max = 36")).toBe(1);
    expect(await count("limit_change WHERE status = 'proposed' AND proposed_by = 'import.mandates'")).toBe(1);
  });
});

async function registerBank(): Promise<string> {
  const register = new RegisterOrganisation(database.unitOfWork);
  const person = {
    email: 'a@bank.example',
    name: 'A',
    password: '',
    passwordHash: 'none',
    locale: 'en',
    roles: ['maker'],
  };
  const organisation = {
    kind: 'financier' as const,
    name: 'Bank',
    localName: 'بنك',
    country: 'SA',
    registrationNumber: '1010999999',
    contactEmail: 'a@bank.example',
  };
  const { organisationId } = await database.unitOfWork.run(systemContext('test'), (tx) =>
    register.within(tx, organisation, person),
  );
  expect(await new IdentityReader(database.dataSource).organisationByRegistration('SA', '1010999999')).toBeDefined();
  await database.dataSource.query(
    `INSERT INTO financier_profile (id, kind, licence_number, regulator, about, website, status, version, created_at, updated_at)
     VALUES (?, 'bank', 'L', 'SAMA', '', '', 'unverified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [Buffer.from(organisationId.replaceAll('-', ''), 'hex')],
  );
  return '1010999999';
}
