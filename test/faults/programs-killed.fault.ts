import { randomUUID } from 'node:crypto';
import { idBytes } from '#platform';
import { countOf, judge } from './house/evidence.js';
import { type Desk, type Firm, makeFinancier, makeFirm } from './house/parties.js';
import { disclose, offerOf, openRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(120_000);

let market: RunningMarket;
let desks: Desk[];
let firms: Firm[];
let requests: { id: string; closesAt: string }[];

beforeAll(async () => {
  market = await RunningMarket.open();
  desks = [];
  for (let n = 0; n < 4; n++) desks.push(await makeFinancier(market));
  firms = [await makeFirm(market), await makeFirm(market), await makeFirm(market)];
  requests = [];
  for (const firm of firms) requests.push(await openRequest(market, firm));
  for (const [n, firm] of firms.entries()) await disclose(firm, requests[n]?.id as string, desks);
});
afterAll(() => market.close());

/** Kills and starts the api and the worker in turn until `work` is over. */
async function whileDying(work: Promise<unknown>): Promise<number> {
  let over = false;
  const ended = work.finally(() => (over = true));
  let kills = 0;
  while (!over && kills < 40) {
    const worker = kills++ % 2 === 1;
    await (worker ? market.workers[0] : market.apis[0])?.kill();
    await (worker ? market.startWorker() : market.startApi());
  }
  await ended;
  return kills;
}

describe('api and worker killed with -9', () => {
  it('do a command once whose answer died with the api', async () => {
    const [{ owner }] = firms as [Firm];
    const drafts = async () =>
      Number((await market.rows("SELECT COUNT(*) AS n FROM funding_request WHERE state = 'draft'"))[0]?.['n']);
    const keys = Array.from({ length: 50 }, () => randomUUID());
    const sendAll = () => keys.map((key) => owner.send('POST', '/v1/requests', {}, { key }).catch(() => undefined));
    const unheard = sendAll();
    await until('some of them done', async () => (await drafts()) > 0);
    await market.apis[0]?.kill();
    await Promise.all(unheard);
    expect(await drafts()).toBeGreaterThan(0);
    await market.startApi();
    const answers = await Promise.all(keys.map((key) => owner.insist('POST', '/v1/requests', {}, { key })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(keys.length);
    expect(await drafts()).toBe(keys.length);
  });

  it('lose no acknowledged offer and double none while financiers bid', async () => {
    const acknowledged: string[] = [];
    // Each financier bids on each request and betters its offer five times; every command is sent until it is answered.
    const bid = async (desk: Desk, requestId: string) => {
      const path = `/v1/market/requests/${requestId}/offers`;
      const placed = await desk.maker.insist('POST', path, offerOf(market, '9'), { key: randomUUID() });
      expect([placed.status, placed.text]).toEqual([201, expect.any(String)]);
      acknowledged.push(placed.body.id);
      let { version } = placed.body;
      for (const rate of ['8.8', '8.6', '8.4', '8.2', '8']) {
        const { binding: _fixed, ...better } = offerOf(market, rate, { days: 61 }) as { binding: boolean };
        const how = { key: randomUUID(), version };
        const revised = await desk.maker.insist('PUT', `/v1/offers/${placed.body.id}`, better, how);
        expect([revised.status, revised.text]).toEqual([200, expect.any(String)]);
        version = revised.body.version;
      }
    };
    const bidding = Promise.all(
      desks.map(async (desk) => {
        for (const { id } of requests) await bid(desk, id);
      }),
    );
    const kills = await whileDying(bidding);
    expect(kills).toBeGreaterThanOrEqual(2);
    expect(new Set(acknowledged).size).toBe(desks.length * requests.length);
    for (const { id } of requests) expect(await countOf(market, 'offer', id)).toBe(desks.length);
    const revisions = await market.rows("SELECT COUNT(*) AS n FROM market_history WHERE action = 'revise'");
    expect(Number(revisions[0]?.['n'])).toBe(5 * acknowledged.length);
    await judge(market);
  });

  it('make one award of each request while everybody accepts at once', async () => {
    await market.moveClockTo(
      new Date(Math.max(...requests.map(({ closesAt }) => Date.parse(closesAt))) + 60_000).toISOString(),
    );
    await market.settle();
    const owners = await Promise.all(firms.map(({ owner }) => market.person(owner.email)));
    await Promise.all(owners.map((owner) => owner.stepUp(market.offsetSeconds)));
    const accepting = Promise.all(
      requests.map(async ({ id }, n) => {
        const offers = await market.rows<{ id: string }>(
          'SELECT LOWER(HEX(id)) AS id FROM offer WHERE request_id = ?',
          [idBytes(id)],
        );
        return Promise.all(
          offers.map(async (offer) => {
            const offerId = offer.id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
            return owners[n]?.insist('POST', `/v1/offers/${offerId}/accept`, {}, { key: randomUUID() });
          }),
        );
      }),
    );
    await whileDying(accepting);
    for (const answers of await accepting) {
      expect(answers.map((answer) => answer?.status).sort()).toEqual([200, 409, 409, 409]);
      for (const answer of answers.filter((each) => each?.status === 409))
        expect(answer?.body.code).toBe('already_awarded');
    }
    for (const { id } of requests) expect(await countOf(market, 'award', id)).toBe(1);
    await judge(market);
  });
});
