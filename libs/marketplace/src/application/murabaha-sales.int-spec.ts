import { type CommandContext, idBytes, idText } from '#platform';
import type { OfferTerms } from '../domain/offer-terms.js';
import { murabahaSaleLifecycle } from '../domain/murabaha-sale.lifecycle.js';
import { MarketHouse, plainTerms } from '../testing/market-house.js';
import { AcceptOffer } from './accept-offer.js';
import { AwardSteps } from './award-steps.js';
import { LapseAward } from './lapse-award.js';
import { MurabahaSales, type Purchase } from './murabaha-sales.js';
import { PlaceOffer } from './place-offer.js';

let house: MarketHouse;
beforeAll(async () => {
  house = await MarketHouse.open();
}, 60_000);
afterAll(() => house.close());

const sar = (amount: string) => ({ amount, currency: 'SAR' });
/** A flat profit of 9 % a year on 500,000 over two years is 90,000. */
const murabaha: OfferTerms = { ...plainTerms, contract: 'murabaha', interest: 'flat', lateChargePercent: '2' };
const paper = (text: string) => Buffer.from(`%PDF-1.7\n${text}\n%%EOF`);

/** An award that both sides have signed. */
async function signed(terms: OfferTerms) {
  const enterprise = await house.enterprise();
  const maker = await house.financier();
  const checker = await house.colleague(maker, ['checker']);
  const requestId = await house.openRequest(enterprise);
  await house.discloseToAll(requestId);
  const { id } = await house.get(PlaceOffer).execute(maker, requestId, {
    amount: sar('500000.00'),
    tenorMonths: 24,
    expiresAt: house.farFuture(),
    binding: true,
    terms,
  });
  await house.endBidding(requestId);
  await house.get(AcceptOffer).execute(enterprise, id, false);
  const [award] = await house.rows<{ id: Buffer }>('SELECT id FROM award WHERE offer_id = ?', [idBytes(id)]);
  const awardId = idText(award?.id as Buffer);
  await house.get(AwardSteps).sign(enterprise, awardId);
  await house.get(AwardSteps).sign(checker, awardId);
  return { enterprise, maker, checker, awardId, requestId };
}

const sales = () => house.get(MurabahaSales);
const attach = (by: CommandContext, awardId: string, kind: 'purchase' | 'possession', text: string = kind) =>
  sales().attach(by, awardId, { kind, name: `${kind}.pdf`, content: paper(text) });
const purchase = (changes: Partial<Purchase> = {}): Purchase => ({
  asset: 'Two glass ovens, serial 17 and 18',
  supplier: 'Oven Works',
  cost: sar('500000.00'),
  boughtOn: new Date().toISOString().slice(0, 10) as Purchase['boughtOn'],
  ...changes,
});
const payOut = async ({ enterprise, maker, awardId }: Awaited<ReturnType<typeof signed>>) => {
  await house.get(AwardSteps).reportDisbursement(maker, awardId, sar('500000.00'), 'TRN-1');
  return house.get(AwardSteps).confirmReceipt(enterprise, awardId, sar('500000.00'));
};

describe('the sale under a murabaha', () => {
  it('is bought, held and sold before anything counts as paid out, each step by who may and with its proof', async () => {
    const made = await signed(murabaha);
    const { enterprise, maker, checker, awardId } = made;
    expect(await sales().show(enterprise, awardId)).toMatchObject({
      state: 'promised',
      price: null,
      lateCharge: { percentAYear: '2', goesTo: 'charity' },
    });
    await expect(payOut(made)).rejects.toMatchObject({ code: 'murabaha_not_sold' });
    await expect(sales().sell(checker, awardId)).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await expect(sales().possess(maker, awardId, 'warehouse 4')).rejects.toMatchObject({
      code: 'transition_not_allowed',
    });
    await expect(sales().buy(maker, awardId, purchase())).rejects.toMatchObject({ code: 'evidence_missing' });
    const stranger = await house.financier();
    for (const other of [enterprise, stranger])
      await expect(attach(other, awardId, 'purchase')).rejects.toMatchObject({ code: 'record_unknown' });
    await expect(sales().show(stranger, awardId)).rejects.toMatchObject({ code: 'record_unknown' });
    await expect(
      sales().attach(maker, awardId, { kind: 'purchase', name: 'x', content: Buffer.from('no document') }),
    ).rejects.toMatchObject({ code: 'evidence_unreadable' });
    await attach(maker, awardId, 'purchase');
    await attach(maker, awardId, 'purchase');
    for (const cost of [sar('500000.01'), sar('0.00'), { amount: '1.00', currency: 'USD' }])
      await expect(sales().buy(maker, awardId, purchase({ cost }))).rejects.toMatchObject({
        code: 'purchase_exceeds_award',
      });
    expect(await sales().buy(maker, awardId, purchase())).toMatchObject({ state: 'bought', cost: sar('500000.00') });
    await expect(attach(maker, awardId, 'purchase', 'later')).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await expect(sales().possess(maker, awardId, 'warehouse 4')).rejects.toMatchObject({ code: 'evidence_missing' });
    await attach(maker, awardId, 'possession');
    expect((await sales().possess(maker, awardId, 'warehouse 4')).state).toBe('possessed');
    await expect(sales().sell(maker, awardId)).rejects.toMatchObject({ code: 'maker_is_checker' });
    await expect(payOut(made)).rejects.toMatchObject({ code: 'murabaha_not_sold' });
    const sold = await sales().sell(checker, awardId);
    expect(sold).toMatchObject({ state: 'sold', profit: sar('90000.00'), price: sar('590000.00') });
    expect(sold.instalments).toHaveLength(24);
    expect(sold.instalments.reduce((sum, { total }) => sum + Number(total?.amount), 0)).toBeCloseTo(590_000, 2);
    // The price stands: neither a second sale nor the database changes it.
    await expect(sales().sell(checker, awardId)).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await expect(
      house.rows('UPDATE murabaha_sale SET profit_minor = profit_minor + 1 WHERE award_id = ?', [idBytes(awardId)]),
    ).rejects.toThrow();
    const [document] = sold.evidence;
    expect(sold.evidence.map(({ kind }) => kind)).toEqual(['purchase', 'possession']);
    expect((await sales().read(enterprise, awardId, document?.id as string)).content).toEqual(paper('purchase'));
    expect((await payOut(made)).state).toBe('disbursed');
    await house.run((tx) => sales().settle(tx, awardId));
    const history = await house.rows<{ action: string; to_state: string }>(
      'SELECT h.action, h.to_state FROM market_history h JOIN murabaha_sale s ON s.id = h.subject_id WHERE s.award_id = ? ORDER BY h.at, h.id',
      [idBytes(awardId)],
    );
    expect(history.map(({ action, to_state: to }) => `${action} ${to}`)).toEqual([
      'promise promised',
      'buy bought',
      'possess possessed',
      'sell sold',
      'pay paid',
    ]);
  });

  it.each(['promised', 'bought', 'possessed'] as const)(
    'is cancelled from %s when the award lapses, and cannot lapse any more once sold',
    async (state) => {
      const made = await signed(murabaha);
      const { maker, checker, awardId } = made;
      const lapse = async () => {
        await house.rows('UPDATE award SET disburse_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
          idBytes(awardId),
        ]);
        await house.run(async (tx) => house.get(LapseAward).lapseIfOverdue(tx, awardId, await tx.now()));
      };
      for (const kind of ['purchase', 'possession'] as const) await attach(maker, awardId, kind);
      if (state !== 'promised') await sales().buy(maker, awardId, purchase());
      if (state === 'possessed') await sales().possess(maker, awardId, 'warehouse 4');
      await lapse();
      expect((await sales().show(maker, awardId)).state).toBe('cancelled');
      await expect(sales().sell(checker, awardId)).rejects.toMatchObject({ code: 'transition_not_allowed' });
      const other = await signed(murabaha);
      for (const kind of ['purchase', 'possession'] as const) await attach(other.maker, other.awardId, kind);
      await sales().buy(other.maker, other.awardId, purchase({ cost: sar('480000.00') }));
      await sales().possess(other.maker, other.awardId, 'warehouse 4');
      // 480,000 at 9 % flat for two years.
      expect(await sales().sell(other.checker, other.awardId)).toMatchObject({ profit: sar('86400.00') });
      await house.rows('UPDATE award SET disburse_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
        idBytes(other.awardId),
      ]);
      await house.run(async (tx) => house.get(LapseAward).lapseIfOverdue(tx, other.awardId, await tx.now()));
      expect((await payOut(other)).state).toBe('disbursed');
    },
    60_000,
  );

  it('has no part in another contract', async () => {
    const made = await signed(plainTerms);
    await expect(sales().show(made.maker, made.awardId)).rejects.toMatchObject({ code: 'record_unknown' });
    expect((await payOut(made)).state).toBe('disbursed');
  });
});

it('every state of a sale is reached and left as the table says', () => {
  const walked = new Set<string>();
  for (const state of murabahaSaleLifecycle.states())
    for (const role of ['financier', 'servicing', 'market'] as const)
      for (const action of murabahaSaleLifecycle.open(state, role)) walked.add(action);
  expect([...walked].sort()).toEqual([...murabahaSaleLifecycle.actions()].sort());
  expect(murabahaSaleLifecycle.ends()).toEqual(['paid', 'cancelled']);
});
