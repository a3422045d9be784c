import { Redis } from 'ioredis';
import { idBytes } from '#platform';
import { judge } from './house/evidence.js';
import { type Desk, type Firm, makeFinancier, makeFirm } from './house/parties.js';
import { offerOf, submitRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(120_000);

let market: RunningMarket;
let desks: Desk[];
let firms: Firm[];

beforeAll(async () => {
  market = await RunningMarket.open({ ownServers: true, workers: 2 });
  desks = [];
  for (let n = 0; n < 3; n++) desks.push(await makeFinancier(market));
  firms = [await makeFirm(market), await makeFirm(market)];
  await market.settle();
});
afterAll(() => market.close());

/** Opens a request; its event makes the worker match it. */
async function open(firm: Firm): Promise<string> {
  const id = await submitRequest(firm.owner);
  await (await market.lead()).post(`/v1/review/requests/${id}/open`);
  return id;
}

/** How long after its day an offer was found expired, in milliseconds. */
async function lateness(offerId: string): Promise<number> {
  const [row] = await market.rows(
    `SELECT TIMESTAMPDIFF(MICROSECOND, o.expires_at, h.at) / 1000 AS late FROM offer o
     JOIN market_history h ON h.subject_id = o.id AND h.action = 'expire' WHERE o.id = ?`,
    [idBytes(offerId)],
  );
  return Number(row?.['late']);
}

/** An indicative offer that stands for some seconds: its end is a timer that soon falls due. */
async function shortOffer({ maker }: Desk, requestId: string, seconds: number): Promise<string> {
  const body = offerOf(market, '9', { binding: false, days: seconds / 86_400 });
  return (await maker.post(`/v1/market/requests/${requestId}/offers`, body)).id;
}

const matchedBy = async (requestId: string): Promise<number> =>
  Number(
    (await market.rows('SELECT COUNT(*) AS n FROM request_match WHERE request_id = ?', [idBytes(requestId)]))[0]?.['n'],
  );

const ended = async (offerId: string): Promise<boolean> =>
  (await market.rows("SELECT 1 FROM offer WHERE id = ? AND state = 'expired'", [idBytes(offerId)])).length === 1;

describe('Redis', () => {
  it('emptied again and again: every event is handled once and every timer fires', async () => {
    const redis = new Redis(String(market.servers?.env['REDIS_URL']));
    try {
      let over = false;
      const emptied = (async () => {
        let times = 0;
        for (; !over; times++) {
          await redis.flushall();
          await new Promise((resolve) => setImmediate(resolve));
        }
        return times;
      })();
      const ids: string[] = [];
      for (const firm of [...firms, ...firms, ...firms]) ids.push(await open(firm));
      over = true;
      expect(await emptied).toBeGreaterThan(100);
      await market.settle();
      for (const id of ids) expect(await matchedBy(id)).toBe(desks.length);
      const offers = [];
      for (const desk of desks) offers.push(await shortOffer(desk, ids[0] as string, 2));
      // The timers' jobs are in Redis by now; then they are gone.
      await until(
        'the timers armed',
        async () =>
          (await market.rows('SELECT 1 FROM timer WHERE armed = 0 AND due_at <= UTC_TIMESTAMP(6) + INTERVAL 1 HOUR'))
            .length === 0,
      );
      await redis.flushall();
      for (const offer of offers) await until('the offer ended', () => ended(offer));
      for (const offer of offers) expect(await lateness(offer)).toBeLessThan(3_000);
    } finally {
      redis.disconnect();
    }
    await judge(market);
  });

  it('stopped: the api serves, events are handled, timers fire; started: nothing happens twice', async () => {
    await market.servers?.kill('Redis');
    const [firm] = firms as [Firm];
    const id = await open(firm);
    await until('the request matched without Redis', async () => (await matchedBy(id)) === desks.length);
    const offers = [];
    for (const desk of desks) offers.push(await shortOffer(desk, id, 2));
    for (const offer of offers) await until('the offer ended without Redis', () => ended(offer));
    for (const offer of offers) expect(await lateness(offer)).toBeLessThan(3_000);
    expect((await firm.owner.send('GET', '/health/ready')).status).toBe(200);
    await market.servers?.start('Redis');
    const again = await open(firm);
    await until('the request matched with Redis', async () => (await matchedBy(again)) === desks.length);
    expect([...market.apis, ...market.workers].map(({ alive }) => alive)).toEqual([true, true, true]);
    await judge(market);
  });

  it('gone: a worker and an api still start, and still end in order', async () => {
    await market.servers?.kill('Redis');
    await Promise.all([market.workers[0]?.stop(), market.apis[0]?.stop()]);
    await Promise.all([market.startWorker(), market.startApi()]);
    const id = await open(firms[0] as Firm);
    await until('the request matched without Redis', async () => (await matchedBy(id)) === desks.length);
    await market.servers?.start('Redis');
    await judge(market);
  });
});
