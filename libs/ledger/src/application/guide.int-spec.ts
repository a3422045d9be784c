import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMoney, printAmount } from '#kernel';
import { newId, type Transaction } from '#platform';
import { type AccountKey, organisationAccount, type Purpose } from '../domain/chart-of-accounts.js';
import { LedgerHouse } from '../testing/ledger-house.js';

/** Every example of docs/guide/ledger.md is run as it is printed. */
const page = readFileSync(join(__dirname, '../../../../docs/guide/ledger.md'), 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text) as Example);

interface Step {
  post?: string;
  reserve?: string;
  postReserved?: string;
  voidReserved?: string;
  reverse?: string;
  debit: string;
  credit: string;
  amount?: string;
  refused?: string;
}
interface Example {
  do?: Step[];
  then?: Record<string, { balance: string; available: string }>;
  trialBalance?: unknown;
}

let house: LedgerHouse;
beforeAll(async () => {
  house = await LedgerHouse.open();
});
afterAll(() => house.database.stop());

const owners = new Map<string, string>();
const ids = new Map<string, string>();
const subject = { type: 'example', id: newId() };
let resolutions = 0;

function account(name: string): AccountKey {
  const [purpose, owner = ''] = name.split(' of ');
  owners.set(owner, owners.get(owner) ?? newId());
  return organisationAccount(owners.get(owner) as string, purpose as Purpose);
}

function take(tx: Transaction, step: Step) {
  const name = String(step.post ?? step.reserve ?? step.postReserved ?? step.voidReserved ?? step.reverse);
  const of = ids.get(name) ?? '';
  const minor = step.amount === undefined ? undefined : parseMoney(step.amount, 'SAR').minor;
  if (step.post ?? step.reserve) {
    const postings = [
      { debit: account(step.debit), credit: account(step.credit), amount: minor as bigint, currency: 'SAR' },
    ];
    const input = { reference: name.replaceAll(' ', '-'), description: name, subject, postings };
    return step.post ? house.ledger.post(tx, input) : house.ledger.reserve(tx, input);
  }
  const header = { reference: `resolution-${++resolutions}`, description: name };
  if (step.reverse) return house.ledger.reverse(tx, { ...header, transfer: of });
  if (step.voidReserved) return house.ledger.voidReserved(tx, { ...header, reservation: of });
  return house.ledger.postReserved(tx, {
    ...header,
    reservation: of,
    ...(minor === undefined ? {} : { amounts: [minor] }),
  });
}

it.each(examples.map((example, index) => [index + 1, example] as const))('example %i', async (_number, example) => {
  for (const step of example.do ?? []) {
    const result = await house
      .run((tx) => take(tx, step))
      .then(
        ({ transferId }) => ({ transferId, code: undefined }),
        (error: { code?: string }) => ({ transferId: '', code: error.code }),
      );
    expect([step, result.code]).toEqual([step, step.refused]);
    const name = step.post ?? step.reserve;
    if (name && result.transferId) ids.set(name, result.transferId);
  }
  for (const [name, expected] of Object.entries(example.then ?? {})) {
    const { balance, available } = await house.reader.figures(account(name), 'SAR');
    const print = (amount: bigint) => printAmount({ minor: amount, currency: 'SAR' });
    expect([name, { balance: print(balance), available: print(available) }]).toEqual([name, expected]);
  }
  if (example.trialBalance)
    expect(await house.reader.trialBalance()).toEqual({ balanced: true, currencies: [example.trialBalance] });
});

it('the page has its examples, and the books are sound after them', async () => {
  expect(examples).toHaveLength(9);
  expect(await house.check()).toMatchObject({ ok: true, broken: null });
});
