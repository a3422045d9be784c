// size: one market, set up once, for every rule of the competition
import { moneyToJson } from '#kernel';
import { type CommandContext, idBytes, idText } from '#platform';
import { MarketHouse, plainTerms } from '../testing/market-house.js';
import { AcceptOffer } from './accept-offer.js';
import { AwardSteps } from './award-steps.js';
import { LapseAward } from './lapse-award.js';
import { CheckOffer, ReviseOffer, WithdrawOffer } from './change-offer.js';
import { ComparisonReader } from './comparison.reader.js';
import { WithdrawRequest } from './withdraw-request.js';
import { type OfferInput, PlaceOffer } from './place-offer.js';

let house: MarketHouse;

beforeAll(async () => {
  house = await MarketHouse.open();
}, 60_000);
afterAll(() => house.close());

const offer = (rate: string, changes: Partial<OfferInput> = {}): OfferInput => ({
  binding: true,
  amount: { amount: '500000.00', currency: 'SAR' },
  tenorMonths: 24,
  expiresAt: house.farFuture(),
  terms: { ...plainTerms, price: { kind: 'fixed', annualRate: rate } },
  ...changes,
});

const place = (financier: CommandContext, requestId: string, input: OfferInput) =>
  house.get(PlaceOffer).execute(financier, requestId, input);

async function market(financiers: number, limits: { makerLimit?: bigint; perEnterprise?: bigint } = {}) {
  const enterprise = await house.enterprise();
  const banks: CommandContext[] = [];
  for (let n = 0; n < financiers; n++) banks.push(await house.financier(limits));
  const requestId = await house.openRequest(enterprise);
  await house.discloseToAll(requestId);
  return { enterprise, banks, requestId };
}

const codes = (results: readonly PromiseSettledResult<unknown>[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const key =
      result.status === 'fulfilled' ? 'done' : String((result.reason as { code?: string }).code ?? result.reason);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

/** Accepts as the firm's only signatory and returns the award. */
async function accepted(enterprise: CommandContext, offerId: string): Promise<string> {
  const { awardId } = await house.get(AcceptOffer).execute(enterprise, offerId, false);
  return awardId as string;
}

describe('the competition', () => {
  it('takes 500 offers at once on one request: none is lost, and the ranks follow the published rule', async () => {
    const { enterprise, banks, requestId } = await market(500);
    const results = await Promise.allSettled(
      banks.map((bank, n) => place(bank, requestId, offer((5 + ((n * 37) % 500) / 100).toFixed(2)))),
    );
    expect(codes(results)).toEqual({ done: 500 });
    const comparison = await house.get(ComparisonReader).forEnterprise(enterprise.actor.organisationId, requestId);
    expect(comparison.items).toHaveLength(500);
    const aprs = comparison.items.map(({ apr }) => Number(apr));
    expect(aprs).toEqual([...aprs].sort((a, b) => a - b));
    const [events] = await house.rows<{ n: string }>(
      "SELECT COUNT(*) AS n FROM outbox_event WHERE name = 'offer.placed'",
    );
    expect(Number(events?.n)).toBe(500);
  }, 120_000);

  it('gives one award when 200 competing offers are accepted at once; every other is told why', async () => {
    const { enterprise, banks, requestId } = await market(200);
    const placed = await Promise.all(banks.map((bank, n) => place(bank, requestId, offer((6 + n / 100).toFixed(2)))));
    await house.endBidding(requestId);
    const results = await Promise.allSettled(
      placed.map(({ id }) => house.get(AcceptOffer).execute(enterprise, id, false)),
    );
    expect(codes(results)).toEqual({ done: 1, already_awarded: 199 });
    const [request] = await house.rows<{ state: string; awarded_minor: string }>(
      'SELECT state, awarded_minor FROM funding_request WHERE id = ?',
      [idBytes(requestId)],
    );
    expect(request).toEqual({ state: 'awarded', awarded_minor: '50000000' });
    const states = await house.rows<{ state: string; n: string }>(
      'SELECT state, COUNT(*) AS n FROM offer WHERE request_id = ? GROUP BY state ORDER BY state',
      [idBytes(requestId)],
    );
    expect(states.map(({ state, n }) => [state, Number(n)])).toEqual([
      ['awarded', 1],
      ['lost', 199],
    ]);
    const [used] = await house.rows<{ n: string }>(
      "SELECT COUNT(*) AS n FROM exposure_reservation WHERE status = 'reserved'",
    );
    expect(Number(used?.n)).toBe(1);
  }, 120_000);

  it('never lets awards overdraw a financier’s limit on one enterprise', async () => {
    const enterprise = await house.enterprise();
    // Room for one loan of 500,000 riyals, not for two.
    const bank = await house.financier({ perEnterprise: 60_000_000n });
    const offers: string[] = [];
    for (let n = 0; n < 4; n++) {
      const requestId = await house.openRequest(enterprise);
      await house.discloseToAll(requestId);
      offers.push((await place(bank, requestId, offer('7'))).id);
      await house.endBidding(requestId);
    }
    const results = await Promise.allSettled(offers.map((id) => house.get(AcceptOffer).execute(enterprise, id, false)));
    expect(codes(results)).toEqual({ done: 1, financier_limit_reached: 3 });
  }, 60_000);

  it('re-opens the request when an award lapses, and brings the losing offers back', async () => {
    const { enterprise, banks, requestId } = await market(2);
    const [first, second] = [
      await place(banks[0] as CommandContext, requestId, offer('6')),
      await place(banks[1] as CommandContext, requestId, offer('7')),
    ];
    await house.endBidding(requestId);
    const award = { awardId: await accepted(enterprise, first.id) };
    await house.rows('UPDATE award SET agree_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
      idBytes(award.awardId),
    ]);
    await house.run(async (tx) => house.get(LapseAward).lapseIfOverdue(tx, award.awardId, await tx.now()));
    const [request] = await house.rows('SELECT state, awarded_minor FROM funding_request WHERE id = ?', [
      idBytes(requestId),
    ]);
    expect(request).toEqual({ state: 'open', awarded_minor: '0' });
    const again = await house.get(AcceptOffer).execute(enterprise, second.id, false);
    expect(again.requestState).toBe('awarded');
    const reservations = await house.rows<{ reference: string; status: string }>(
      'SELECT reference, status FROM exposure_reservation WHERE reference IN (?, ?)',
      [first.id, second.id],
    );
    expect(Object.fromEntries(reservations.map(({ reference, status }) => [reference, status]))).toEqual({
      [first.id]: 'released',
      [second.id]: 'reserved',
    });
  });

  it('goes from award to money: two signatures, the pay-out, and the enterprise’s word', async () => {
    const { enterprise, banks, requestId } = await market(1);
    const bank = banks[0] as CommandContext;
    const placed = await place(bank, requestId, offer('6'));
    await house.endBidding(requestId);
    const awardId = await accepted(enterprise, placed.id);
    const steps = house.get(AwardSteps);
    expect((await steps.sign(enterprise, awardId)).state).toBe('accepted');
    expect((await steps.sign(bank, awardId)).state).toBe('agreed');
    await steps.reportDisbursement(bank, awardId, { amount: '500000.00', currency: 'SAR' }, 'TRN-1');
    expect((await steps.confirmReceipt(enterprise, awardId, { amount: '500000.00', currency: 'SAR' })).state).toBe(
      'disbursed',
    );
    const [request] = await house.rows('SELECT state FROM funding_request WHERE id = ?', [idBytes(requestId)]);
    expect(request).toEqual({ state: 'disbursed' });
    const [row] = await house.rows('SELECT unworsened FROM award WHERE id = ?', [idBytes(awardId)]);
    expect(row).toEqual({ unworsened: 1 });
  });

  it('awards a club of offers until the amount is reached, and no further', async () => {
    const { enterprise, banks, requestId } = await market(3);
    const part = (amount: string) => offer('6', { amount: { amount, currency: 'SAR' } });
    const [a, b, c] = [
      await place(banks[0] as CommandContext, requestId, part('300000.00')),
      await place(banks[1] as CommandContext, requestId, part('250000.00')),
      await place(banks[2] as CommandContext, requestId, part('200000.00')),
    ];
    await house.endBidding(requestId);
    const accept = house.get(AcceptOffer);
    expect(await accept.execute(enterprise, a.id, false)).toMatchObject({
      requestState: 'open',
      awarded: { amount: '300000.00' },
    });
    await expect(accept.execute(enterprise, b.id, false)).rejects.toMatchObject({
      code: 'award_exceeds_request',
      details: { data: { remaining: moneyToJson({ minor: 20_000_000n, currency: 'SAR' }) } },
    });
    expect(await accept.execute(enterprise, c.id, false)).toMatchObject({
      requestState: 'awarded',
      awarded: { amount: '500000.00' },
    });
  });

  it('is not withdrawn once one contract of a club is signed', async () => {
    const { enterprise, banks, requestId } = await market(1);
    const bank = banks[0] as CommandContext;
    const placed = await place(bank, requestId, offer('6', { amount: { amount: '200000.00', currency: 'SAR' } }));
    await house.endBidding(requestId);
    const awardId = await accepted(enterprise, placed.id);
    const steps = house.get(AwardSteps);
    await steps.sign(enterprise, awardId);
    expect((await steps.sign(bank, awardId)).state).toBe('agreed');
    const withdraw = house.get(WithdrawRequest).execute(enterprise, requestId, 'changed our mind');
    await expect(withdraw).rejects.toMatchObject({ code: 'contract_signed' });
  });
});

describe('the rules of an offer', () => {
  it('is accepted only after the close, only when binding, and only by its own enterprise', async () => {
    const { enterprise, banks, requestId } = await market(2);
    const binding = await place(banks[0] as CommandContext, requestId, offer('6'));
    const indicative = await place(banks[1] as CommandContext, requestId, offer('5', { binding: false }));
    const accept = house.get(AcceptOffer);
    await expect(accept.execute(enterprise, binding.id, false)).rejects.toMatchObject({ code: 'bidding_open' });
    await house.endBidding(requestId);
    await expect(accept.execute(enterprise, indicative.id, false)).rejects.toMatchObject({ code: 'offer_not_binding' });
    await expect(accept.execute(await house.enterprise(), binding.id, false)).rejects.toMatchObject({
      code: 'record_unknown',
    });
  });

  it('is accepted by two people where the firm has two signatories; one alone counts once', async () => {
    const { enterprise, banks, requestId } = await market(1);
    const second = await house.colleague(enterprise, ['signatory']);
    const placed = await place(banks[0] as CommandContext, requestId, offer('6'));
    await house.endBidding(requestId);
    const accept = house.get(AcceptOffer);
    const waits = { awardId: null, requestState: 'open', signatures: 1, signaturesNeeded: 2 };
    expect(await accept.execute(enterprise, placed.id, false)).toMatchObject(waits);
    expect(await accept.execute(enterprise, placed.id, false)).toMatchObject(waits);
    expect(await accept.execute(second, placed.id, false)).toMatchObject({ requestState: 'awarded', signatures: 2 });
  });

  it('needs a second person above its maker’s limit, and never the maker himself', async () => {
    const { banks, requestId } = await market(1, { makerLimit: 1_000_000n });
    const maker = banks[0] as CommandContext;
    const placed = await place(maker, requestId, offer('6'));
    expect(placed.state).toBe('pending_approval');
    const check = house.get(CheckOffer);
    await expect(check.approve(maker, placed.id)).rejects.toMatchObject({ code: 'maker_is_checker' });
    expect((await check.approve(await house.colleague(maker, ['checker']), placed.id)).state).toBe('live');
  });

  it('is revised only to the enterprise’s advantage, and a binding one cannot be withdrawn', async () => {
    const { banks, requestId } = await market(1);
    const bank = banks[0] as CommandContext;
    const placed = await place(bank, requestId, offer('6'));
    const revise = house.get(ReviseOffer);
    await expect(revise.execute(bank, placed.id, 1, offer('6.5'))).rejects.toMatchObject({ code: 'offer_not_better' });
    const revised = await revise.execute(bank, placed.id, 1, { ...offer('5.5'), expiresAt: house.farFuture() });
    expect(Number(revised.apr)).toBeLessThan(Number(placed.apr));
    await expect(revise.execute(bank, placed.id, 1, offer('5'))).rejects.toMatchObject({ code: 'record_changed' });
    await expect(house.get(WithdrawOffer).execute(bank, placed.id)).rejects.toMatchObject({
      code: 'offer_binding_stands',
    });
  });

  it('stays hidden in a sealed competition until the close, even from the enterprise', async () => {
    const enterprise = await house.enterprise();
    const bank = await house.financier();
    const requestId = await house.openRequest(enterprise, { mode: 'sealed' });
    await house.discloseToAll(requestId);
    const placed = await place(bank, requestId, offer('6'));
    const reader = house.get(ComparisonReader);
    expect(await reader.forEnterprise(enterprise.actor.organisationId, requestId)).toMatchObject({
      items: [],
      count: null,
    });
    expect(await reader.forFinancier(bank.actor.organisationId, placed.id)).toMatchObject({ rank: null });
    await expect(place(bank, requestId, offer('5'))).rejects.toMatchObject({ code: 'offer_exists' });
    await house.endBidding(requestId);
    expect((await reader.forEnterprise(enterprise.actor.organisationId, requestId)).items).toHaveLength(1);
    expect(await reader.forFinancier(bank.actor.organisationId, placed.id)).toMatchObject({ rank: 1 });
  });

  it('extends a ranked competition when a binding offer takes the lead in the last minutes, six times at most', async () => {
    const { banks, requestId } = await market(8);
    const before = async () =>
      (
        await house.rows<{ closes_at: Date; extensions: number }>(
          'SELECT closes_at, extensions FROM funding_request WHERE id = ?',
          [idBytes(requestId)],
        )
      )[0] as { closes_at: Date; extensions: number };
    for (let n = 0; n < 8; n++) {
      await house.rows('UPDATE funding_request SET closes_at = UTC_TIMESTAMP(6) + INTERVAL 5 MINUTE WHERE id = ?', [
        idBytes(requestId),
      ]);
      await place(banks[n] as CommandContext, requestId, offer((9 - n / 10).toFixed(1)));
    }
    expect((await before()).extensions).toBe(6);
  });

  it('is refused with every fault named', async () => {
    const { banks, requestId } = await market(1);
    const wrong = offer('6', {
      amount: { amount: '600000.00', currency: 'SAR' },
      expiresAt: '2020-01-01T00:00:00Z',
      terms: { ...plainTerms, conditions: [{ text: 'open one', closed: false }], customerChecks: [] },
    });
    await expect(place(banks[0] as CommandContext, requestId, wrong)).rejects.toMatchObject({
      code: 'offer_outside_mandate',
      details: {
        fields: expect.arrayContaining(
          ['/amount/amount', '/expiresAt', '/terms/conditions', '/terms/customerChecks'].map((pointer) =>
            expect.objectContaining({ pointer }),
          ),
        ),
      },
    });
  });

  it('writes one line of history for each step', async () => {
    const { banks, requestId } = await market(1);
    const placed = await place(banks[0] as CommandContext, requestId, offer('6', { binding: false }));
    await house.get(WithdrawOffer).execute(banks[0] as CommandContext, placed.id);
    const rows = await house.rows<{ subject_id: Buffer; action: string; from_state: string | null; to_state: string }>(
      'SELECT subject_id, action, from_state, to_state FROM market_history WHERE subject_id = ? ORDER BY id',
      [idBytes(placed.id)],
    );
    expect(rows.map((row) => [idText(row.subject_id), row.action, row.from_state, row.to_state])).toEqual([
      [placed.id, 'place', null, 'live'],
      [placed.id, 'withdraw', 'live', 'withdrawn'],
    ]);
  });
});
