// Matching (issue 2): one request against 100,000 mandates in the process, a million random cases against the plain rule, 10,000 × 10,000,
// the index kept by increments, and the memory of an api that knows 100,000 mandates.
import { built, bytesOf, idOf, idSql, kinds, nowSql, people, sessionOf, withMarket } from './bench-market.mjs';
import { percentile, report, rounded } from './figures.mjs';
import { ask, request } from './load.mjs';
import { makeRequests } from './request-data.mjs';

const { MandateIndex } = built('libs/marketplace/src/domain/mandate-index.js');
const { failedRules } = built('libs/marketplace/src/domain/matching.policy.js');
const { bestPerFinancier } = built('libs/marketplace/src/application/match-request.js');
const { RandomMarket } = built('libs/marketplace/src/testing/random-market.js');

const since = (from) => performance.now() - from;

function mandates(market, count) {
  return Array.from({ length: count }, (_, n) =>
    market.mandate(idOf(kinds.mandate, n), idOf(kinds.financier, n % 500)),
  );
}

function latency(index, market) {
  const briefs = Array.from({ length: 5_000 }, () => market.brief());
  for (const brief of briefs.slice(0, 500)) index.matching(brief);
  const [matching, ranking, nearest] = [[], [], []];
  let found = 0;
  for (const brief of briefs) {
    const from = performance.now();
    const fitting = index.matching(brief);
    matching.push(since(from));
    bestPerFinancier(fitting, brief);
    ranking.push(since(from));
    found += fitting.length;
  }
  for (const brief of briefs.slice(0, 500)) {
    const from = performance.now();
    index.nearest(brief, 200);
    nearest.push(since(from));
  }
  return { matching, ranking, nearest, found: found / briefs.length };
}

/** A million pairs of mandate and brief, while mandates change. */
function againstTheRule() {
  const market = new RandomMarket(2026);
  const index = new MandateIndex();
  const live = new Map();
  const change = (count) => {
    for (const mandate of mandates(market, 1_250).slice(0, count)) {
      const id = idOf(kinds.mandate, market.below(1_250));
      if (market.next() < 0.1) {
        live.delete(id);
        index.remove(id);
      } else {
        const changed = { ...mandate, id };
        live.set(id, changed);
        index.put(changed);
      }
    }
  };
  change(1_250);
  change(1_250);
  let [cases, matches] = [0, 0];
  while (cases < 1_000_000) {
    change(5);
    const brief = market.brief();
    const found = new Set(index.matching(brief).map(({ id }) => id));
    for (const mandate of live.values()) {
      const fits = failedRules(mandate, brief).length === 0;
      if (fits !== found.has(mandate.id)) throw new Error(`the index differs: ${JSON.stringify(brief.requestId)}`);
      if (fits) matches += 1;
      cases += 1;
    }
    if ([...found].some((id) => !live.has(id))) throw new Error('the index found what is gone');
  }
  return { cases, matches };
}

const market = new RandomMarket(1);
const all = mandates(market, 100_000);
let from = performance.now();
const index = new MandateIndex();
for (const mandate of all) index.put(mandate);
const building = since(from) / 1000;
report('index of 100,000 mandates built', rounded(building), 's', '≤ 10 s', building <= 10);

const { matching, ranking, nearest, found } = latency(index, market);
const [p50, p99] = [percentile(matching, 0.5), percentile(matching, 0.99)];
report('match a request against 100,000 mandates, p50', rounded(p50, 3), 'ms', '≤ 0.25 ms', p50 <= 0.25);
report('match a request against 100,000 mandates, p99', rounded(p99, 3), 'ms', '≤ 1 ms', p99 <= 1);
report('mandates found for a request, on average', rounded(found, 1), '');
report('the same with scores and the best of each financier, p99', rounded(percentile(ranking, 0.99), 3), 'ms');
report('200 nearest misses among 100,000 mandates, p99', rounded(percentile(nearest, 0.99), 2), 'ms');

const changes = Array.from({ length: 10_000 }, (_, n) => market.mandate(idOf(kinds.mandate, n * 7), 'f'));
from = performance.now();
for (const mandate of changes) index.put(mandate);
report('a changed mandate taken in, on average', rounded(since(from) / changes.length, 4), 'ms');

from = performance.now();
const { cases, matches } = againstTheRule();
report('random cases equal to the plain rule', cases, `(${matches} fit)`, '1,000,000', cases >= 1_000_000);

const small = new MandateIndex();
for (const mandate of mandates(market, 10_000)) small.put(mandate);
from = performance.now();
for (let n = 0; n < 10_000; n++) small.matching(market.brief());
const square = since(from) / 1000;
report('10,000 requests × 10,000 mandates', rounded(square), 's', '≤ 20 s', square <= 20);

/** The api with all mandates: read from the database by the first question, then kept. */
await withMarket(async ({ sql, api }) => {
  await people(sql, {
    kind: kinds.enterprise,
    organisationKind: 'enterprise',
    role: 'signatory',
    count: 1,
    firstSession: 0,
  });
  await makeRequests(sql, { to: 1, amounts: '50000000' });
  await sql(`UPDATE funding_request SET enterprise_id = ${idSql(kinds.enterprise, '0')}`);
  await sql(
    `INSERT INTO financier_profile (id, kind, licence_number, regulator, about, website, status, version, created_at, updated_at)
     SELECT ${idSql(kinds.financier, 'n')}, 'bank', 'L', 'SAMA', '', '', 'verified', 1, ${nowSql}, ${nowSql} FROM number WHERE n < 500`,
  );
  for (let start = 0; start < all.length; start += 1_000)
    await sql(
      `INSERT INTO mandate (id, financier_id, reference, name, status, product_kinds, currency, amount_min, amount_max, tenor_min, tenor_max, sectors, regions, size_classes, age_bands,
         grade_floor, collateral, offers_shariah, shariah_only, women_led_only, rural_only, valid_from, limits_approved, version, created_at, updated_at) VALUES ?`,
      [all.slice(start, start + 1_000).map(mandateRow)],
    );
  const { port, memoryMegabytes } = await api();
  const text = request('GET', `/v1/requests/${idOf(kinds.request, 0)}/matches`, { cookie: sessionOf(0).cookie });
  const begun = performance.now();
  const first = await ask(port, text);
  if (first.status !== 200) throw new Error(`answered ${first.status}: ${JSON.stringify(first.body)}`);
  report(
    '100,000 mandates read from the database by an api',
    rounded(since(begun) / 1000),
    's',
    '≤ 10 s',
    since(begun) <= 10_000,
  );
  for (let n = 0; n < 200; n++) await ask(port, text);
  const memory = memoryMegabytes();
  if (memory !== undefined) report('api with 100,000 mandates, resident', memory, 'MB', '≤ 500', memory <= 500);
});

function mandateRow(mandate, n) {
  const now = new Date();
  return [
    bytesOf(mandate.id),
    bytesOf(mandate.financierId),
    `m-${mandate.id.slice(-12)}`,
    `Mandate ${n}`,
    'live',
    JSON.stringify(mandate.productKinds),
    mandate.currency,
    mandate.amountMin.toString(),
    mandate.amountMax.toString(),
    mandate.tenorMin,
    mandate.tenorMax,
    JSON.stringify(mandate.sectors),
    JSON.stringify(mandate.regions),
    JSON.stringify(mandate.sizeClasses),
    JSON.stringify(mandate.ageBands),
    mandate.gradeFloor,
    JSON.stringify(mandate.collateral),
    mandate.offersShariah || mandate.shariahOnly,
    mandate.shariahOnly,
    mandate.womenLedOnly,
    mandate.ruralOnly,
    '2020-01-01',
    true,
    1,
    now,
    now,
  ];
}
