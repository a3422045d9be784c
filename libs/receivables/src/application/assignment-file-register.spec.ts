import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#platform';
import { AssignmentFileRegister } from './assignment-file-register.js';

let dataFolder: string;
let register: AssignmentFileRegister;

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'sanad-register-'));
  register = new AssignmentFileRegister({ dataFolder } as Environment);
});
afterEach(() => rmSync(dataFolder, { recursive: true }));

/** What an operator wrote down of somebody else's filing. */
async function filedByOthers(number: string): Promise<void> {
  await mkdir(join(dataFolder, 'assignment-register'), { recursive: true });
  const line = {
    op: 'file',
    id: number,
    number,
    origin: 'notary',
    scope: 'all_receivables',
    ...seller,
    filedOn: '2026-01-05',
  };
  await appendFile(join(dataFolder, 'assignment-register/filings.jsonl'), `${JSON.stringify(line)}\n`);
}

const seller = { sellerCountry: 'SA', sellerRegistration: '7001', securedParty: 'A lender' };
const query = {
  sellerCountry: 'SA',
  sellerRegistration: '7001',
  debtorCountry: 'SA',
  debtorRegistration: '7002',
  documentNumber: 'INV-1',
  issuedOn: '2026-01-10',
} as Parameters<AssignmentFileRegister['search']>[0];

it('finds every prior filing, once, however many ask at the same time while the file grows', async () => {
  for (let filed = 1; filed <= 20; filed++) {
    await filedByOthers(`N-${filed}`);
    const answers = await Promise.all(Array.from({ length: 50 }, () => register.search(query)));
    for (const found of answers) expect(found).toHaveLength(filed);
  }
});

it('reads a file that was put in its place from the beginning', async () => {
  await filedByOthers('N-1');
  await filedByOthers('N-2');
  expect(await register.search(query)).toHaveLength(2);
  rmSync(join(dataFolder, 'assignment-register/filings.jsonl'));
  expect(await register.search(query)).toEqual([]);
  await filedByOthers('N-3');
  expect((await register.search(query)).map(({ filing }) => filing)).toEqual(['N-3']);
});
