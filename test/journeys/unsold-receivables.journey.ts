// size: the market of receivables as its people meet it by HTTP, told in order.
import { randomUUID } from 'node:crypto';
import { judge } from '../faults/house/evidence.js';
import { accredit, type Fund, makeFund, reserve } from '../faults/house/guarantees.js';
import { type Desk, type Firm, makeFirm } from '../faults/house/parties.js';
import type { Json } from '../faults/house/person.js';
import {
  type Anchor,
  bidOf,
  bidsOf,
  confirmedInvoice,
  dayOf,
  expectSoundBooks,
  heldBy,
  listed,
  listSupplier,
  makeAnchor,
  makeReceivablesBank,
  nextOpening,
  openingAfter,
  type Receivable,
  workingDayOf,
} from '../faults/house/receivables.js';
import { money } from '../faults/house/requests.js';
import { RunningMarket } from '../faults/house/running-market.js';

jest.setTimeout(60_000);

/** An anchor, its supplier, a bank that a guarantee scheme knows: what nobody buys finds another way. */
let market: RunningMarket;
let anchor: Anchor;
let seller: Firm;
let bank: Desk;
let fund: Fund;

const showOf = (requestId: string) => seller.owner.get(`/v1/receivable-requests/${requestId}`);
const later = (instant: string, minutes: number) => new Date(Date.parse(instant) + minutes * 60_000).toISOString();
const refusal = async (method: 'POST' | 'PUT', path: string, body: object, desk = bank, version?: number) => {
  const how = { key: randomUUID(), ...(version === undefined ? {} : { version }) };
  const { status, body: answer } = await desk.maker.send(method, path, body, how);
  return status < 300 ? 'done' : answer.code;
};
/** The time to decide passes: the worker ends the request. */
async function endUnsold(requestId: string): Promise<void> {
  const { decideBy } = await showOf(requestId);
  await market.moveClockTo(later(String(decideBy), 2));
  await market.settle();
  expect((await showOf(requestId)).state).toBe('expired');
}

beforeAll(async () => {
  market = await RunningMarket.open({ at: nextOpening() });
  anchor = await makeAnchor(market);
  seller = await makeFirm(market);
  await listSupplier(anchor, seller);
  bank = await makeReceivablesBank(market, [anchor], '1000000.00', [
    'invoice_discounting',
    'receivables_pool',
    'order_finance',
  ]);
  fund = await makeFund(market);
  await accredit(fund, bank);
}, 60_000);
afterAll(() => market.close());

describe('an invoice on the market', () => {
  let invoice: Receivable;
  let other: Receivable;
  let requestId: string;

  it('is shown to its seller with what it stands on; the hours are public', async () => {
    invoice = await confirmedInvoice(market, seller, anchor);
    ({ id: requestId } = await listed(market, seller, [invoice.certificateId]));
    const shown = await showOf(requestId);
    expect(shown).toMatchObject({
      state: 'open',
      waysOn: [],
      receivables: {
        certificates: [
          {
            certificateId: invoice.certificateId,
            receivableId: invoice.id,
            anchor: { id: anchor.id },
            amount: money('120000.00'),
          },
        ],
      },
    });
    expect(await seller.owner.get('/v1/market/hours')).toEqual({ open: true, opensAt: null });
  });

  it('is bid for, and the bid bettered and never worsened', async () => {
    const bid = await bank.maker.post(bidsOf(requestId), bidOf('8.4'));
    const path = `/v1/offers/${bid.id}/bid`;
    expect(await refusal('PUT', path, bidOf('8.6'), bank, bid.version)).toBe('offer_not_better');
    expect(await refusal('PUT', path, bidOf('8.2'), bank, bid.version + 7)).toBe('record_changed');
    const body = bidOf('8.1');
    const better = await bank.maker.must('PUT', path, body, { key: randomUUID(), version: bid.version });
    const { settlesOn } = (await showOf(requestId))['receivables'] as { settlesOn: string };
    const days = (Date.parse(dayOf(market, 90)) - Date.parse(settlesOn)) / 86_400_000;
    // 12,000 kept back; 108,000 at 8.1 % are 24.30 a day of a year of 360 (market.json of SA: ACT/360, discount).
    expect(better['net']).toEqual(money((108_000 - 24.3 * days).toFixed(2)));
  });

  it('that is not sold is its seller’s again, who is told what is possible', async () => {
    other = await confirmedInvoice(market, seller, anchor, { amount: money('45500.00') });
    const programme = await anchor.maker.post('/v1/discount-programmes', {
      name: 'Early at six',
      curve: [{ daysFrom: 5, annualRate: '6' }],
      floorRate: '5',
      dailyBudget: money('60000.00'),
      validFrom: dayOf(market),
      validTo: null,
    });
    await anchor.checker.stepUp(market.offsetSeconds);
    await anchor.checker.post(`/v1/discount-programmes/${programme.id}/approve`);
    await endUnsold(requestId);
    expect((await showOf(requestId))['waysOn']).toEqual(['early_payment', 'pool', 'list_again']);
    expect(await seller.owner.get(`/v1/receivable-requests/${requestId}/alternatives`)).toMatchObject({
      earlyPayment: [{ id: programme.id, certificateIds: [invoice.certificateId] }],
      pool: { certificateIds: [invoice.certificateId, other.certificateId] },
      guaranteed: null,
      listAgain: true,
    });
    const { items } = await seller.owner.get('/v1/notices?limit=100');
    const notice = items.find(({ title }) => title === 'Your receivables were not sold');
    expect(String(notice?.['body'])).toMatch(/pays early at a discount.*as a pool/);
    expect(String(notice?.['body'])).not.toContain('guarantee');
    const stranger = await makeFirm(market);
    const asked = await stranger.owner.send('GET', `/v1/receivable-requests/${requestId}/alternatives`);
    expect(asked.status).toBe(404);
  });

  it('meets a closed market in the evening', async () => {
    const hours = (await seller.owner.get('/v1/market/hours')) as Json & { open: boolean; opensAt: string };
    expect(hours.open).toBe(false);
    expect(Date.parse(hours.opensAt)).toBeGreaterThan(Date.parse(market.instant()));
  });

  it('is offered with the other as a pool in one step', async () => {
    const pool = await seller.owner.post(`/v1/receivable-requests/${requestId}/pool`);
    expect(pool).toMatchObject({ state: 'open', productKind: 'receivables_pool', amount: money('165500.00') });
    await market.settle();
    expect(await refusal('POST', bidsOf(pool.id), bidOf('8'))).toBe('market_closed');
    expect((await showOf(requestId))['waysOn']).toEqual([]);
    await seller.owner.post(`/v1/requests/${pool.id}/withdraw`, { reason: 'the anchor pays early' });
    expect(await heldBy(seller)).toHaveLength(2);
  });

  it('is paid early as far as the day’s money goes; the anchor sees who asks', async () => {
    const { items: offers } = await seller.owner.get('/v1/discount-offers');
    expect(offers).toMatchObject([{ anchor: { id: anchor.id }, floorRate: '5' }]);
    const programmeId = (offers[0] as Json).id;
    const payOn = workingDayOf(market, 3);
    await seller.owner.stepUp(market.offsetSeconds);
    const ask = (certificateId: string, more = {}) =>
      seller.owner.post('/v1/discount-asks', { programmeId, certificateId, payOn, ...more });
    const small = await ask(other.certificateId);
    expect(small.state).toBe('agreed');
    // 120,000 is more than the day has left: it waits for its round, or for more money.
    const large = await ask(invoice.certificateId, { annualRate: '6.5' });
    expect(large.state).toBe('asked');
    const states = async (path: string, person = anchor.maker) =>
      (await person.get(path)).items.map(({ id, state }) => [id, state]);
    const both = [
      [large.id, 'asked'],
      [small.id, 'agreed'],
    ];
    expect(await states('/v1/discount-programme-asks')).toEqual(both);
    expect(await states('/v1/discount-asks', seller.owner)).toEqual(both);
    await anchor.checker.stepUp(market.offsetSeconds);
    const budget = { payOn, budget: money('200000.00') };
    await anchor.checker.must('PUT', `/v1/discount-programmes/${programmeId}/budget`, budget, { key: randomUUID() });
    await seller.owner.post(`/v1/discount-asks/${large.id}/withdraw`);
    const again = await ask(invoice.certificateId);
    expect(again.state).toBe('agreed');
    const second = await anchor.maker.post('/v1/discount-programmes', {
      name: 'Never',
      curve: [{ daysFrom: 5, annualRate: '9' }],
      floorRate: '9',
      dailyBudget: money('1000.00'),
      validFrom: dayOf(market),
      validTo: null,
    });
    await anchor.checker.post(`/v1/discount-programmes/${second.id}/reject`);
    await anchor.maker.post(`/v1/discount-programmes/${programmeId}/pause`);
    expect((await seller.owner.get('/v1/discount-offers')).items).toEqual([]);
    await anchor.checker.post(`/v1/discount-programmes/${programmeId}/resume`);
    await anchor.maker.post(`/v1/discount-programmes/${programmeId}/end`);
    expect(await states('/v1/discount-programmes')).toEqual([
      [second.id, 'rejected'],
      [programmeId, 'ended'],
    ]);
  });
});

describe('an order that nobody financed', () => {
  let order: Receivable;
  let requestId: string;
  let candidateId: string;
  let bidId: string;

  it('is offered again as a guaranteed candidate, which the bank finds with what the scheme would do', async () => {
    order = await confirmedInvoice(market, seller, anchor, {
      kind: 'purchase_order',
      amount: money('80000.00'),
      dueOn: dayOf(market, 170),
    });
    ({ id: requestId } = await listed(market, seller, [order.certificateId]));
    expect((await showOf(requestId)).state).toBe('submitted');
    const lead = await market.lead();
    await lead.post(`/v1/review/requests/${requestId}/open`);
    await endUnsold(requestId);
    expect((await showOf(requestId))['waysOn']).toEqual(['guaranteed', 'list_again']);
    const again = await seller.owner.post(`/v1/receivable-requests/${requestId}/guaranteed`);
    candidateId = again.id;
    expect(again).toMatchObject({ state: 'submitted', productKind: 'order_finance' });
    await (await market.lead()).post(`/v1/review/requests/${candidateId}/open`);
    await market.settle();
    const { items } = await bank.maker.get('/v1/market/guarantee-candidates');
    // 80 % of 80,000; 1.35 % a year of it for the months until its day (guarantee-fees.json of SA, no grade).
    const months = Number((await showOf(candidateId))['tenorMonths']);
    const fee = money(((64_000 * 0.0135 * months) / 12).toFixed(2));
    expect(items).toMatchObject([
      {
        id: candidateId,
        guaranteedCandidate: true,
        schemes: [{ schemeId: fund.schemeId, guaranteed: money('64000.00'), firstFee: fee }],
      },
    ]);
  });

  it('is bid for with the guarantee, which the seller’s consent and the letter of intent make certain', async () => {
    await market.moveClockTo(openingAfter(market));
    const guarantee = { schemeId: fund.schemeId, coverPercent: '80' };
    const bid = await bank.maker.post(bidsOf(candidateId), bidOf('7.2', { guarantee }));
    bidId = bid.id;
    const apply = `/v1/offers/${bidId}/guarantee-application`;
    expect(await refusal('POST', apply, {})).toBe('identity_not_disclosed');
    await seller.owner.stepUp(market.offsetSeconds);
    const letter = await reserve(fund, seller, bank, bidId);
    expect(letter['guaranteed']).toEqual(money('64000.00'));
  });

  it('is sold with it', async () => {
    const { closesAt } = await showOf(candidateId);
    await market.moveClockTo(later(String(closesAt), 2));
    await market.settle();
    const { items } = await seller.owner.get(`/v1/requests/${candidateId}/comparison`);
    expect(items).toMatchObject([{ id: bidId, guarantee: { state: 'reserved' } }]);
    await seller.owner.stepUp(market.offsetSeconds);
    expect(await seller.owner.post(`/v1/offers/${bidId}/accept`, {})).toMatchObject({ requestState: 'agreed' });
    const [guaranteed] = (await fund.maker.get('/v1/guarantees?limit=10')).items;
    expect(guaranteed).toMatchObject({ state: 'issued', guaranteed: money('64000.00') });
  });

  it('becomes the invoice when it was delivered: the same claim, the bank’s, and nobody finances it again', async () => {
    const invoice = { invoiceNumber: 'INV-OF-1', issuedOn: dayOf(market), deliveredOn: dayOf(market, -1) };
    await seller.owner.post(`/v1/receivables/${order.id}/delivery`, invoice);
    const { version } = await anchor.maker.get('/v1/undertaking');
    const undertaking = { version, language: 'en' };
    const accepted = { action: 'accept_delivery', receivableIds: [order.id], undertaking };
    const proposal = await anchor.maker.post('/v1/receivable-proposals', accepted);
    await anchor.checker.post(`/v1/receivable-proposals/${proposal.id}/approve`, { undertaking });
    const shown = await seller.owner.get(`/v1/receivables/${order.id}`);
    expect(shown).toMatchObject({ kind: 'invoice', number: 'INV-OF-1', state: 'assigned' });
    const again = await seller.owner.post('/v1/receivables', {
      kind: 'invoice',
      otherPartyId: anchor.id,
      number: 'INV-OF-1',
      issuedOn: invoice.issuedOn,
      dueOn: shown['dueOn'],
      amount: money('80000.00'),
      submit: true,
    });
    expect([again.id, again['created']]).toEqual([order.id, false]);
    const other = { number: 'LATE-9', amount: money('77000.00'), orderNumber: shown['orderNumber'] };
    const { certificateId } = await confirmedInvoice(market, seller, anchor, other);
    const listing = { certificateIds: [certificateId] };
    const how = { key: randomUUID() };
    const refused = await seller.owner.send('POST', '/v1/receivable-requests', listing, how);
    expect([refused.status, refused.body.code]).toEqual([409, 'receivable_not_financeable']);
    const sales = (await bank.maker.get('/v1/assignments')).items;
    expect(sales).toMatchObject([{ state: 'registered' }]);
  });

  it('leaves books, limits and histories in order', async () => {
    await expectSoundBooks(market);
    await judge(market);
  });
});
