// The market's list beside the bare server: a financier that sees very many requests asks for pages by filters and orders.
import { setTimeout as pause } from 'node:timers/promises';
import { idOf, kinds, people, sessionOf, withMarket } from './bench-market.mjs';
import { rounded } from './figures.mjs';
import { ask, interleave, request, told } from './load.mjs';

const limit = 20;
const connections = 32;
/** Short turns: what else the machine does falls on both sides alike. */
const rounds = { rounds: 12, seconds: 0.8, connections };

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

/** Measures a market that `fill` makes; every question carries the same in SQL, by which the answers are checked. */
export async function measureList({ fill, asked, name }) {
  return withMarket(async ({ sql, api, bare }) => {
    await people(sql, {
      kind: kinds.financier,
      organisationKind: 'financier',
      role: 'maker',
      count: connections,
      organisations: 1,
      firstSession: 0,
    });
    await fill(sql);
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
