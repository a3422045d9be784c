// size: one fee's income, from the day it is paid to each way in which it ends.
import { LedgerReader, type Purpose, schemeAccount } from '#ledger';
import { addDays, addMonths, type CalendarDate, parseDate } from '#kernel';
import { type CommandContext, idBytes, idText, newId } from '#platform';
import { checkGuarantees } from './check-guarantees.js';
import { GuaranteeHouse, riyals } from '../testing/guarantee-house.js';
import { EarnFees } from './earn-fees.js';
import { EndGuarantee } from './end-guarantee.js';
import { Fees } from './fees.js';
import { GuaranteeMarket } from './guarantee-market.js';
import { GuaranteeReader } from './guarantee.reader.js';
import { PrinciplesReader } from './principles.reader.js';
import { SchemeFiguresReader } from './scheme-figures.reader.js';

/**
 * Table A, made by hand: a fee of 1,000.00 for seven months. After n begun months the rest, 1,000.00 × (7 − n) / 7, comes back, rounded
 * down to the halala: 857.14, 714.28, 571.42, 428.57, 285.71, 142.85, 0.00. What is earned is 1,000.00 less that.
 */
const tableA = ['142.86', '285.72', '428.58', '571.43', '714.29', '857.15', '1000.00'];

describe('fees that are paid in advance', () => {
  let house: GuaranteeHouse;
  let schemeId: string;
  let lender: CommandContext;
  let firm: CommandContext;
  const from = parseDate('2026-01-31');

  beforeAll(async () => {
    house = await GuaranteeHouse.open();
    schemeId = await house.scheme((terms) => {
      terms['fee'] = { ...(terms['fee'] as object), collection: 'upfront', refund: 'unused_months' };
    });
    lender = await house.lender(schemeId);
    firm = await house.enterprise(schemeId);
  });
  afterAll(() => house.close());
  /** Every invariant of guarantees holds, and the base is what the ledger says. */
  const whole = async () => {
    const verdict = await house.run((tx) => checkGuarantees(tx, house.database.dataSource));
    expect(verdict.broken).toBeNull();
    const { base, ledger } = await house.capacity(schemeId);
    expect(base).toBe(ledger);
  };

  /** A guarantee over seven months whose fee is set to 1,000.00, paid and disbursed unless told otherwise. */
  const guarantee = async ({ paid = true, disbursed = true } = {}): Promise<{ id: string; feeId: string }> => {
    const input = house.application(schemeId, firm.actor.organisationId, { tenorMonths: 7 });
    const { id } = await house.draw(lender, await house.approved(lender, input));
    const market = house.get(GuaranteeMarket);
    await market.issueOwn(lender, id);
    const [row] = await house.rows<{ id: Buffer }>('SELECT id FROM guarantee_fee WHERE guarantee_id = ?', [
      idBytes(id),
    ]);
    const feeId = idText(row?.id as Buffer);
    const fees = house.get(Fees);
    await fees.proposeOverride(house.maker, feeId, riyals('1000.00'), 'table A of this test');
    await fees.approveOverride(house.checker, feeId);
    if (disbursed) await market.disburseOwn(lender, id, from);
    if (paid) await fees.pay(house.maker, feeId, '2026-01-31', newId());
    return { id, feeId };
  };
  const earn = async (day: CalendarDate): Promise<number> => {
    let all = 0;
    for (;;) {
      const done = await house.run((tx) => house.get(EarnFees).within(tx, day));
      if (done === 0) return all;
      all += done;
    }
  };
  const balance = async (purpose: Purpose): Promise<bigint> =>
    (await house.get(LedgerReader).figures(schemeAccount(schemeId, purpose), 'SAR')).balance;
  const fee = async (id: string) =>
    (await house.get(GuaranteeReader).guarantee(lender.actor, id)).fees[0] as {
      earned: { amount: string };
      refunded: { amount: string };
      status: string;
    };
  const catchUp = () => earn(parseDate('2036-01-01'));

  it('are earned with each month that begins, by table A, once, from unearned to income and to the base', async () => {
    const { id } = await guarantee();
    const [income, unearned, { base }] = [
      await balance('guarantee_fee_income'),
      await balance('guarantee_fee_unearned'),
      await house.capacity(schemeId),
    ];
    expect(await earn(from)).toBe(0);
    for (const [month, earned] of tableA.entries()) {
      // 31 January, 28 February, 31 March …: the month begins the day after.
      const first = addDays(addMonths(from, month), 1);
      expect(await earn(addDays(first, -1))).toBe(0);
      expect(await earn(first)).toBe(1);
      expect(await earn(first)).toBe(0);
      expect((await fee(id)).earned.amount).toBe(earned);
    }
    expect(await catchUp()).toBe(0);
    expect(await balance('guarantee_fee_income')).toBe(income + 100_000n);
    expect(await balance('guarantee_fee_unearned')).toBe(unearned - 100_000n);
    expect((await house.capacity(schemeId)).base).toBe(base + 100_000n);
    await whole();
  });

  it('missed months are caught up at once, by many workers, each fee once', async () => {
    const made = [await guarantee(), await guarantee(), await guarantee()];
    const day = addDays(addMonths(from, 3), 1);
    const sum = async () => {
      const [row] = await house.rows<{ n: string }>(
        'SELECT COALESCE(SUM(amount_minor), 0) AS n FROM guarantee_fee_earning WHERE scheme_id = ? AND earned_on = ?',
        [idBytes(schemeId), day],
      );
      return BigInt(row?.n as string);
    };
    const before = await sum();
    await Promise.all(Array.from({ length: 6 }, () => earn(day)));
    for (const { id } of made) expect((await fee(id)).earned.amount).toBe('571.43');
    expect(await sum()).toBe(before + 3n * 57_143n);
    await catchUp();
    await whole();
  });

  it('on an early release the unearned part goes back, to the unit, and the rest is income', async () => {
    const { id } = await guarantee();
    const today = parseDate(new Date().toISOString().slice(0, 10));
    // Three months have begun by the guarantor's calendar today.
    const start = addMonths(addDays(today, -5), -2);
    await house.rows('UPDATE guarantee SET disbursed_on = ? WHERE id = ?', [start, idBytes(id)]);
    await house.rows('UPDATE guarantee_fee SET earn_from = ?, next_earn_on = ? WHERE guarantee_id = ?', [
      start,
      addDays(start, 1),
      idBytes(id),
    ]);
    await earn(addDays(addMonths(start, 1), 1));
    expect((await fee(id)).earned.amount).toBe('285.72');
    const bank = await balance('scheme_bank');
    await house.get(EndGuarantee).release(lender, id, 'repaid');
    expect(await fee(id)).toMatchObject({ earned: riyals('428.58'), refunded: riyals('571.42'), status: 'paid' });
    expect(await balance('scheme_bank')).toBe(bank - 57_142n);
    expect(await balance('guarantee_fee_unearned')).toBe(0n);
    expect(await catchUp()).toBe(0);
    await whole();
  });

  it('a lapse gives nothing back of what was paid, and what was not paid is not owed for months without cover', async () => {
    const paid = await guarantee();
    const unpaid = await guarantee({ paid: false });
    const income = await balance('guarantee_fee_income');
    for (const { id } of [paid, unpaid])
      await house.rows(
        "UPDATE guarantee SET notice_at = '2026-02-01 00:00:00', notice_reason = 'fee_unpaid', disbursed_on = NULLIF(disbursed_on, '') WHERE id = ?",
        [idBytes(id)],
      );
    // Of the unpaid one two months had begun when it lapsed.
    const lapse = new Date('2026-03-20T00:00:00Z');
    await house.run((tx) => house.get(EndGuarantee).lapse(tx, [paid.id, unpaid.id], lapse));
    expect(await fee(paid.id)).toMatchObject({ earned: riyals('1000.00'), refunded: riyals('0.00') });
    expect(await fee(unpaid.id)).toMatchObject({
      earned: riyals('285.72'),
      refunded: riyals('714.28'),
      status: 'billed',
    });
    expect(await balance('guarantee_fee_income')).toBe(income + 128_572n);
    await house.get(Fees).pay(house.maker, unpaid.feeId, '2026-04-01', newId());
    expect((await fee(unpaid.id)).status).toBe('paid');
    expect(await catchUp()).toBe(0);
    await whole();
  });

  it('paid before the disbursement begins with it; never disbursed, it is given back whole', async () => {
    const market = house.get(GuaranteeMarket);
    const { id } = await guarantee({ disbursed: false });
    expect(await catchUp()).toBe(0);
    await market.disburseOwn(lender, id, from);
    expect(await earn(addDays(from, 1))).toBe(1);
    expect((await fee(id)).earned.amount).toBe('142.86');
    await catchUp();
    await whole();
  });

  it('are counted in the public figures, and the principle says when months wait', async () => {
    for (let n = 0; n < 3; n++) await guarantee();
    await earn(addDays(from, 1));
    const year = new Date().getUTCFullYear();
    const { fees } = await house.get(SchemeFiguresReader).figures(schemeId, year);
    const [row] = await house.rows<Record<'n' | 'charged' | 'earned' | 'refunded', string>>(
      `SELECT COUNT(*) AS n, SUM(charged_minor) AS charged, SUM(earned_minor) AS earned, SUM(refunded_minor) AS refunded
       FROM guarantee_fee WHERE scheme_id = ?`,
      [idBytes(schemeId)],
    );
    const minor = (money: { amount: string } | null) => String(BigInt((money?.amount ?? '0').replace('.', '')));
    expect({
      n: String(fees.count),
      charged: minor(fees.charged),
      earned: minor(fees.earned),
      refunded: minor(fees.refunded),
    }).toEqual({ ...row });
    expect(await house.get(SchemeFiguresReader).csv(schemeId, year)).toContain(`year,${year},fees_unearned,`);
    const waits = async () => {
      const { items } = await house.get(PrinciplesReader).of(schemeId);
      return items[11]?.evidence.find(({ what }) => what.includes('earned as time passes'));
    };
    expect((await waits())?.holds).toBe(false);
    await catchUp();
    expect((await waits())?.holds).toBe(true);
    await whole();
  });
});
