import { newId, type Transaction } from '#platform';
import { InstitutionHouse, type TestFinancier } from '../testing/institution-house.js';
import { AnchorLimitReader, ChangeAnchorLimits } from './anchor-limits.js';
import { Limits } from './limits.js';
import type { MandateView } from './save-mandate.js';

let house: InstitutionHouse;
let bank: TestFinancier;
beforeAll(async () => {
  house = await InstitutionHouse.open();
  bank = await house.financier();
});
afterAll(() => house.close());

const run = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => house.unitOfWork.run(bank.maker, work);

function reserve(
  mandate: MandateView,
  enterpriseId: string,
  amountMinor: bigint,
  reference = newId(),
): Promise<string> {
  const request = {
    financierId: bank.id,
    mandateId: mandate.id,
    enterpriseId,
    amountMinor,
    currency: 'SAR',
    reference,
  };
  return run((tx) => house.get(Limits).reserve(tx, request)).then(() => reference);
}

async function used(mandateId: string): Promise<Record<string, string>> {
  const rows = (await house.database.dataSource.query(
    'SELECT scope, SUM(used_minor) AS used FROM mandate_exposure WHERE mandate_id = ? GROUP BY scope',
    [Buffer.from(mandateId.replaceAll('-', ''), 'hex')],
  )) as { scope: string; used: string }[];
  return Object.fromEntries(rows.map((row) => [row.scope, row.used]));
}

const outcomes = async (attempts: readonly Promise<unknown>[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(attempts)) {
    const word = result.status === 'fulfilled' ? 'reserved' : String((result.reason as { code?: string }).code);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
};

describe('limits', () => {
  it('lets exactly 10 of 200 reservations at once through a limit for 10 on one enterprise', async () => {
    const mandate = await house.liveMandate(bank, { perEnterprise: '1000.00' });
    const enterprise = newId();
    const attempts = Array.from({ length: 200 }, () => reserve(mandate, enterprise, 10_000n));
    expect(await outcomes(attempts)).toEqual({ reserved: 10, enterprise_limit_reached: 190 });
    expect(await used(mandate.id)).toEqual({ enterprise: '100000', month: '100000' });
  });

  it('lets exactly 10 of 200 through a month’s appetite for 10, whichever enterprises they are for', async () => {
    const mandate = await house.liveMandate(bank, { monthlyAppetite: '1000.00' });
    const attempts = Array.from({ length: 200 }, () => reserve(mandate, newId(), 10_000n));
    expect(await outcomes(attempts)).toEqual({ reserved: 10, monthly_appetite_reached: 190 });
    expect((await used(mandate.id)).month).toBe('100000');
  });

  it('says which limit is reached and how much is left', async () => {
    const mandate = await house.liveMandate(bank, { perEnterprise: '1000.00', monthlyAppetite: '1500.00' });
    const [first, second] = [newId(), newId()];
    await reserve(mandate, first, 70_000n);
    await expect(reserve(mandate, first, 30_001n)).rejects.toMatchObject({
      code: 'enterprise_limit_reached',
      details: { data: { limit: '1000.00', used: '700.00', left: '300.00', currency: 'SAR' } },
    });
    await reserve(mandate, first, 30_000n);
    await expect(reserve(mandate, second, 60_000n)).rejects.toMatchObject({
      code: 'monthly_appetite_reached',
      details: { data: { left: '500.00' } },
    });
  });

  it('gives back what is released, once, also after it was converted', async () => {
    const mandate = await house.liveMandate(bank, { perEnterprise: '1000.00' });
    const enterprise = newId();
    const reference = await reserve(mandate, enterprise, 100_000n);
    await run((tx) => house.get(Limits).convert(tx, reference));
    await run((tx) => house.get(Limits).convert(tx, reference));
    await expect(reserve(mandate, enterprise, 1n)).rejects.toMatchObject({ code: 'enterprise_limit_reached' });
    await Promise.all([1, 2, 3].map(() => run((tx) => house.get(Limits).release(tx, reference))));
    expect(await used(mandate.id)).toEqual({ enterprise: '0', month: '0' });
    await expect(run((tx) => house.get(Limits).convert(tx, reference))).rejects.toMatchObject({
      code: 'reservation_unknown',
    });
    await reserve(mandate, enterprise, 100_000n);
  });

  it('stops new reservations when a limit is lowered below what is used, and still lets the old ones go', async () => {
    const mandate = await house.liveMandate(bank, { perEnterprise: '1000.00' });
    const enterprise = newId();
    const references = [await reserve(mandate, enterprise, 40_000n), await reserve(mandate, enterprise, 40_000n)];
    await house.approveLimits(bank, mandate.id, { perEnterprise: '500.00' });
    await expect(reserve(mandate, enterprise, 1n)).rejects.toMatchObject({
      code: 'enterprise_limit_reached',
      details: { data: { limit: '500.00', used: '800.00', left: '0.00' } },
    });
    await run((tx) => house.get(Limits).release(tx, references[0] as string));
    await reserve(mandate, enterprise, 10_000n);
    await expect(reserve(mandate, enterprise, 1n)).rejects.toMatchObject({ code: 'enterprise_limit_reached' });
  });

  it('counts an anchor over all its suppliers', async () => {
    const mandate = await house.liveMandate(bank, { perAnchor: '1000.00' });
    const anchorId = await house.anchor([{ bank, limit: '100000.00' }]);
    const onAnchor = (): Promise<void> =>
      run((tx) =>
        house.get(Limits).reserve(tx, {
          financierId: bank.id,
          mandateId: mandate.id,
          enterpriseId: newId(),
          anchorId,
          amountMinor: 60_000n,
          currency: 'SAR',
          reference: newId(),
        }),
      );
    await onAnchor();
    await expect(onAnchor()).rejects.toMatchObject({ code: 'anchor_limit_reached' });
  });

  it('needs a limit on the anchor, which counts over all mandates, and lets exactly 10 of 100 through it', async () => {
    const mandates = [await house.liveMandate(bank), await house.liveMandate(bank)];
    const anchorId = await house.anchor();
    const onAnchor = (n: number): Promise<string> => {
      const reference = newId();
      const { id: mandateId } = mandates[n % 2] as MandateView;
      const base = {
        financierId: bank.id,
        mandateId,
        enterpriseId: newId(),
        anchorId,
        amountMinor: 10_000n,
        currency: 'SAR',
        reference,
      };
      return run((tx) => house.get(Limits).reserve(tx, base)).then(() => reference);
    };
    await expect(onAnchor(0)).rejects.toMatchObject({ code: 'anchor_limit_missing' });
    await house.approveAnchorLimit(bank, anchorId, '1000.00');
    const attempts = Array.from({ length: 100 }, (_, n) => onAnchor(n));
    expect(await outcomes(attempts)).toEqual({ reserved: 10, anchor_limit_reached: 90 });
    const used = async () =>
      (await house.get(AnchorLimitReader).own(bank.id)).items.find((each) => each.anchorId === anchorId)?.used;
    expect(await used()).toEqual({ amount: '1000.00', currency: 'SAR' });
    const [first, second] = (await Promise.allSettled(attempts)).flatMap((each) =>
      each.status === 'fulfilled' ? [each.value] : [],
    ) as [string, string];
    await run((tx) => house.get(Limits).release(tx, first));
    await run((tx) => house.get(Limits).repay(tx, second));
    await Promise.all([1, 2].map(() => run((tx) => house.get(Limits).repay(tx, second))));
    expect(await used()).toEqual({ amount: '800.00', currency: 'SAR' });
    await house.approveAnchorLimit(bank, anchorId, '500.00');
    await expect(onAnchor(0)).rejects.toMatchObject({
      code: 'anchor_limit_reached',
      details: { data: { left: '0.00' } },
    });
  });

  it('holds a limit on an anchor by maker and checker', async () => {
    const anchorId = await house.anchor();
    const change = house.get(ChangeAnchorLimits);
    const input = { anchorId, limit: { amount: '1000.00', currency: 'SAR' }, reason: 'test' };
    const { id } = await change.propose(bank.maker, input);
    await expect(change.propose(bank.otherMaker, input)).rejects.toMatchObject({ code: 'limit_change_pending' });
    await expect(
      change.decide({ ...bank.checker, actor: { ...bank.checker.actor, id: bank.maker.actor.id } }, id, 'approve'),
    ).rejects.toMatchObject({ code: 'maker_and_checker_same' });
    const other = await house.financier();
    await expect(change.decide(other.checker, id, 'approve')).rejects.toMatchObject({ code: 'record_unknown' });
    await change.decide(bank.checker, id, 'approve');
    await expect(change.propose(bank.maker, { ...input, anchorId: other.id })).rejects.toMatchObject({
      code: 'record_unknown',
    });
    expect(await house.get(AnchorLimitReader).withLimitsOnAll([anchorId], 'SAR')).toEqual(new Set([bank.id]));
  });

  it('refuses another financier’s mandate, another currency, a used reference and an unknown one', async () => {
    const mandate = await house.liveMandate(bank);
    const other = await house.financier(false);
    const base = {
      mandateId: mandate.id,
      enterpriseId: newId(),
      amountMinor: 1n,
      reference: newId(),
      financierId: bank.id,
      currency: 'SAR',
    };
    const limits = house.get(Limits);
    await expect(run((tx) => limits.reserve(tx, { ...base, financierId: other.id }))).rejects.toMatchObject({
      code: 'limits_not_approved',
    });
    await expect(run((tx) => limits.reserve(tx, { ...base, currency: 'AED' }))).rejects.toMatchObject({
      code: 'limit_currency_differs',
    });
    await run((tx) => limits.reserve(tx, base));
    await expect(run((tx) => limits.reserve(tx, base))).rejects.toMatchObject({ code: 'reservation_exists' });
    expect(await used(mandate.id)).toEqual({ enterprise: '1', month: '1' });
    await expect(run((tx) => limits.release(tx, 'none'))).rejects.toMatchObject({ code: 'reservation_unknown' });
  });

  it('stands as a constraint: a row that is above its limit cannot be written, whatever the code', async () => {
    const insert = 'INSERT INTO mandate_exposure VALUES (?, ?, ?, ?, ?)';
    await expect(
      house.database.dataSource.query(insert, [Buffer.alloc(16), 'month', '2026-01', 11, 10]),
    ).rejects.toThrow(/exposure_within_limit/);
  });
});
