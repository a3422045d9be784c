import * as fc from 'fast-check';
import { newId } from '#platform';
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
type Real = { house: LedgerHouse; accounts: AccountKey[]; model: Model };

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

abstract class Step implements fc.AsyncCommand<Model, Real> {
  check(): boolean {
    return true;
  }
  abstract run(model: Model, real: Real): Promise<void>;
}

class Move extends Step {
  constructor(
    private readonly kind: 'post' | 'reserve',
    private readonly from: number,
    private readonly to: number,
    private readonly amount: bigint,
  ) {
    super();
  }
  async run(model: Model, { house, accounts }: Real): Promise<void> {
    const { from, to, amount, kind } = this;
    const input = house.transfer(accounts[from] as AccountKey, accounts[to] as AccountKey, amount);
    const { code, transferId } = await outcome(house.run((tx) => house.ledger[kind](tx, input)));
    expect(code).toBe(lacks(model, from, amount) ? 'ledger_funds_insufficient' : 'done');
    if (code !== 'done') return;
    (kind === 'post' ? model.done : model.held).push({ id: transferId, from, to, amount });
    if (kind === 'post') move(model, from, to, amount);
    expect(await outcome(house.run((tx) => house.ledger[kind](tx, input)))).toEqual({ code, transferId });
  }
  override toString = () => `${this.kind} ${this.from}→${this.to} ${this.amount}`;
}

class Resolve extends Step {
  constructor(
    private readonly pick: number,
    private readonly percent: bigint,
  ) {
    super();
  }
  async run(model: Model, { house }: Real): Promise<void> {
    const held = model.held[this.pick % Math.max(1, model.held.length)];
    if (!held) return;
    const part = (held.amount * this.percent) / 100n;
    const amounts = [part];
    const work = (tx: Parameters<Parameters<LedgerHouse['run']>[0]>[0]) =>
      part === 0n
        ? house.ledger.voidReserved(tx, { ...header(), reservation: held.id })
        : house.ledger.postReserved(tx, { ...header(), reservation: held.id, amounts });
    const { code, transferId } = await outcome(house.run(work));
    expect(code).toBe('done');
    model.held = model.held.filter(({ id }) => id !== held.id);
    if (part > 0n) {
      move(model, held.from, held.to, part);
      model.done.push({ ...held, id: transferId, amount: part });
    }
    expect((await outcome(house.run(work))).code).toBe('ledger_reservation_resolved');
  }
  override toString = () => `resolve #${this.pick} ${this.percent}%`;
}

class Reverse extends Step {
  constructor(private readonly pick: number) {
    super();
  }
  async run(model: Model, { house }: Real): Promise<void> {
    const made = model.done[this.pick % Math.max(1, model.done.length)];
    if (!made) return;
    const { code } = await outcome(house.run((tx) => house.ledger.reverse(tx, { ...header(), transfer: made.id })));
    expect(code).toBe(lacks(model, made.to, made.amount) ? 'ledger_funds_insufficient' : 'done');
    if (code !== 'done') return;
    move(model, made.to, made.from, made.amount);
    model.done = model.done.filter(({ id }) => id !== made.id);
  }
  override toString = () => `reverse #${this.pick}`;
}

class Fold extends Step {
  async run(_model: Model, { house }: Real): Promise<void> {
    await house.run((tx) => house.foldMovements.execute(tx.context));
  }
  override toString = () => 'fold';
}

/** After each step the balances are the model's. */
class Watched extends Step {
  constructor(private readonly step: Step) {
    super();
  }
  async run(model: Model, real: Real): Promise<void> {
    await this.step.run(model, real);
    for (const [index, account] of real.accounts.entries()) {
      const { balance, available } = await real.house.reader.figures(account, 'SAR');
      if (index === bank) expect(-balance).toBe(model.posted[index]);
      else expect([balance, available]).toEqual([model.posted[index], availableIn(model, index)]);
    }
    expect((await real.house.reader.trialBalance()).balanced).toBe(true);
  }
  override toString = () => String(this.step);
}

let house: LedgerHouse;
beforeAll(async () => {
  house = await LedgerHouse.open();
});
afterAll(() => house.database.stop());

it('accepts, refuses and adds up as the model does', async () => {
  const account = fc.nat({ max: size });
  const pair = fc.tuple(account, account).filter(([from, to]) => from !== to);
  const amount = fc.bigInt({ min: 1n, max: 40n });
  const steps = [
    fc.tuple(pair, amount).map(([[from, to], units]) => new Move('post', from, to, units)),
    fc.tuple(pair, amount).map(([[from, to], units]) => new Move('reserve', from, to, units)),
    amount.map((units) => new Move('post', bank, 0, units)),
    fc.tuple(fc.nat(9), fc.constantFrom(0n, 30n, 100n)).map(([pick, percent]) => new Resolve(pick, percent)),
    fc.nat(9).map((pick) => new Reverse(pick)),
    fc.constant(new Fold()),
  ].map((arbitrary) => (arbitrary as fc.Arbitrary<Step>).map((step) => new Watched(step)));
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 30, size: '+1' }), async (commands) => {
      const model: Model = { posted: Array.from({ length: size + 1 }, () => 0n), held: [], done: [] };
      const accounts = [...Array.from({ length: size }, () => house.account()), house.account('settlement_bank')];
      await fc.asyncModelRun(() => ({ model, real: { house, accounts, model } }), commands);
    }),
    { numRuns: 25, endOnFailure: true },
  );
  expect(await house.check()).toMatchObject({ ok: true, broken: null });
}, 60_000);
