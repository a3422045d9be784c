import { DataSource } from 'typeorm';
import { AnchorLimitReader } from '#institutions';
import { type CommandContext, idBytes, newId, systemContext, UnitOfWork } from '#platform';
import { type MarketFilter, marketSorts } from '../domain/market-filter.js';
import { NumberMarketChange } from '../jobs/market-events.handler.js';
import { MarketHouse } from '../testing/market-house.js';
import { ListingCatalogue } from './listing-catalogue.js';
import { MarketRuleBook } from './market-rules.js';
import { MarketListReader } from './market-list.reader.js';
import { lockRequest, moveRequest } from './records.js';

let house: MarketHouse;
let bank: CommandContext;
let requestId: string;
const copies = 400;

/** Many open requests of one bank: the first, with other figures. */
beforeAll(async () => {
  house = await MarketHouse.open();
  const enterprise = await house.enterprise();
  // Four that look like it, so that its brief shows the sector.
  for (let n = 0; n < 4; n++) await house.enterprise();
  bank = await house.financier();
  requestId = await house.openRequest(enterprise);
  const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `SELECT ${n} AS n`).join(' UNION ');
  await house.rows(
    `INSERT INTO funding_request (id, enterprise_id, state, version, product_kind, currency, amount_minor, tenor_months, purpose, anonymous_text, shariah_only, collateral, mode,
       sector, region, size_class, age_band, grade, women_led, rural, created_at, submitted_at, opened_at, closes_at, decide_by)
     SELECT UNHEX(CONCAT('0190000a00007000800000000000', LPAD(HEX(k.n), 4, '0'))), r.enterprise_id, 'open', 1, r.product_kind, r.currency, 10000000 + 1000000 * MOD(k.n * 7, 50),
       6 + MOD(k.n, 30), r.purpose, r.anonymous_text, MOD(k.n, 2), r.collateral, r.mode, ELT(1 + MOD(k.n, 5), 'A', 'C', 'F', 'G', NULL), r.region, r.size_class, r.age_band,
       ELT(1 + MOD(k.n, 3), 'A', 'BBB', NULL), MOD(k.n, 3) = 0, 0, r.created_at, r.submitted_at, r.opened_at - INTERVAL MOD(k.n * 13, 40) SECOND,
       r.closes_at + INTERVAL MOD(k.n * 11, 60) SECOND, r.decide_by
     FROM funding_request r, (SELECT 100 * t.n + 10 * d.n + e.n AS n FROM (${digits}) t, (${digits}) d, (${digits}) e) k
     WHERE r.id = ? AND k.n < ${copies}`,
    [idBytes(requestId)],
  );
  await house.rows(
    `INSERT INTO request_match (request_id, financier_id, mandate_id, score, score_parts, state, matched_at)
     SELECT r.id, m.financier_id, m.mandate_id, MOD(CRC32(r.id), 100) / 2, m.score_parts, 'invited', m.matched_at
     FROM request_match m, funding_request r WHERE m.request_id = ? AND r.id <> m.request_id`,
    [idBytes(requestId)],
  );
}, 60_000);
afterAll(() => house.close());

const filters: readonly MarketFilter[] = [
  {},
  { sectors: ['C', 'G'] },
  { amountFrom: 20_000_000n, amountTo: 40_000_000n, tenorFrom: 12, tenorTo: 24 },
  { grades: ['A'], shariahOnly: true, womenLed: true },
  { currency: 'USD' },
];

/** Every page of a list, by this reader. */
async function pages(reader: MarketListReader, filter: MarketFilter, sort: (typeof marketSorts)[number]) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.page(bank.actor.organisationId, filter, sort, {
      limit: 37,
      ...(cursor ? { cursor } : {}),
    });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return ids;
}

/** A catalogue that never has a book. */
class WithoutBooks extends ListingCatalogue {
  override async page(): Promise<undefined> {
    return undefined;
  }
}

/** A process of its own: with its book read, or before it asked for one. */
async function readers(): Promise<{ byBook: MarketListReader; bySql: MarketListReader }> {
  const dataSource = house.get(DataSource);
  const environment = house.database.environment;
  const listings = new ListingCatalogue(dataSource, environment);
  const reader = (catalogue: ListingCatalogue) =>
    new MarketListReader(dataSource, catalogue, house.get(AnchorLimitReader), house.get(MarketRuleBook), environment);
  const byBook = reader(listings);
  await byBook.page(bank.actor.organisationId, {}, 'newest', { limit: 1 });
  await listings.settled();
  return { byBook, bySql: reader(new WithoutBooks(dataSource, environment)) };
}

const changed = (id: string) =>
  house
    .get(UnitOfWork)
    .run(systemContext('test'), (tx) =>
      house.get(NumberMarketChange).handle(tx, { subjectId: id } as Parameters<NumberMarketChange['handle']>[1]),
    );

const first = async (reader: MarketListReader, filter: MarketFilter = {}): Promise<string[]> =>
  (await reader.page(bank.actor.organisationId, filter, 'newest', { limit: 200 })).items.map(({ id }) => id);

describe('the list of a financier that sees many requests', () => {
  it('is the same by the book as by the statement, in every order and over all pages', async () => {
    const { byBook, bySql } = await readers();
    for (const sort of marketSorts)
      for (const filter of filters) {
        const expected = await pages(bySql, filter, sort);
        expect(await pages(byBook, filter, sort)).toEqual(expected);
        expect(new Set(expected).size).toBe(expected.length);
      }
    expect(await pages(byBook, {}, 'newest')).toHaveLength(copies + 1);
  }, 60_000);

  it('shows a request no more once it is not open, though the book does not know yet, and again when it re-opens', async () => {
    const { byBook } = await readers();
    const filter = { amountFrom: 50_000_000n, amountTo: 50_000_000n, sectors: ['C'] };
    expect(await first(byBook, filter)).toContain(requestId);
    await house.run(async (tx) => {
      const at = await tx.now();
      await moveRequest(tx, await lockRequest(tx, requestId), 'award', 'applicant', { at, audience: [] });
    });
    expect(await first(byBook, filter)).not.toContain(requestId);
    await house.run(async (tx) => {
      const at = await tx.now();
      await moveRequest(tx, await lockRequest(tx, requestId), 'reopen', 'clock', { at, audience: [] });
    });
    await changed(requestId);
    expect(await first(byBook, filter)).toContain(requestId);
  });

  it('takes in a new invitation when its number comes, in every process', async () => {
    const [one, two] = [await readers(), await readers()];
    const id = newId();
    await house.rows(
      `INSERT INTO funding_request (id, enterprise_id, state, version, product_kind, currency, amount_minor, tenor_months, purpose, anonymous_text, shariah_only, collateral, mode,
         sector, region, size_class, age_band, women_led, rural, created_at, submitted_at, opened_at, closes_at, decide_by)
       SELECT ?, enterprise_id, 'open', 1, product_kind, currency, 99900000, tenor_months, purpose, anonymous_text, 0, collateral, mode, sector, region, size_class, age_band, 0, 0,
         created_at, submitted_at, opened_at, closes_at, decide_by FROM funding_request WHERE id = ?`,
      [idBytes(id), idBytes(requestId)],
    );
    await house.rows(
      `INSERT INTO request_match (request_id, financier_id, mandate_id, score, score_parts, state, matched_at)
       SELECT ?, financier_id, mandate_id, 50, score_parts, 'invited', matched_at FROM request_match WHERE request_id = ?`,
      [idBytes(id), idBytes(requestId)],
    );
    await changed(id);
    const filter = { amountFrom: 99_900_000n, amountTo: 99_900_000n };
    expect(await first(one.byBook, filter)).toEqual([id]);
    expect(await first(two.byBook, filter)).toEqual([id]);
  });

  it('refuses what is no cursor', async () => {
    const { byBook } = await readers();
    await expect(
      byBook.page(bank.actor.organisationId, {}, 'newest', { limit: 5, cursor: 'bm90IGEgY3Vyc29y' }),
    ).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
