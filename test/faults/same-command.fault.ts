import { randomUUID } from 'node:crypto';
import { countOf, judge } from './house/evidence.js';
import { type Desk, type Firm, makeFinancier, makeFirm } from './house/parties.js';
import type { Answer } from './house/person.js';
import { disclose, draftRequest, offerOf, openRequest, submitRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';

jest.setTimeout(120_000);

let market: RunningMarket;
let desks: Desk[];
let firm: Firm;
let request: { id: string; closesAt: string };

beforeAll(async () => {
  market = await RunningMarket.open({ apis: 2 });
  desks = [await makeFinancier(market), await makeFinancier(market)];
  firm = await makeFirm(market);
  request = await openRequest(market, firm);
  await disclose(firm, request.id, desks);
});
afterAll(() => market.close());

const fifty = (send: (n: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: 50 }, (_, n) => send(n)));

const kinds = (answers: readonly Answer[]): string[] => [
  ...new Set(answers.map(({ status, text }) => `${status} ${text}`)),
];

describe('one command sent 50 times at once through two api processes', () => {
  it('places one offer and gives 50 equal answers', async () => {
    const [{ maker }] = desks as [Desk];
    const [key, body] = [randomUUID(), offerOf(market, '9')];
    const path = `/v1/market/requests/${request.id}/offers`;
    const answers = await fifty((n) => maker.send('POST', path, body, { key, at: market.address(n % 2) }));
    expect(kinds(answers)).toEqual([expect.stringMatching(/^201 /)]);
    expect(await countOf(market, 'offer', request.id)).toBe(1);
  });

  it('gives 50 equal refusals where the rule refuses', async () => {
    const [{ maker }] = desks as [Desk];
    const [key, body] = [randomUUID(), offerOf(market, '8')];
    const path = `/v1/market/requests/${request.id}/offers`;
    const answers = await fifty((n) => maker.send('POST', path, body, { key, at: market.address(n % 2) }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([409]));
    expect(new Set(answers.map((answer) => JSON.stringify({ ...answer.body, traceId: '' }))).size).toBe(1);
    expect(answers[0]?.body.code).toBe('offer_exists');
  });

  it('takes a key for one input only, and demands one', async () => {
    const [, { maker }] = desks as [Desk, Desk];
    const key = randomUUID();
    const path = `/v1/market/requests/${request.id}/offers`;
    const first = await maker.send('POST', path, offerOf(market, '9.5'), { key });
    expect(first.status).toBe(201);
    const other = await maker.send('POST', path, offerOf(market, '9.4'), { key });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    const missing = await maker.send('POST', path, offerOf(market, '9.4'));
    expect([missing.status, missing.body.code]).toEqual([422, 'idempotency_key_missing']);
    expect(await countOf(market, 'offer', request.id)).toBe(2);
  });
});

describe('two at once on one record', () => {
  it('tells the second of two who edit one draft (412), and overwrites nothing', async () => {
    const { owner } = firm;
    const { id } = await draftRequest(owner);
    const { version } = await owner.get(`/v1/requests/${id}`);
    const edit = (tenorMonths: number, n: number) =>
      owner.send('PATCH', `/v1/requests/${id}`, { tenorMonths }, { version, at: market.address(n) });
    const answers = await Promise.all([edit(12, 0), edit(36, 1)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const told = answers.find(({ status }) => status === 412);
    expect(told?.body).toMatchObject({ code: 'record_changed', data: { version: version + 1 } });
    const kept = await owner.get(`/v1/requests/${id}`);
    expect([kept.version, kept['tenorMonths']]).toEqual([version + 1, answers[0]?.status === 200 ? 12 : 36]);
  });

  it('lets one of two reviewers decide who decide at once', async () => {
    const id = await submitRequest(firm.owner);
    const [lead, reviewer] = await Promise.all([market.lead(), market.reviewer()]);
    const reasons = [{ code: 'not_eligible', message: 'Outside what this market serves.' }];
    const answers = await Promise.all([
      lead.send('POST', `/v1/review/requests/${id}/open`, undefined, { at: market.address(0) }),
      reviewer.send('POST', `/v1/review/requests/${id}/reject`, { reasons }, { at: market.address(1) }),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409 || status === 404)).toHaveLength(1);
    const decisions = await market.rows(
      "SELECT action FROM market_history WHERE subject_id = UNHEX(?) AND action IN ('open', 'reject')",
      [id.replaceAll('-', '')],
    );
    expect(decisions).toHaveLength(1);
  });

  it('makes one award of a double click and of two tabs', async () => {
    await market.moveClockTo(new Date(Date.parse(request.closesAt) + 60_000).toISOString());
    const { owner } = firm;
    await owner.stepUp(market.offsetSeconds);
    const { items } = await owner.get(`/v1/requests/${request.id}/comparison`);
    const [best, next] = items;
    const key = randomUUID();
    const accept = (id: string, how: { key: string }, n: number) =>
      owner.send('POST', `/v1/offers/${id}/accept`, {}, { ...how, at: market.address(n) });
    const answers = await Promise.all([
      accept(String(best?.id), { key }, 0),
      accept(String(best?.id), { key }, 1),
      accept(String(best?.id), { key: randomUUID() }, 0),
      accept(String(next?.id), { key: randomUUID() }, 1),
    ]);
    const accepted = answers.filter(({ status }) => status === 200);
    expect(kinds(accepted)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expect([answer.status, answer.body.code]).toEqual([
        409,
        expect.stringMatching(/^(already_awarded|offer_not_live)$/),
      ]);
    expect(await countOf(market, 'award', request.id)).toBe(1);
    await judge(market);
  });
});
