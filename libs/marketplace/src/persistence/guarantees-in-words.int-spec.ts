import { offerPrice } from '#finance';
import { parseDate } from '#kernel';
import { idBytes } from '#platform';
import { offerFigures } from '../domain/offer-figures.js';
import type { OfferTerms } from '../domain/offer-terms.js';
import { AcceptOffer } from '../application/accept-offer.js';
import { ComparisonReader } from '../application/comparison.reader.js';
import { PlaceOffer } from '../application/place-offer.js';
import { MarketHouse, plainTerms } from '../testing/market-house.js';
import { GuaranteesInWords1790000007160 } from './migrations/1790000007160-guarantees-in-words.js';

let house: MarketHouse;
beforeAll(async () => {
  house = await MarketHouse.open();
}, 60_000);
afterAll(() => house.close());

/** 1.25 % a year on the covered 80 % of what is owed: 1 % of the outstanding, as the market's calculator took it then. */
const words = { scheme: 'Kafalah, growth "A"', coverPercent: '80', annualFeePercent: '1.25' };

const migrate = async (): Promise<void> => {
  const runner = house.database.dataSource.createQueryRunner();
  await new GuaranteesInWords1790000007160().up(runner);
  await runner.release();
};
const stored = async (id: string) => {
  const [row] = await house.rows<{ terms: string; binding: number; version: number }>(
    'SELECT CAST(terms AS CHAR) AS terms, binding, version FROM offer WHERE id = ?',
    [idBytes(id)],
  );
  return { ...row, terms: JSON.parse(row?.terms as string) as OfferTerms };
};

it('offers that named a guarantee in words keep their price and can be read, and bind nobody before they are awarded', async () => {
  const firm = await house.enterprise();
  const [waiting, awarded, plain] = [await house.financier(), await house.financier(), await house.financier()];
  const requestId = await house.openRequest(firm);
  await house.discloseToAll(requestId);
  const amount = { amount: '500000.00', currency: 'SAR' };
  const input = { binding: true, amount, tenorMonths: 24, expiresAt: house.farFuture(), terms: plainTerms };
  const ids: string[] = [];
  for (const bank of [waiting, awarded, plain])
    ids.push((await house.get(PlaceOffer).execute(bank, requestId, input)).id);
  const [live, won, untouched] = ids as [string, string, string];
  for (const id of [live, won])
    await house.rows('UPDATE offer SET terms = ? WHERE id = ?', [
      JSON.stringify({ ...plainTerms, guarantee: words }),
      idBytes(id),
    ]);
  await house.rows("UPDATE offer SET state = 'awarded' WHERE id = ?", [idBytes(won)]);
  const before = await stored(untouched);
  await migrate();
  const [first, second] = [await stored(live), await stored(won)];
  expect([first.binding, second.binding]).toEqual([0, 1]);
  expect(first.terms.guarantee).toBeUndefined();
  expect(first.terms.fees).toEqual([
    {
      name: 'guarantee by Kafalah, growth "A"',
      when: 'yearly',
      percent: '1',
      of: 'outstanding',
      payee: 'guarantor',
      compulsory: true,
    },
  ]);
  expect(first.terms.conditions[0]?.text).toContain('Kafalah, growth "A" over 80 %');
  const on = new Date('2026-11-21T00:00:00Z');
  const expected = offerPrice({
    kind: 'loan',
    amount: { minor: 50_000_000n, currency: 'SAR' },
    start: parseDate('2026-11-21'),
    annualRate: '9',
    dayCount: 'equal_periods',
    interest: 'declining',
    amortization: 'equal_instalments',
    periods: 24,
    every: { count: 1, unit: 'month' },
    fees: [{ name: 'g', payee: 'guarantor', size: { percent: '1', of: 'outstanding' }, due: 'yearly_in_advance' }],
  });
  const figures = offerFigures(first.terms, { minor: 50_000_000n, currency: 'SAR' }, 24, on);
  expect(figures).toEqual({
    apr: expected.effectiveRate.apr,
    totalCostMinor: expected.totalCost.minor,
    receivedMinor: expected.received.minor,
  });
  expect(await stored(untouched)).toEqual(before);
  const { items } = await house.get(ComparisonReader).forEnterprise(firm.actor.organisationId, requestId);
  expect(items.find(({ id }) => id === live)).toMatchObject({ guarantee: null, binding: false });
  await house.endBidding(requestId);
  await expect(house.get(AcceptOffer).execute(firm, live, false)).rejects.toMatchObject({ code: 'offer_not_binding' });
  // Run again, it finds nothing to convert.
  const once = await stored(live);
  await migrate();
  expect(await stored(live)).toEqual(once);
});
