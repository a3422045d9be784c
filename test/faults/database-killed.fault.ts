import { randomUUID } from 'node:crypto';
import { countOf, judge } from './house/evidence.js';
import { type Desk, type Firm, makeFinancier, makeFirm } from './house/parties.js';
import type { Answer } from './house/person.js';
import { disclose, offerOf, openRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(120_000);

let market: RunningMarket;
let desks: Desk[];
let firms: Firm[];
let requests: string[];

beforeAll(async () => {
  market = await RunningMarket.open({ ownServers: true });
  desks = [await makeFinancier(market), await makeFinancier(market), await makeFinancier(market)];
  firms = [await makeFirm(market), await makeFirm(market), await makeFirm(market), await makeFirm(market)];
  requests = [];
  for (const firm of firms) requests.push((await openRequest(market, firm)).id);
  for (const [n, firm] of firms.entries()) await disclose(firm, requests[n] as string, desks);
});
afterAll(() => market.close());

/** What a client may be told while the database is away: come again, in the form of every other refusal. */
function expectComeAgain({ status, headers, body }: Answer): void {
  expect(body).toMatchObject({ status: 503, code: 'database_unreachable', next: expect.any(String) });
  expect(status).toBe(503);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('MariaDB killed with -9 and started again', () => {
  it('answers 503 with Retry-After, then goes on with the same processes and nothing acknowledged lost', async () => {
    const acknowledged = new Map<string, string>();
    const place = async ({ maker }: Desk, requestId: string) => {
      const path = `/v1/market/requests/${requestId}/offers`;
      const placed = await maker.insist('POST', path, offerOf(market, '9'), { key: randomUUID() });
      expect([placed.status, placed.text]).toEqual([201, expect.any(String)]);
      acknowledged.set(placed.body.id, requestId);
    };
    let killed = 0;
    let bidding = true;
    const bids = Promise.all(
      desks.map(async (desk) => {
        for (const id of requests) {
          await place(desk, id);
          // Every financier's next bid meets a database that has just been, or is just being, killed.
          await until('the next kill', () => killed >= acknowledged.size / desks.length - 1 || killed >= 3);
        }
      }),
    ).finally(() => (bidding = false));
    // Looked at below; a failure before that must not end the whole run.
    bids.catch(() => undefined);
    for (; killed < 3; killed++) {
      await market.servers?.kill('MariaDB');
      const [desk, requestId] = [desks[0] as Desk, requests[0] as string];
      expectComeAgain(await desk.maker.send('GET', `/v1/market/requests/${requestId}`));
      expectComeAgain(
        await desk.maker.send('POST', `/v1/market/requests/${requestId}/offers`, offerOf(market, '9'), {
          key: randomUUID(),
        }),
      );
      expectComeAgain(await desk.maker.send('GET', '/health/ready'));
      expect((await desk.maker.send('GET', '/health/live')).status).toBe(200);
      await market.servers?.start('MariaDB');
      await until('the api ready again', async () => (await desk.maker.send('GET', '/health/ready')).status === 200);
    }
    await bids;
    expect(bidding).toBe(false);
    expect([...market.apis, ...market.workers].map(({ alive }) => alive)).toEqual([true, true]);
    for (const id of requests) expect(await countOf(market, 'offer', id)).toBe(desks.length);
    const rows = await market.rows<{ id: string }>("SELECT LOWER(HEX(id)) AS id FROM offer WHERE state = 'live'");
    expect(rows.map(({ id }) => id).sort()).toEqual(
      [...acknowledged.keys()].map((id) => id.replaceAll('-', '')).sort(),
    );
    await judge(market);
  });
});
