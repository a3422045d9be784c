import * as fc from 'fast-check';
import { newId, type Transaction } from '#platform';
import type { AccountKey } from '../domain/chart-of-accounts.js';
import { LedgerHouse } from '../testing/ledger-house.js';

/** The ledger against a model of a dozen lines: random sequences must be accepted, refused and add up alike. */
interface Held {
  id: string;
  from: number;
  to: number;
  amount: bigint;
}
interface Model {
  posted: bigint[];
  held: Held[];
  done: Held[];
}
type Real = { house: LedgerHouse; accounts: AccountKey[] };

const size = 3;
/** Accounts 0 to 2 have a floor, the last is the bank and has none. */
const bank = size;
const availableIn = ({ posted, held }: Model, account: number) =>
  held.reduce((left, each) => (each.from === account ? left - each.amount : left), posted[account] as bigint);
const lacks = (model: Model, account: number, amount: bigint) =>
  account !== bank && availableIn(model, account) < amount;
const move = ({ posted }: Model, from: number, to: number, amount: bigint) => {
  posted[from] = (posted[from] as bigint) - amount;
  posted[to] = (posted[to] as bigint) + amount;
};
const outcome = (work: Promise<{ transferId: string }>) =>
  work.then(
    ({ transferId }) => ({ transferId, code: 'done' }),
    (error: { code?: string }) => {
      if (error.code === undefined) throw error;
      return { transferId: '', code: error.code };
    },
  );
const header = () => ({ reference: `test:${newId()}`, description: 'a test' });

type Take = (model: Model, real: Real) => Promise<void>;

/** One step of a sequence; after it the balances are the model's. */
class Step implements fc.AsyncCommand<Model, Real> {
  constructor(
    private readonly words: string,
    private readonly take: Take,
  ) {}
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    await this.take(model, real);
    await expectAlike(model, real);
  }
  toString(): string {
    return this.words;
  }
}

async function expectAlike(model: Model, { house, accounts }: Real): Promise<void> {
  for (const [index, account] of accounts.entries()) {
    const { balance, available } = await house.reader.figures(account, 'SAR');
    // The bank is an asset: what the model has there stands on the other side.
    const expected = index === bank ? [-balance, -balance] : [balance, available];
    const inModel = model.posted[index];
    expect(expected).toEqual([inModel, index === bank ? inModel : availableIn(model, index)]);
  }
  expect((await house.reader.trialBalance()).balanced).toBe(true);
}

function moves(kind: 'post' | 'reserve', from: number, to: number, amount: bigint): Step {
  return new Step(`${kind} ${from}→${to} ${amount}`, async function expectMove(model, { house, accounts }) {
    const input = house.transfer(accounts[from] as AccountKey, accounts[to] as AccountKey, amount);
    const { code, transferId } = await outcome(house.run((tx) => house.ledger[kind](tx, input)));
    expect(code).toBe(lacks(model, from, amount) ? 'ledger_funds_insufficient' : 'done');
    if (code !== 'done') return;
    (kind === 'post' ? model.done : model.held).push({ id: transferId, from, to, amount });
    if (kind === 'post') move(model, from, to, amount);
    expect(await outcome(house.run((tx) => house.ledger[kind](tx, input)))).toEqual({ code, transferId });
  });
}

/** Posts this part of a reservation, or gives it back when the part is nothing; then tries again in vain. */
function resolves(pick: number, percent: bigint): Step {
  return new Step(`resolve #${pick} ${percent}%`, async function expectResolution(model, { house }) {
    const held = model.held[pick % Math.max(1, model.held.length)];
    if (!held) return;
    const part = (held.amount * percent) / 100n;
    const work = (tx: Transaction) =>
      part === 0n
        ? house.ledger.voidReserved(tx, { ...header(), reservation: held.id })
        : house.ledger.postReserved(tx, { ...header(), reservation: held.id, amounts: [part] });
    const { code, transferId } = await outcome(house.run(work));
    expect(code).toBe('done');
    model.held.splice(model.held.indexOf(held), 1);
    if (part > 0n) {
      move(model, held.from, held.to, part);
      model.done.push({ ...held, id: transferId, amount: part });
    }
    expect((await outcome(house.run(work))).code).toBe('ledger_reservation_resolved');
  });
}

function reverses(pick: number): Step {
  return new Step(`reverse #${pick}`, async function expectReversal(model, { house }) {
    const made = model.done[pick % Math.max(1, model.done.length)];
    if (!made) return;
    const { code } = await outcome(house.run((tx) => house.ledger.reverse(tx, { ...header(), transfer: made.id })));
    expect(code).toBe(lacks(model, made.to, made.amount) ? 'ledger_funds_insufficient' : 'done');
    if (code !== 'done') return;
    move(model, made.to, made.from, made.amount);
    model.done.splice(model.done.indexOf(made), 1);
  });
}

const folds = new Step('fold', async (_model, { house }) => {
  await house.run((tx) => house.foldMovements.execute(tx.context));
});

let house: LedgerHouse;
beforeAll(async () => {
  house = await LedgerHouse.open();
});
afterAll(() => house.database.stop());

it('accepts, refuses and adds up as the model does', async () => {
  const account = fc.nat({ max: size });
  const pair = fc.tuple(account, account).filter(([from, to]) => from !== to);
  const amount = fc.bigInt({ min: 1n, max: 40n });
  const steps: fc.Arbitrary<Step>[] = [
    fc.tuple(pair, amount).map(([[from, to], units]) => moves('post', from, to, units)),
    fc.tuple(pair, amount).map(([[from, to], units]) => moves('reserve', from, to, units)),
    amount.map((units) => moves('post', bank, 0, units)),
    fc.tuple(fc.nat(9), fc.constantFrom(0n, 30n, 100n)).map(([pick, percent]) => resolves(pick, percent)),
    fc.nat(9).map(reverses),
    fc.constant(folds),
  ];
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 30, size: '+1' }), async (commands) => {
      const model: Model = { posted: Array.from({ length: size + 1 }, () => 0n), held: [], done: [] };
      const accounts = [...Array.from({ length: size }, () => house.account()), house.account('settlement_bank')];
      await fc.asyncModelRun(() => ({ model, real: { house, accounts } }), commands);
    }),
    { numRuns: 25, endOnFailure: true },
  );
  expect(await house.check()).toMatchObject({ ok: true, broken: null });
}, 60_000);
