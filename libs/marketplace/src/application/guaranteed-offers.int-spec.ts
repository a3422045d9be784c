// size: one market and one scheme, set up once, for every rule of an offer with a guarantee
import type { MoneyJson } from '#kernel';
import { Fees } from '#guarantee';
import { checkLedger } from '#ledger';
import { type CommandContext, idBytes, idText } from '#platform';
import { GuaranteedMarket, plainApplication } from '../testing/guaranteed-market.js';
import { MarketHouse, plainTerms } from '../testing/market-house.js';
import { tellPeople } from '../testing/tell-people.js';
import { AcceptOffer } from './accept-offer.js';
import { ApplyForOfferGuarantee } from './apply-for-offer-guarantee.js';
import { AwardSteps } from './award-steps.js';
import { ReviseOffer } from './change-offer.js';
import { ComparisonReader } from './comparison.reader.js';
import { GuaranteedCandidates } from './guaranteed-candidates.js';
import { LapseAward } from './lapse-award.js';
import { MarketClocks } from './market-clocks.js';
import { OfferGuarantees } from './offer-guarantees.js';
import { type OfferInput, PlaceOffer } from './place-offer.js';
import { lockRequest } from './records.js';
import { WithdrawRequest } from './withdraw-request.js';

let house: MarketHouse;
let fund: GuaranteedMarket;
beforeAll(async () => {
  house = await MarketHouse.open();
  fund = await GuaranteedMarket.open(house);
}, 120_000);
afterAll(() => house.close());

const offer = (rate: string, coverPercent: string | null, changes: Partial<OfferInput> = {}): OfferInput => ({
  binding: true,
  amount: { amount: '500000.00', currency: 'SAR' },
  tenorMonths: 24,
  expiresAt: house.farFuture(),
  terms: {
    ...plainTerms,
    price: { kind: 'fixed', annualRate: rate },
    ...(coverPercent ? { guarantee: { schemeId: fund.schemeId, coverPercent } } : {}),
  },
  ...changes,
});
const place = (bank: CommandContext, requestId: string, input: OfferInput) =>
  house.get(PlaceOffer).execute(bank, requestId, input);
const accept = (firm: CommandContext, offerId: string) => house.get(AcceptOffer).execute(firm, offerId, false);

async function market(banks: number) {
  const firm = await house.enterprise();
  const desks: CommandContext[] = [];
  for (let n = 0; n < banks; n++) {
    const bank = await house.colleague(await house.financier(), ['maker', 'checker'], 10n ** 12n);
    await fund.accredit(bank);
    desks.push(bank);
  }
  const requestId = await house.openRequest(firm);
  await house.discloseToAll(requestId);
  return { firm, desks, bank: desks[0] as CommandContext, requestId };
}

/** Minor units that the scheme's rows say are taken, and what its hot row says with what is not folded in yet. */
async function taken(): Promise<{ rows: bigint; row: bigint }> {
  const [sums] = await house.rows<Record<'reserved' | 'bound' | 'used' | 'pending', string | null>>(
    `SELECT (SELECT SUM(amount_minor) FROM guarantee_reservation WHERE scheme_id = ? AND status = 'live') AS reserved,
            (SELECT SUM(balance_minor) FROM guarantee WHERE scheme_id = ? AND state IN ('issued','in_force','claimed')) AS bound,
            (SELECT used_minor FROM scheme_capacity WHERE scheme_id = ?) AS used,
            (SELECT SUM(amount_minor) FROM capacity_movement WHERE scheme_id = ? AND scope = 'total') AS pending`,
    [1, 2, 3, 4].map(() => idBytes(fund.schemeId)),
  );
  const of = (name: 'reserved' | 'bound' | 'used' | 'pending') => BigInt(sums?.[name] ?? 0);
  return { rows: of('reserved') + of('bound'), row: of('used') - of('pending') };
}

async function guaranteeStates(requestId: string): Promise<Record<string, number>> {
  const rows = await house.rows<{ state: string; n: string }>(
    'SELECT state, COUNT(*) AS n FROM guarantee WHERE request_id = ? GROUP BY state',
    [idBytes(requestId)],
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
}

/** What is shown of a loan; a bid on receivables has other figures. */
interface LoanFigures {
  readonly cost: { readonly guaranteeFees: MoneyJson; readonly early: { readonly totalCost: MoneyJson } | null };
  readonly schedule: readonly { readonly balance: MoneyJson }[];
}

const shown = async (firm: CommandContext, requestId: string, offerId: string) => {
  const { items } = await house.get(ComparisonReader).forEnterprise(firm.actor.organisationId, requestId);
  type Loan = Omit<(typeof items)[number], 'cost' | 'schedule'> & LoanFigures;
  return items.find(({ id }) => id === offerId) as Loan | undefined;
};

describe('an offer with a guarantee', () => {
  // Band 5 of the filed table (no grade): 1.35 % a year of what is guaranteed and outstanding, in advance; 80 % of 500,000.
  it('takes its fee from the scheme’s table: in total cost, APR and the scenarios', async () => {
    const { firm, desks, bank, requestId } = await market(2);
    const plain = await place(bank, requestId, offer('9', null));
    const guaranteed = await place(desks[1] as CommandContext, requestId, offer('9', '80'));
    expect(Number(guaranteed.apr)).toBeGreaterThan(Number(plain.apr));
    const item = await shown(firm, requestId, guaranteed.id);
    expect(item?.guarantee).toMatchObject({ state: 'indicative', guaranteed: '400000.00', coverPercent: '80' });
    // The first year's: 400,000 × 1.35 %. The second's: 80 % of what is owed after twelve instalments, × 1.35 %.
    const owed = Number(item?.schedule[11]?.balance.amount);
    const secondYear = Math.round(owed * 0.8 * 1.35) / 100;
    expect(item?.guarantee?.fee).toMatchObject({ collection: 'annual', table: 'SA-grade' });
    expect(item?.guarantee?.fee.amounts[0]).toBe('5400.00');
    expect(Number(item?.guarantee?.fee.amounts[1])).toBeCloseTo(secondYear, 1);
    expect(Number(item?.cost.guaranteeFees.amount)).toBeCloseTo(5400 + secondYear, 1);
    expect(item?.received.amount).toBe('494600.00');
    const without = await shown(firm, requestId, plain.id);
    const more = Number(item?.totalCost.amount) - Number(without?.totalCost.amount);
    expect(more).toBeCloseTo(5400 + secondYear, 1);
    // Settled after a year, the second year's fee is not due any more.
    const early = Number(item?.cost.early?.totalCost.amount) - Number(without?.cost.early?.totalCost.amount);
    expect(early).toBeCloseTo(5400, 2);
  });

  it('is refused with the clause above the scheme’s cover, and to a lender that is not accredited', async () => {
    const { bank, requestId } = await market(1);
    await expect(place(bank, requestId, offer('9', '95'))).rejects.toMatchObject({
      code: 'offer_guarantee_refused',
      details: { fields: expect.arrayContaining([expect.objectContaining({ rule: 'clause C2' })]) },
    });
    const stranger = await house.financier();
    const firm = await house.enterprise();
    const own = await house.openRequest(firm);
    await house.discloseToAll(own);
    await expect(place(stranger, own, offer('9', '80'))).rejects.toMatchObject({ code: 'lender_not_accredited' });
  });

  it('cannot be accepted while its guarantee is indicative; reserved, the award issues it', async () => {
    const { firm, bank, requestId } = await market(1);
    const { id } = await place(bank, requestId, offer('8', '80'));
    await house.endBidding(requestId);
    await expect(accept(firm, id)).rejects.toMatchObject({ code: 'offer_guarantee_indicative' });
    const apply = house.get(ApplyForOfferGuarantee);
    await expect(apply.execute(bank, id, plainApplication)).rejects.toMatchObject({ code: 'consent_missing' });
    const letter = await fund.reserved(firm, bank, id);
    expect(letter.guaranteed).toEqual({ amount: '400000.00', currency: 'SAR' });
    expect((await shown(firm, requestId, id))?.guarantee).toMatchObject({ state: 'reserved', number: letter.number });
    const { awardId } = await accept(firm, id);
    expect(await guaranteeStates(requestId)).toEqual({ issued: 1 });
    const steps = house.get(AwardSteps);
    await steps.sign(firm, awardId as string);
    await steps.sign(bank, awardId as string);
    const net = { amount: '494600.00', currency: 'SAR' };
    await steps.reportDisbursement(bank, awardId as string, net, 'SARIE-1');
    await steps.confirmReceipt(firm, awardId as string, net);
    expect(await guaranteeStates(requestId)).toEqual({ issued: 1 });
    const [fee] = await house.rows<{ id: Buffer; charged_minor: string }>(
      'SELECT f.id, f.charged_minor FROM guarantee_fee f JOIN guarantee g ON g.id = f.guarantee_id WHERE g.request_id = ?',
      [idBytes(requestId)],
    );
    expect(fee?.charged_minor).toBe('540000');
    await house.get(Fees).pay(fund.maker, idText(fee?.id as Buffer), '2026-11-22', 'F-1');
    expect(await guaranteeStates(requestId)).toEqual({ in_force: 1 });
    expect((await house.run(checkLedger)).ok).toBe(true);
  });

  it('keeps amount, tenor and cover once it is applied for; the price may fall', async () => {
    const { firm, bank, requestId } = await market(1);
    const { id } = await place(bank, requestId, offer('8', '80'));
    await fund.approved(firm, bank, id);
    const revise = house.get(ReviseOffer);
    await expect(revise.execute(bank, id, 1, offer('7', '70'))).rejects.toMatchObject({
      code: 'offer_guarantee_applied',
    });
    expect(await revise.execute(bank, id, 1, offer('7', '80'))).toMatchObject({ state: 'live' });
  });

  it('gives its headroom back when the request is withdrawn, the offer expires or the award lapses', async () => {
    const before = await taken();
    const withdrawn = await market(1);
    const a = await place(withdrawn.bank, withdrawn.requestId, offer('8', '80'));
    await fund.reserved(withdrawn.firm, withdrawn.bank, a.id);
    expect((await taken()).rows).toBe(before.rows + 40_000_000n);
    await house.get(WithdrawRequest).execute(withdrawn.firm, withdrawn.requestId, 'own means');
    const lapsed = await market(1);
    const b = await place(lapsed.bank, lapsed.requestId, offer('8', '80'));
    await fund.reserved(lapsed.firm, lapsed.bank, b.id);
    await house.endBidding(lapsed.requestId);
    const { awardId } = await accept(lapsed.firm, b.id);
    await house.get(LapseAward).stepBack(lapsed.firm, awardId as string, 'another plan');
    const expired = await market(1);
    const c = await place(expired.bank, expired.requestId, offer('8', '80'));
    await fund.reserved(expired.firm, expired.bank, c.id);
    await house.run(async (tx) =>
      house.get(MarketClocks).expireOffer(tx, c.id, new Date(Date.now() + 200 * 86_400_000)),
    );
    for (const { requestId } of [withdrawn, lapsed, expired])
      expect(await guaranteeStates(requestId)).toEqual({ lapsed: 1 });
    const after = await taken();
    expect(after).toEqual({ rows: before.rows, row: before.rows });
  });

  it('drawn while its offer ended, a letter is void as soon as the market hears of it', async () => {
    const { firm, bank, requestId } = await market(1);
    const { id } = await place(bank, requestId, offer('8', '80'));
    await fund.reserved(firm, bank, id);
    await house.rows("UPDATE offer SET state = 'expired' WHERE id = ?", [idBytes(id)]);
    await house.run((tx) => house.get(OfferGuarantees).endLateLetter(tx, id));
    expect(await guaranteeStates(requestId)).toEqual({ lapsed: 1 });
  });

  it('of a club: each bank’s part has its own guarantee; the part that a cap leaves no room for is refused and stays', async () => {
    const capped = await GuaranteedMarket.open(house, {
      change: (terms) => {
        const { clauses } = terms as { clauses: { kind: string }[] };
        const text = { en: 'cap', ar: 'سقف', zh: '上限' };
        const cap = { id: 'K9', kind: 'cap', scope: 'sector', amount: '300000', text };
        terms['clauses'] = [...clauses.filter(({ kind }) => kind !== 'cap'), cap];
      },
    });
    // Two parts of 250,000, of which 200,000 each is guaranteed: a cap of 300,000 has room for one.
    for (const [scheme, issued] of [
      [fund, 2],
      [capped, 1],
    ] as const) {
      const { firm, desks, requestId } = await market(2);
      const half = { amount: '250000.00', currency: 'SAR' };
      const guarantee = { schemeId: scheme.schemeId, coverPercent: '80' };
      const ids: string[] = [];
      for (const bank of desks) {
        if (scheme === capped) await capped.accredit(bank);
        const input = offer('8', null, { amount: half });
        const { id } = await place(bank, requestId, { ...input, terms: { ...input.terms, guarantee } });
        await scheme.reserved(firm, bank, id);
        ids.push(id);
      }
      await house.endBidding(requestId);
      const [first, second] = ids as [string, string];
      expect(await accept(firm, first)).toMatchObject({ requestState: 'open', awarded: half });
      if (issued === 2) expect(await accept(firm, second)).toMatchObject({ requestState: 'awarded' });
      else {
        await expect(accept(firm, second)).rejects.toMatchObject({
          code: 'scheme_cap_reached',
          details: { data: { left: '100000.00', asked: '200000.00', clause: { id: 'K9' } } },
        });
        const [row] = await house.rows<{ state: string }>('SELECT state FROM offer WHERE id = ?', [idBytes(second)]);
        expect(row?.state).toBe('live');
      }
      expect((await guaranteeStates(requestId))['issued']).toBe(issued);
    }
  });

  it('gives one award of 200 acceptances at once: the losers’ reservations are void, headroom is what the rows say', async () => {
    const { firm, desks, requestId } = await market(20);
    const placed = await Promise.all(
      desks.map((bank, n) => place(bank, requestId, offer((8 + n / 100).toFixed(2), n % 2 ? '80' : '60'))),
    );
    for (const [n, { id }] of placed.entries()) await fund.reserved(firm, desks[n] as CommandContext, id);
    const reserved = await taken();
    await house.endBidding(requestId);
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => accept(firm, placed[n % placed.length]?.id as string)),
    );
    const won = results.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect((result.reason as { code: string }).code).toMatch(/^(already_awarded|offer_not_live)$/);
    expect(await guaranteeStates(requestId)).toEqual({ issued: 1, lapsed: 19 });
    const [issued] = await house.rows<{ balance_minor: string }>(
      "SELECT balance_minor FROM guarantee WHERE request_id = ? AND state = 'issued'",
      [idBytes(requestId)],
    );
    const after = await taken();
    expect(after.row).toBe(after.rows);
    // One reservation of the request held its largest letter, 80 % of 500,000.
    expect(after.rows).toBe(reserved.rows - 40_000_000n + BigInt(issued?.balance_minor ?? 0));
    expect((await house.run(checkLedger)).ok).toBe(true);
  }, 120_000);
});

describe('guaranteed candidates', () => {
  it('are requests that nobody bid on, shown to accredited lenders, also to those who lend only against a scheme', async () => {
    const firm = await house.enterprise();
    const [open, secured, stranger] = [await house.financier(), await house.financier(), await house.financier()];
    await fund.accredit(open);
    await fund.accredit(secured);
    await house.rows('UPDATE mandate SET collateral = \'["scheme_guarantee"]\' WHERE financier_id = ?', [
      idBytes(secured.actor.organisationId),
    ]);
    await house.rows('UPDATE mandate_change_counter SET sequence = sequence + 1');
    await house.rows(
      'INSERT INTO mandate_change SELECT sequence, (SELECT id FROM mandate WHERE financier_id = ?), UTC_TIMESTAMP(6) FROM mandate_change_counter',
      [idBytes(secured.actor.organisationId)],
    );
    const requestId = await house.openRequest(firm);
    const candidates = house.get(GuaranteedCandidates);
    const of = async ({ actor }: CommandContext) =>
      (await candidates.page(actor.organisationId, {})).items.filter(({ id }) => id === requestId);
    expect(await of(open)).toEqual([]);
    await house.discloseToAll(requestId);
    await house.run(async (tx) => expect(await candidates.within(tx, await lockRequest(tx, requestId))).toBe(true));
    await house.discloseToAll(requestId);
    for (const lender of [open, secured])
      expect(await of(lender)).toMatchObject([
        {
          guaranteedCandidate: true,
          schemes: [{ schemeId: fund.schemeId, maximumCoverPercent: '80.00', firstFee: { amount: '5400.00' } }],
        },
      ]);
    expect(await of(stranger)).toEqual([]);
    await place(open, requestId, offer('9', '80'));
    expect(await of(secured)).toEqual([]);
  });

  it('tells each lender once, when a scheme would cover it for that lender, by the ways that each person chose', async () => {
    await tellPeople(house);
    const firm = await house.enterprise();
    const [covered, quiet, stranger, bidding] = [
      await house.financier(),
      await house.financier(),
      await house.financier(),
      await house.financier(),
    ];
    for (const lender of [covered, quiet, bidding]) await fund.accredit(lender);
    // One switched in-app notices about guarantees off, and reads Arabic.
    await house.rows(
      "INSERT INTO notice_choice (person_id, topic, channel, enabled) VALUES (?, 'guarantee', 'in_app', 0)",
      [idBytes(quiet.actor.id)],
    );
    await house.rows("UPDATE person SET locale = 'ar' WHERE id = ?", [idBytes(quiet.actor.id)]);
    await house.rows('DELETE FROM mail');
    const requestId = await house.openRequest(firm);
    await house.discloseToAll(requestId);
    const candidates = house.get(GuaranteedCandidates);
    await tellPeople(house);
    await house.run(async (tx) => expect(await candidates.within(tx, await lockRequest(tx, requestId))).toBe(true));
    const told = async () => {
      await tellPeople(house);
      const rows = await house.rows<{ organisation: Buffer; body: string }>(
        `SELECT m.organisation_id AS organisation, n.body FROM notice n JOIN membership m ON m.person_id = n.person_id
         WHERE n.template = 'guaranteed_candidate'`,
      );
      return new Map(rows.map(({ organisation, body }) => [idText(organisation), body]));
    };
    const first = await told();
    expect(first.get(covered.actor.organisationId)).toContain('80 %');
    expect(first.has(stranger.actor.organisationId)).toBe(false);
    expect(first.has(quiet.actor.organisationId)).toBe(false);
    const letters = await house.rows<{ body: string }>(
      "SELECT body FROM mail WHERE person_id = ? AND body LIKE '% 80 \\%%'",
      [idBytes(quiet.actor.id)],
    );
    expect(letters).toHaveLength(1);
    expect(letters[0]?.body).toMatch(/\p{Script=Arabic}/u);
    expect((await told()).size).toBe(0);
    // Once it was bid on, nobody hears that it could be guaranteed.
    const other = await house.openRequest(firm);
    await house.run(async (tx) => expect(await candidates.within(tx, await lockRequest(tx, other))).toBe(true));
    await house.discloseToAll(other);
    await place(bidding, other, offer('9', null));
    expect((await told()).size).toBe(0);
  });
});
