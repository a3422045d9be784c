// size: one model with every step beside the market's own.
import { deepStrictEqual as same } from 'node:assert/strict';
import * as fc from 'fast-check';
import { DomainError } from '#kernel';
import { type CommandContext, idBytes, idText, newId } from '#platform';
import { GuaranteeHouse, riyals } from '../testing/guarantee-house.js';
import { checkGuarantees } from './check-guarantees.js';
import { ClaimDocuments } from './claim-documents.js';
import { ClaimReader } from './claim.reader.js';
import { DecideClaim, ProposeClaimDecision } from './decide-claim.js';
import { EndGuarantee } from './end-guarantee.js';
import { Fees } from './fees.js';
import { GuaranteeMarket } from './guarantee-market.js';
import { NotifyClaim } from './notify-claim.js';
import { ConfirmClaimPayment, PrepareClaimPayment } from './pay-claim.js';
import { PayeeAccounts } from './payee-accounts.js';
import { DecideRecovery, EnterRecovery } from './recover-claim.js';
import { Reguarantees } from './reguarantees.js';
import { ReportOutstanding } from './report-outstanding.js';
import { ReviewClaim } from './review-claim.js';
import { monthBefore, RunProvision } from './run-provision.js';

/** One random step; `pick` chooses among what it can be done to, `amount` is a loan or a share of what there is. */
interface Step {
  readonly kind: (typeof kinds)[number];
  readonly pick: number;
  readonly amount: number;
}

const kinds = [
  'contribute',
  'reserve',
  'reserve',
  'issue',
  'issue',
  'give_back',
  'reduce',
  'claim',
  'claim',
  'cure',
  'pay',
  'pay',
  'recover',
  'reverse',
  'provision',
] as const;

/** What every sequence begins with, so that the random steps find something in every state. */
const opening: readonly Step[] = (
  [
    'reserve',
    'reserve',
    'reserve',
    'issue',
    'issue',
    'issue',
    'claim',
    'cure',
    'claim',
    'pay',
    'recover',
    'reverse',
    'reduce',
    'provision',
    'give_back',
    'contribute',
  ] as const
).map((kind, pick) => ({ kind, pick, amount: 3 + pick }));

interface Held {
  readonly id: string;
  readonly loan: bigint;
  readonly number: string;
  balance: bigint;
  outstanding: bigint;
}

interface ModelClaim {
  readonly id: string;
  readonly of: Held;
  readonly paid: bigint;
  readonly loss: bigint;
  readonly recoveries: { readonly id: string; readonly net: bigint; reversed: boolean }[];
}

/** What the simple model knows of a scheme: sums, and lists by state. Minor units. */
interface Model {
  capital: bigint;
  fees: bigint;
  paid: bigint;
  ownRecovered: bigint;
  provision: bigint;
  readonly letters: Held[];
  readonly inForce: Held[];
  readonly claimed: { readonly id: string; readonly of: Held }[];
  readonly paidClaims: ModelClaim[];
}

const leverage = 3n;
const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const month = day(0).slice(0, 7);
const print = (minor: bigint) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
const one = <T>(from: readonly T[], pick: number): T | undefined => from[pick % Math.max(1, from.length)];

describe('a guarantee scheme against a simple model', () => {
  let house: GuaranteeHouse;
  const done: Record<string, number> = {};
  const refusals: Record<string, number> = {};

  beforeAll(async () => {
    house = await GuaranteeHouse.open();
  }, 60_000);
  afterAll(async () => {
    process.stdout.write(`model: ${JSON.stringify(done)} refused: ${JSON.stringify(refusals)}\n`);
    await house.close();
  });

  it('holds its invariants after every step of any sequence', async () => {
    const step = fc.record({
      kind: fc.constantFrom(...kinds),
      pick: fc.nat({ max: 9 }),
      amount: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        const run = await Run.begin(house, done, refusals);
        for (const each of [...opening, ...steps]) {
          await run.take(each);
          await run.compare(each);
        }
      }),
      { numRuns: Number(process.env['MODEL_RUNS'] ?? 4), endOnFailure: true },
    );
    expect(Object.keys(done).sort()).toEqual([...new Set(kinds)].sort());
  }, 600_000);
});

class Run {
  private readonly model: Model = {
    capital: 0n,
    fees: 0n,
    paid: 0n,
    ownRecovered: 0n,
    provision: 0n,
    letters: [],
    inForce: [],
    claimed: [],
    paidClaims: [],
  };
  private provisioned = 0;

  private constructor(
    private readonly house: GuaranteeHouse,
    private readonly schemeId: string,
    private readonly lender: CommandContext,
    private readonly enterpriseId: string,
    private readonly done: Record<string, number>,
    private readonly refusals: Record<string, number>,
  ) {}

  /** A scheme of three times its capital without caps, two re-guarantors behind it, and 200,000 paid in. */
  static async begin(
    house: GuaranteeHouse,
    done: Record<string, number>,
    refusals: Record<string, number>,
  ): Promise<Run> {
    const schemeId = await house.scheme((terms) => {
      terms['clauses'] = (terms['clauses'] as { kind: string }[]).filter(({ kind }) => kind !== 'cap');
      terms['leverageHundredths'] = Number(leverage) * 100;
      (terms['fee'] as Record<string, unknown>)['refund'] = 'none';
    }, '0');
    const lender = await house.lender(schemeId);
    const enterprise = await house.enterprise(schemeId);
    const run = new Run(house, schemeId, lender, enterprise.actor.organisationId, done, refusals);
    const fund = await house.organisation('guarantor', ['maker']);
    const region = await house.organisation('guarantor', ['maker']);
    const agreement = await house.get(Reguarantees).propose(house.maker, schemeId, {
      name: 'layers',
      validFrom: '2020-01-01',
      validTo: null,
      layers: [
        { kind: 'scheme', organisationId: house.guarantorId, percent: '33.3333' },
        { kind: 'fund', organisationId: fund.actor.organisationId, percent: '33.3333' },
        { kind: 'region', organisationId: region.actor.organisationId, percent: '33.3334' },
      ],
    });
    await house.get(Reguarantees).decide(house.checker, agreement.id, true);
    const accounts = house.get(PayeeAccounts);
    const account = { accountNumber: 'SA0380000000608010167519', bankName: 'Bank', holderName: 'Lender' };
    const { id } = await accounts.enter(lender, schemeId, account);
    await accounts.check(house.checker, id, true, 'letter');
    await house.rows('UPDATE payee_account SET usable_from = UTC_TIMESTAMP(6) WHERE id = ?', [idBytes(id)]);
    await run.contribute(20);
    return run;
  }

  async take(step: Step): Promise<void> {
    const steps: Readonly<Record<Step['kind'], () => Promise<boolean>>> = {
      contribute: () => this.contribute(step.amount),
      reserve: () => this.reserve(step.amount),
      issue: () => this.issue(step.pick),
      give_back: () => this.giveBack(step.pick),
      reduce: () => this.reduce(step.pick, step.amount),
      claim: () => this.claim(step.pick),
      cure: () => this.cure(step.pick),
      pay: () => this.pay(step.pick),
      recover: () => this.recover(step.pick, step.amount),
      reverse: () => this.reverse(step.pick),
      provision: () => this.provision(),
    };
    if (await steps[step.kind]()) this.done[step.kind] = (this.done[step.kind] ?? 0) + 1;
  }

  /** The database says what the model says, and proves itself. */
  async compare(step: Step): Promise<void> {
    const { base, used } = this.expected();
    const capacity = await this.house.capacity(this.schemeId);
    same({ step: step.kind, base: capacity.base, used: capacity.row }, { step: step.kind, base, used });
    const verdict = await this.house.run((tx) => checkGuarantees(tx, this.house.database.dataSource));
    same({ step: step.kind, broken: verdict.broken }, { step: step.kind, broken: null });
  }

  private expected(): { base: bigint; used: bigint; headroom: bigint } {
    const { capital, fees, paid, ownRecovered, provision, letters, inForce, claimed } = this.model;
    const base = capital + fees - paid + ownRecovered - provision;
    const sum = (held: readonly Held[]) => held.reduce((total, { balance }) => total + balance, 0n);
    const used = sum(letters) + sum(inForce) + sum(claimed.map(({ of }) => of));
    return { base, used, headroom: (base > 0n ? base * leverage : 0n) - used };
  }

  private async contribute(tenThousands: number): Promise<boolean> {
    await this.house.payIn(this.schemeId, 'institution', `${tenThousands * 4_000}.00`);
    await this.house.payIn(this.schemeId, 'government', `${tenThousands * 6_000}.00`);
    this.model.capital += BigInt(tenThousands) * 10_000_00n;
    return true;
  }

  /** An approved application draws a letter: granted exactly when the model's headroom holds it. */
  private async reserve(thousands: number): Promise<boolean> {
    const loan = BigInt(thousands) * 10_007_31n;
    const guaranteed = (loan * 80n) / 100n;
    const application = this.house.application(this.schemeId, this.enterpriseId, { amount: riyals(print(loan)) });
    const id = await this.house.approved(this.lender, application);
    const fits = guaranteed <= this.expected().headroom;
    try {
      const letter = await this.house.draw(this.lender, id);
      same(fits, true);
      const guaranteeId = letter.id;
      const [row] = await this.house.rows<{ number: string }>('SELECT number FROM guarantee WHERE id = ?', [
        idBytes(guaranteeId),
      ]);
      this.model.letters.push({
        id: guaranteeId,
        loan,
        number: row?.number as string,
        balance: guaranteed,
        outstanding: loan,
      });
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.refusals[error.code] = (this.refusals[error.code] ?? 0) + 1;
      same({ code: error.code, fits }, { code: 'scheme_headroom', fits: false });
      return false;
    }
  }

  private async issue(pick: number): Promise<boolean> {
    const letter = one(this.model.letters, pick);
    if (!letter) return false;
    const market = this.house.get(GuaranteeMarket);
    await market.issueOwn(this.lender, letter.id);
    await market.disburseOwn(this.lender, letter.id, day(200) as never);
    const fees = await this.house.rows<{ id: Buffer; charged: string }>(
      'SELECT id, charged_minor AS charged FROM guarantee_fee WHERE guarantee_id = ?',
      [idBytes(letter.id)],
    );
    for (const { id, charged } of fees) {
      await this.house.get(Fees).pay(this.house.maker, idText(id), day(0), newId());
      this.model.fees += BigInt(charged);
    }
    remove(this.model.letters, letter);
    this.model.inForce.push(letter);
    return true;
  }

  private async giveBack(pick: number): Promise<boolean> {
    const held = one(this.model.inForce, pick);
    if (!held) return false;
    await this.house.get(EndGuarantee).release(this.lender, held.id, 'repaid');
    remove(this.model.inForce, held);
    return true;
  }

  private async report(held: Held, outstanding: bigint, daysPastDue: number): Promise<void> {
    const answer = await this.house
      .get(ReportOutstanding)
      .execute(this.lender, month, [{ number: held.number, outstanding: print(outstanding), daysPastDue }]);
    same(answer.refused, 0);
    held.outstanding = outstanding;
    const part = (outstanding * 80n) / 100n;
    if (part < held.balance) held.balance = part;
  }

  private async reduce(pick: number, percent: number): Promise<boolean> {
    const held = one(this.model.inForce, pick);
    if (!held || held.outstanding < 10_000n) return false;
    await this.report(held, (held.outstanding * BigInt(percent)) / 100n + 1n, 0);
    return true;
  }

  private async claim(pick: number): Promise<boolean> {
    const held = one(this.model.inForce, pick);
    if (!held || held.outstanding < 1_000n) return false;
    await this.report(held, held.outstanding, 120);
    const money = riyals(print(held.outstanding));
    const { id } = await this.house.get(NotifyClaim).execute(this.lender, held.id, {
      defaultedOn: day(100),
      principalAtDefault: money,
      principalAtClaim: money,
      interest: riyals('0.00'),
      interestRate: '9',
      costs: riyals('0.00'),
      note: 'unpaid',
    });
    remove(this.model.inForce, held);
    this.model.claimed.push({ id, of: held });
    return true;
  }

  private async cure(pick: number): Promise<boolean> {
    const claim = one(this.model.claimed, pick);
    if (!claim) return false;
    await this.house.get(ReviewClaim).withdraw(this.lender, claim.id, 'paid');
    remove(this.model.claimed, claim);
    this.model.inForce.push(claim.of);
    return true;
  }

  private async pay(pick: number): Promise<boolean> {
    const claim = one(this.model.claimed, pick);
    if (!claim) return false;
    const { maker, checker } = this.house;
    const documents = this.house.get(ClaimDocuments);
    const file = (kind: string) => Buffer.from(`%PDF-1.7 ${kind} ${claim.id}`);
    const { computation } = await this.house.get(ClaimReader).one(maker.actor, claim.id);
    same(computation.base.amount, print(claim.of.outstanding));
    for (const kind of ['loan_agreement', 'account_statement', 'demand_notice'])
      await documents.add(this.lender, claim.id, { kind, fileName: kind }, file(kind));
    const proposal = { decision: 'approve' as const, clauses: [], reason: 'proven' };
    await this.house.get(ProposeClaimDecision).execute(maker, claim.id, proposal);
    const { approved } = await this.house.get(DecideClaim).execute(checker, claim.id, true, '');
    const paid =
      (claim.of.outstanding * 80n) / 100n < claim.of.balance ? (claim.of.outstanding * 80n) / 100n : claim.of.balance;
    same(approved.amount, print(paid));
    await this.house.get(PrepareClaimPayment).execute(maker, claim.id);
    const evidence = await documents.add(
      maker,
      claim.id,
      { kind: 'payment_evidence', fileName: 'advice' },
      file('advice'),
    );
    await this.house.get(ConfirmClaimPayment).execute(checker, claim.id, {
      bankReference: newId(),
      evidenceDocumentId: evidence.id,
    });
    remove(this.model.claimed, claim);
    this.model.paid += paid;
    this.model.paidClaims.push({ id: claim.id, of: claim.of, paid, loss: claim.of.outstanding, recoveries: [] });
    claim.of.balance = 0n;
    return true;
  }

  private async recover(pick: number, percent: number): Promise<boolean> {
    const claim = one(this.model.paidClaims, pick);
    if (!claim) return false;
    const open = claim.loss - claim.recoveries.reduce((sum, { net, reversed }) => sum + (reversed ? 0n : net), 0n);
    const net = (open * BigInt(percent)) / 100n;
    if (net === 0n) return false;
    const byLender = percent % 2 === 0;
    const entered = await this.house.get(EnterRecovery).execute(byLender ? this.lender : this.house.maker, claim.id, {
      source: 'debtor',
      amount: riyals(print(net + 7n)),
      costs: riyals('0.07'),
      receivedOn: day(1),
      bankReference: newId(),
      note: '',
    });
    const { shares } = await this.house.get(DecideRecovery).execute(this.house.checker, claim.id, entered.id, true);
    const parts = (shares ?? []).map(({ amount }) => BigInt(amount.replace('.', '')));
    // The shares add up to what came in, and the scheme never gets back more than it bears.
    same(
      parts.reduce((sum, part) => sum + part, 0n),
      net,
    );
    this.model.ownRecovered += parts[0] as bigint;
    claim.recoveries.push({ id: entered.id, net, reversed: false });
    return true;
  }

  private async reverse(pick: number): Promise<boolean> {
    const claim = this.model.paidClaims.find(({ recoveries }) => recoveries.some(({ reversed }) => !reversed));
    const recovery =
      claim &&
      one(
        claim.recoveries.filter(({ reversed }) => !reversed),
        pick,
      );
    if (!claim || !recovery) return false;
    const { shares } = await this.house
      .get(DecideRecovery)
      .reverse(this.house.checker, claim.id, recovery.id, 'bounced');
    this.model.ownRecovered -= BigInt(shares?.[0]?.amount.replace('.', '') ?? '0');
    recovery.reversed = true;
    return true;
  }

  private async provision(): Promise<boolean> {
    const runs = [monthBefore(month), month];
    const next = runs[this.provisioned];
    if (next === undefined) return false;
    this.provisioned += 1;
    const { expected } = await this.house.get(RunProvision).execute(this.house.maker, this.schemeId, next);
    this.model.provision = BigInt(expected.amount.replace('.', ''));
    return true;
  }
}

function remove<T>(from: T[], item: T): void {
  from.splice(from.indexOf(item), 1);
}
