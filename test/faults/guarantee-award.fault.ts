import { randomUUID } from 'node:crypto';
import { idBytes } from '#platform';
import { countOf, judge } from './house/evidence.js';
import { accredit, type Fund, guaranteedOffer, makeFund, reserve } from './house/guarantees.js';
import { type Desk, type Firm, makeFinancier, makeFirm } from './house/parties.js';
import { disclose, openRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';

jest.setTimeout(240_000);

let market: RunningMarket;
let fund: Fund;
let desks: Desk[];
let firms: Firm[];
let requests: { id: string; closesAt: string }[];

beforeAll(async () => {
  market = await RunningMarket.open();
  fund = await makeFund(market);
  desks = [await makeFinancier(market), await makeFinancier(market), await makeFinancier(market)];
  for (const desk of desks) await accredit(fund, desk);
  firms = [await makeFirm(market), await makeFirm(market), await makeFirm(market)];
  requests = [];
  for (const firm of firms) requests.push(await openRequest(market, firm));
  for (const [n, firm] of firms.entries()) {
    const { id } = requests[n] as { id: string };
    await disclose(firm, id, desks);
    await firm.owner.stepUp(market.offsetSeconds);
    for (const [m, desk] of desks.entries()) {
      const offer = await desk.maker.post(
        `/v1/market/requests/${id}/offers`,
        guaranteedOffer(market, fund, `${7 + m}`, m === 0 ? '80' : '60'),
      );
      await market.settle();
      await reserve(fund, firm, desk, offer.id);
    }
  }
}, 240_000);
afterAll(() => market.close());

describe('the api killed with -9 while offers with guarantees are accepted', () => {
  it('makes one award of each request with its guarantee, voids the other letters, and loses no headroom', async () => {
    const last = Math.max(...requests.map(({ closesAt }) => Date.parse(closesAt)));
    await market.moveClockTo(new Date(last + 60_000).toISOString());
    await market.settle();
    for (const { owner } of firms) await owner.stepUp(market.offsetSeconds);
    let over = false;
    const accepting = Promise.all(
      requests.map(async ({ id }, n) => {
        const rows = await market.rows<{ id: string }>('SELECT LOWER(HEX(id)) AS id FROM offer WHERE request_id = ?', [
          idBytes(id),
        ]);
        return Promise.all(
          rows.flatMap((row) => {
            const offerId = row.id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
            const accept = () =>
              (firms[n] as Firm).owner.insist('POST', `/v1/offers/${offerId}/accept`, {}, { key: randomUUID() });
            return [accept(), accept(), accept()];
          }),
        );
      }),
    ).finally(() => (over = true));
    let kills = 0;
    while (!over && kills < 4) {
      kills += 1;
      await market.apis[0]?.kill();
      await market.startApi();
    }
    for (const answers of await accepting) {
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { body } of answers.filter(({ status }) => status !== 200))
        expect(['already_awarded', 'offer_not_live']).toContain(body.code);
    }
    expect(kills).toBeGreaterThanOrEqual(1);
    for (const { id } of requests) {
      expect(await countOf(market, 'award', id)).toBe(1);
      const states = await market.rows<{ state: string; n: string }>(
        'SELECT state, COUNT(*) AS n FROM guarantee WHERE request_id = ? GROUP BY state ORDER BY state',
        [idBytes(id)],
      );
      expect(states.map(({ state, n }) => [state, Number(n)])).toEqual([
        ['issued', 1],
        ['lapsed', 2],
      ]);
    }
    const [taken] = await market.rows<{ rows_say: string; row_says: string }>(
      `SELECT (SELECT COALESCE(SUM(balance_minor), 0) FROM guarantee WHERE state IN ('issued','in_force','claimed'))
            + (SELECT COALESCE(SUM(amount_minor), 0) FROM guarantee_reservation WHERE status = 'live') AS rows_say,
              (SELECT used_minor FROM scheme_capacity)
            - (SELECT COALESCE(SUM(amount_minor), 0) FROM capacity_movement WHERE scope = 'total') AS row_says`,
    );
    expect(taken?.row_says).toBe(taken?.rows_say);
    await judge(market);
  });
});
