import { createHash } from 'node:crypto';
import { grades, productKinds, sectors, sizeClasses } from '#kernel';
import { RandomMarket } from '../testing/random-market.js';
import { RequestBook } from './request-book.js';
import { type ListedRequest, type MarketFilter, marketSorts } from './market-filter.js';

const idOf = (n: number): Buffer => createHash('md5').update(String(n)).digest();

function listed(market: RandomMarket, n: number): ListedRequest {
  return {
    id: idOf(n),
    productKind: market.one(productKinds),
    sector: market.shown(market.one(sectors)),
    region: market.shown(`SA-0${1 + market.below(4)}`),
    sizeClass: market.shown(market.one(sizeClasses)),
    grade: market.next() < 0.3 ? null : market.one(grades),
    currency: market.next() < 0.8 ? 'SAR' : 'USD',
    shariahOnly: market.next() < 0.5,
    womenLed: market.next() < 0.2,
    rural: market.next() < 0.2,
    tenorMonths: market.below(120),
    // Clustered, so that many are equal and the identifier decides.
    amountMinor: market.next() < 0.7 ? 10_000_000 : market.below(100) * 1_000_000,
    openedAt: 1_700_000_000_000 + market.below(50) * 1000,
    closesAt: 1_800_000_000_000 + market.below(50) * 1000,
    scoreHundredths: market.below(40) * 250,
  };
}

function someFilter(market: RandomMarket): MarketFilter {
  const maybe = <T>(share: number, value: T): T | undefined => (market.next() < share ? value : undefined);
  return {
    productKinds: maybe(0.2, [market.one(productKinds), market.one(productKinds)]),
    sectors: maybe(0.3, [market.one(sectors), market.one(sectors), market.one(sectors)]),
    regions: maybe(0.3, ['SA-01', 'SA-03']),
    sizeClasses: maybe(0.3, [market.one(sizeClasses)]),
    grades: maybe(0.3, grades.slice(0, 1 + market.below(7))),
    amountFrom: maybe(0.3, BigInt(market.below(100) * 1_000_000)),
    amountTo: maybe(0.3, BigInt(market.below(100) * 1_000_000)),
    tenorFrom: maybe(0.3, market.below(120)),
    tenorTo: maybe(0.3, market.below(120)),
    currency: maybe(0.3, 'SAR'),
    shariahOnly: maybe(0.3, market.next() < 0.5),
    womenLed: maybe(0.1, true),
    rural: maybe(0.1, true),
  };
}

/** The list's meaning, written down without an index. */
function plainly(
  rows: readonly ListedRequest[],
  filter: MarketFilter,
  sort: (typeof marketSorts)[number],
  now: number,
) {
  const among = (list: readonly string[] | undefined, value: string | null): boolean =>
    !list || list.length === 0 || (value !== null && list.includes(value));
  const is = <T>(asked: T | undefined, value: T): boolean => asked === undefined || asked === value;
  const key = { newest: 'openedAt', closing: 'closesAt', amount: 'amountMinor', score: 'scoreHundredths' }[
    sort
  ] as 'openedAt';
  const sign = sort === 'closing' ? 1 : -1;
  return rows
    .filter(
      (row) =>
        row.closesAt > now &&
        among(filter.productKinds, row.productKind) &&
        among(filter.sectors, row.sector) &&
        among(filter.regions, row.region) &&
        among(filter.sizeClasses, row.sizeClass) &&
        among(filter.grades, row.grade) &&
        is(filter.currency, row.currency) &&
        is(filter.shariahOnly, row.shariahOnly) &&
        is(filter.womenLed, row.womenLed) &&
        is(filter.rural, row.rural) &&
        row.amountMinor >= Number(filter.amountFrom ?? 0) &&
        row.amountMinor <= Number(filter.amountTo ?? Infinity) &&
        row.tenorMonths >= (filter.tenorFrom ?? 0) &&
        row.tenorMonths <= (filter.tenorTo ?? Infinity),
    )
    .sort((a, b) => sign * (a[key] - b[key] || a.id.compare(b.id)))
    .map((row) => ({ id: row.id.toString('hex'), value: row[key] }));
}

describe('the book of listed requests', () => {
  it('answers every filter, order and page as a plain filter and sort do, while requests come and go', () => {
    const market = new RandomMarket(5);
    const book = new RequestBook();
    const rows = new Map<string, ListedRequest>();
    let shown = 0;
    for (let round = 0; round < 150; round++) {
      const coming = Array.from({ length: round === 0 ? 700 : market.below(12) }, () =>
        listed(market, market.below(900)),
      ).filter((row, n, all) => all.findIndex(({ id }) => id.equals(row.id)) === n);
      const leaving = Array.from({ length: market.below(8) }, () => idOf(market.below(900)));
      for (const id of leaving) rows.delete(id.toString('hex'));
      for (const row of coming) rows.set(row.id.toString('hex'), row);
      book.change(coming, leaving);
      expect(book.size).toBe(rows.size);
      for (const sort of marketSorts) {
        const filter = someFilter(market);
        const now = 1_800_000_000_000 + market.below(10) * 1000 - 1;
        const expected = plainly([...rows.values()], filter, sort, now);
        shown += expected.length;
        const limit = 1 + market.below(30);
        const after = market.next() < 0.5 ? expected[market.below(expected.length)] : undefined;
        const start = after ? expected.indexOf(after) + 1 : 0;
        const cursor = after && { value: after.value, id: Buffer.from(after.id, 'hex') };
        const page = book.page(filter, sort, limit, cursor, now).map((id) => id.toString('hex'));
        expect(page).toEqual(expected.slice(start, start + limit).map(({ id }) => id));
      }
    }
    expect(shown).toBeGreaterThan(1000);
  });

  it('is the same when it was filled part by part and then arranged', () => {
    const market = new RandomMarket(6);
    const rows = Array.from({ length: 900 }, (_, n) => listed(market, n)).sort((a, b) => a.id.compare(b.id));
    const filled = new RequestBook();
    for (let start = 0; start < rows.length; start += 250) filled.fill(rows.slice(start, start + 250));
    expect([...filled.arrange()]).not.toHaveLength(0);
    const changed = new RequestBook();
    changed.change(rows, []);
    for (const book of [filled, changed]) book.change([], [idOf(3), idOf(700)]);
    for (const sort of marketSorts)
      for (const filter of [{}, { currency: 'SAR' }, { amountFrom: 20_000_000n, tenorTo: 60 }]) {
        const pages = [filled, changed].map((book) =>
          book.page(filter, sort, 1_000, undefined, 0).map((id) => id.toString('hex')),
        );
        expect(pages[0]).toEqual(pages[1]);
        expect(pages[0]?.length).toBeGreaterThan(50);
      }
  });
});
