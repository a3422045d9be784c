// The market's list for a financier that sees very many requests (issue 2): speed beside the bare server, p99 beside a small market,
// and the same under skew, where the statement that one would write first falls off a cliff.
import { setTimeout as pause } from 'node:timers/promises';
import { idOf, kinds, people, sessionOf, withMarket } from './bench-market.mjs';
import { report, rounded } from './figures.mjs';
import { ask, interleave, request, told } from './load.mjs';
import { clusteredAmounts, evenAmounts, makeMatches, makeRequests } from './request-data.mjs';

const limit = 20;
const connections = 32;
/** Short turns: what else the machine does falls on both sides alike. */
const rounds = { rounds: 12, seconds: 0.8, connections };

/** What financiers ask: mostly filtered, in every order, also pages further on. `plain` is the same in SQL, for the first idea. */
const questions = [
  { query: 'sort=newest', order: 'r.opened_at DESC, r.id DESC', where: '' },
  { query: 'sort=closing&sector=C,F,G', order: 'r.closes_at, r.id', where: " AND r.sector IN ('C','F','G')" },
  {
    query: 'sort=amount&size=small&currency=SAR&amountTo=2000000',
    order: 'r.amount_minor DESC, r.id DESC',
    where: " AND r.size_class IN ('small') AND r.currency = 'SAR' AND r.amount_minor <= 200000000",
  },
  {
    query: 'sort=score&region=SA-01,SA-02&grade=AAA,AA,A&shariahOnly=true',
    order: 'm.score DESC, r.id DESC',
    where: " AND r.region IN ('SA-01','SA-02') AND r.grade IN ('AAA','AA','A') AND r.shariah_only = 1",
  },
  {
    query: 'sort=newest&amountFrom=1000000&amountTo=3000000&tenorFrom=12&tenorTo=24&product=term_loan',
    order: 'r.opened_at DESC, r.id DESC',
    where:
      " AND r.product_kind IN ('term_loan') AND r.amount_minor BETWEEN 100000000 AND 300000000 AND r.tenor_months BETWEEN 12 AND 24",
  },
  {
    query: 'sort=score&sector=A&region=SA-05&grade=AAA&womenLed=true&rural=true',
    order: 'm.score DESC, r.id DESC',
    where:
      " AND r.sector IN ('A') AND r.region IN ('SA-05') AND r.grade IN ('AAA') AND r.women_led = 1 AND r.rural = 1",
  },
];

/** Rare matches among clustered amounts: a score of requests from 20 million on, hidden among 400,000. */
const rare = [
  {
    query: 'sort=newest&amountFrom=20000000',
    order: 'r.opened_at DESC, r.id DESC',
    where: ' AND r.amount_minor >= 2000000000',
  },
  {
    query: 'sort=closing&amountFrom=15000000&currency=SAR',
    order: 'r.closes_at, r.id',
    where: " AND r.amount_minor >= 1500000000 AND r.currency = 'SAR'",
  },
  {
    query: 'sort=score&sector=B&region=SA-03&grade=CCC&size=micro&womenLed=true&rural=true',
    order: 'm.score DESC, r.id DESC',
    where:
      " AND r.sector IN ('B') AND r.region IN ('SA-03') AND r.grade IN ('CCC') AND r.size_class IN ('micro') AND r.women_led = 1 AND r.rural = 1",
  },
  {
    query: 'sort=newest&amountFrom=600000&amountTo=19000000',
    order: 'r.opened_at DESC, r.id DESC',
    where: ' AND r.amount_minor BETWEEN 60000000 AND 1900000000',
  },
];

const path = ({ query }) => `/v1/market/requests?limit=${limit}&${query}`;
const { cookie } = sessionOf(0);

/** Asks until the list comes from the book, then for the ids that the bare server is given: those shown, and the first of the next page. */
async function prepared(port, asked) {
  const last = asked[asked.length - 1];
  const read = performance.now();
  // By the statement the last question takes a second, from the book a few milliseconds.
  for (let quick = 0; quick < 5 && performance.now() - read < 60_000; await pause(200)) {
    const from = performance.now();
    await ask(port, request('GET', path(last), { cookie }));
    quick = performance.now() - from < 25 ? quick + 1 : 0;
  }
  console.log(`the list is quick after ${rounded((performance.now() - read) / 1000, 1)} s`);
  const pages = [];
  for (const question of asked) {
    const { status, body } = await ask(port, request('GET', path(question), { cookie }));
    if (status !== 200) throw new Error(`the list answered ${status}: ${JSON.stringify(body)}`);
    const ids = body.items.map(({ id }) => id);
    if (!body.nextCursor) {
      pages.push({ question, ids, further: [] });
      continue;
    }
    const next = { ...question, query: `${question.query}&cursor=${encodeURIComponent(body.nextCursor)}` };
    const { body: second } = await ask(port, request('GET', path(next), { cookie }));
    const secondIds = second.items.map(({ id }) => id);
    pages.push({ question, ids, further: secondIds.slice(0, 1) });
    pages.push({ question: next, ids: secondIds, further: second.nextCursor ? ids.slice(0, 1) : [] });
  }
  return pages;
}

/** The same answers as a plain statement gives, or the measurement is worth nothing. */
async function assertSame(sql, pages) {
  for (const { question, ids } of pages.filter(({ question: { query } }) => !query.includes('cursor'))) {
    const rows = await sql(
      `SELECT LOWER(HEX(r.id)) AS id FROM request_match m JOIN funding_request r ON r.id = m.request_id
       WHERE m.financier_id = UNHEX(?) AND m.listed = 1 AND r.state = 'open' AND r.closes_at > UTC_TIMESTAMP(6)${question.where} ORDER BY ${question.order} LIMIT ?`,
      [idOf(kinds.financier, 0).replaceAll('-', ''), limit],
    );
    const plain = rows.map(({ id }) => id).join();
    if (plain !== ids.map((id) => id.replaceAll('-', '')).join())
      throw new Error(`the list differs: ${question.query}`);
  }
}

function sides(ours, plain, pages) {
  // As many people as connections: a process that reads the same session for all of them would look too good.
  const turn = (make) => {
    let n = 0;
    return () => make(pages[n % pages.length], sessionOf(n++ % connections).cookie);
  };
  return {
    bare: {
      ...plain,
      next: turn(({ ids, further }, cookie) =>
        request('POST', '/list', { cookie, body: { ids: [...ids, ...further] } }),
      ),
    },
    'bare, gathering': {
      ...plain,
      next: turn(({ ids, further }, cookie) =>
        request('POST', '/gathered-list', { cookie, body: { ids: [...ids, ...further] } }),
      ),
    },
    sanad: { ...ours, next: turn(({ question }, cookie) => request('GET', path(question), { cookie })) },
  };
}

async function measure({ total, listed, amounts, asked, name }) {
  return withMarket(async ({ sql, api, bare }) => {
    await people(sql, {
      kind: kinds.financier,
      organisationKind: 'financier',
      role: 'maker',
      count: connections,
      organisations: 1,
      firstSession: 0,
    });
    await makeRequests(sql, { to: total, open: listed, amounts });
    await makeMatches(sql, { to: total, open: listed, financier: '0' });
    await sql('ANALYZE TABLE request_match, funding_request');
    const [ours, plain] = [await api(), await bare('bare-server.mjs')];
    const pages = await prepared(ours.port, asked);
    await assertSame(sql, pages);
    const results = await interleave(sides(ours, plain, pages), rounds);
    for (const [side, result] of Object.entries(results)) console.log(`${name}, ${side}: ${told(result)}`);
    const obvious = await firstIdea(sql, asked);
    console.log(`${name}, the statement that one would write first: ${obvious} ms a page on average, alone`);
    return { ...results, memory: ours.memoryMegabytes() };
  });
}

/** Milliseconds of the plain statement, a question after the other on one connection. */
async function firstIdea(sql, asked) {
  const since = performance.now();
  for (const { where, order } of asked)
    await sql(
      `SELECT r.id FROM request_match m JOIN funding_request r ON r.id = m.request_id
       WHERE m.financier_id = UNHEX(?) AND m.listed = 1 AND r.state = 'open' AND r.closes_at > UTC_TIMESTAMP(6)${where} ORDER BY ${order} LIMIT ?`,
      [idOf(kinds.financier, 0).replaceAll('-', ''), limit],
    );
  return Math.round((performance.now() - since) / asked.length);
}

const small = await measure({
  total: 10_000,
  listed: 10_000,
  amounts: evenAmounts,
  asked: questions,
  name: '10,000 requests',
});
const large = await measure({
  total: 1_000_000,
  listed: 400_000,
  amounts: evenAmounts,
  asked: questions,
  name: '1,000,000 requests, 400,000 of them open',
});
const skewed = await measure({
  total: 400_000,
  listed: 400_000,
  amounts: clusteredAmounts,
  asked: rare,
  name: '400,000 open, amounts clustered, rare matches',
});

const ofBare = large.sanad.rate / large.bare.rate;
const p99 = large.sanad.p99 / small.sanad.p99;
const skew = skewed.sanad.rate / large.sanad.rate;
report('list of 1,000,000 requests, of the bare limit', rounded(ofBare), '×', '≥ 0.7', ofBare >= 0.7);
report(
  'the same, of a bare server that gathers reads as ours does',
  rounded(large.sanad.rate / large['bare, gathering'].rate),
  '×',
);
report('list of 1,000,000 requests, p99 of that with 10,000', rounded(p99), '×', '≤ 1.5', p99 <= 1.5);
report('list under skew, of its rate without', rounded(skew), '×', '≥ 0.7', skew >= 0.7);
report('list of 1,000,000 requests', Math.round(large.sanad.rate), 'a second');
report('api with a book of 400,000 requests, resident', large.memory, 'MB');
