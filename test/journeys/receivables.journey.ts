// size: one trade told in order, from the anchor's confirmation to the last payout.
import { randomUUID } from 'node:crypto';
import { judge } from '../faults/house/evidence.js';
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
  invoiceOf,
  listed,
  listSupplier,
  makeAnchor,
  makeReceivablesBank,
  nextOpening,
  proposeConfirmation,
  type Receivable,
  SettlementBank,
  workingDayOf,
} from '../faults/house/receivables.js';
import { money } from '../faults/house/requests.js';
import { RunningMarket } from '../faults/house/running-market.js';

jest.setTimeout(60_000);

/** An anchor, its supplier, that one's supplier and two banks by HTTP only; a second registry answers beside. */
const at = nextOpening();
const env = { FINGERPRINT_KEY: 'one key of fingerprints for both of these registries' };
let market: RunningMarket;
let registry: RunningMarket;
let bank: SettlementBank;
let anchor: Anchor;
let desks: Desk[];
let seller: Firm;
let next: Firm;
let invoice: Receivable;
let request: { id: string; closesAt: string };
let offers: Json[];
let issuedOn: string;
let dueOn: string;

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;
const stateOf = async (receivableId: string) => (await seller.owner.get(`/v1/receivables/${receivableId}`)).state;
const moveClocks = (instant: string) => Promise.all([market.moveClockTo(instant), registry.moveClockTo(instant)]);

beforeAll(async () => {
  [market, registry] = await Promise.all([
    RunningMarket.open({ at, env }),
    RunningMarket.open({ at, env, workers: 0 }),
  ]);
  bank = new SettlementBank(market);
  const made = await (
    await registry.officer()
  ).post('/v1/operator/registry-peers', { name: 'here', url: market.address() });
  const peer = { name: 'there', url: registry.address(), key: made['key'] };
  await (await market.officer()).post('/v1/operator/registry-peers', peer);
  anchor = await makeAnchor(market);
  desks = [await makeReceivablesBank(market, [anchor]), await makeReceivablesBank(market, [anchor])];
  [seller, next] = [await makeFirm(market), await makeFirm(market)];
  await listSupplier(anchor, seller);
}, 60_000);
afterAll(() => Promise.all([market.close(), registry.close()]));

describe('an invoice', () => {
  it('is confirmed by a maker and another person, and known to the registry from then on', async () => {
    const { owner } = seller;
    [issuedOn, dueOn] = [dayOf(market, -3), dayOf(market, 90)];
    const upload = invoiceOf(market, anchor.id, { number: 'INV-1001', issuedOn, dueOn });
    const { id } = await owner.post('/v1/receivables', upload);
    const again = await owner.post('/v1/receivables', upload);
    expect([again.id, again['created']]).toEqual([id, false]);
    const { id: proposalId, undertaking } = await proposeConfirmation(anchor, [id]);
    const path = `/v1/receivable-proposals/${proposalId}/approve`;
    const alone = await anchor.maker.send('POST', path, { undertaking }, { key: randomUUID() });
    expect(alone.status).toBe(403);
    await anchor.checker.post(path, { undertaking });
    expect(await stateOf(id)).toBe('confirmed');
    const [held] = await heldBy(seller);
    invoice = { id, certificateId: (held as Json).id };
    expect(held).toMatchObject({ amount: money('120000.00'), anchor: { id: anchor.id } });
  });

  it('is listed at once when the other registry has answered, and not a second time', async () => {
    const { owner } = seller;
    request = await listed(market, seller, [invoice.certificateId]);
    const [asked] = await market.rows<{ verdict: string }>(
      "SELECT verdict FROM registry_inquiry WHERE source <> 'lien_register'",
    );
    expect(asked).toEqual({ verdict: 'clear' });
    const twice = { certificateIds: [invoice.certificateId] };
    const refused = await owner.send('POST', '/v1/receivable-requests', twice, { key: randomUUID() });
    expect([refused.status, refused.body.code]).toEqual([409, 'certificate_not_free']);
    expect(await stateOf(invoice.id)).toBe('listed');
  });

  it('gets bids from the financiers with a limit on the anchor, in the market’s hours', async () => {
    const [a, b] = desks as [Desk, Desk];
    offers = [
      await a.maker.post(bidsOf(request.id), bidOf('7.2')),
      await b.maker.post(bidsOf(request.id), bidOf('8.4')),
    ];
    const stranger = await makeReceivablesBank(market, []);
    const answer = await stranger.maker.send('POST', bidsOf(request.id), bidOf('6'), { key: randomUUID() });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const { items } = await seller.owner.get(`/v1/requests/${request.id}/comparison`);
    expect(items.map(({ id }) => id)).toEqual(offers.map(({ id }) => id));
  });
});

describe('the sale', () => {
  let net: string;
  let awardId: string;

  it('is agreed with the acceptance: the financier is told to pay on the next working day', async () => {
    const [a] = desks as [Desk];
    await moveClocks(new Date(Date.parse(request.closesAt) + 60_000).toISOString());
    await market.settle();
    const { owner } = seller;
    await owner.stepUp(market.offsetSeconds);
    const accepted = await owner.post(`/v1/offers/${(offers[0] as Json).id}/accept`, {});
    awardId = String(accepted['awardId']);
    expect(accepted['requestState']).toBe('agreed');
    const payOn = workingDayOf(market, 1);
    // 12,000 kept back; 108,000 at 7.2 % are 21.60 a day of a year of 360 (market.json of SA: ACT/360, discount).
    net = (108_000 - 21.6 * daysBetween(payOn, dueOn)).toFixed(2);
    const [leg] = (await a.maker.get('/v1/settlement/obligations?state=open')).items;
    expect(leg).toMatchObject({ kind: 'first_leg', amount: money(net), dueOn: payOn });
    await a.maker.stepUp(market.offsetSeconds);
    const file = await a.maker.post('/v1/settlement/payment-files', { until: payOn, currency: 'SAR' });
    const { text } = await a.maker.send('GET', `/v1/settlement/payment-files/${String(file['fileId'])}`);
    expect(text).toContain(`<Ref>${String(leg?.['reference'])}</Ref>`);
    const second = await owner.send('POST', `/v1/offers/${(offers[1] as Json).id}/accept`, {}, { key: randomUUID() });
    expect([second.status, second.body.code]).toEqual([409, 'already_awarded']);
  });

  it('is paid out when the bank’s statement says that the money came', async () => {
    const [a] = desks as [Desk];
    const [leg] = (await a.maker.get('/v1/settlement/obligations?state=open')).items;
    const { statements } = await bank.credit(net, String(leg?.['reference']));
    expect(statements).toMatchObject([{ matched: 1, unclear: 0 }]);
    await market.settle();
    expect((await seller.owner.get(`/v1/requests/${request.id}`)).state).toBe('disbursed');
    expect((await a.maker.get('/v1/awards')).items).toMatchObject([{ id: awardId, state: 'disbursed' }]);
    expect(await bank.payOut()).toEqual({ [seller.id]: net });
  });

  it('is told to the anchor, which acknowledges it and goes on paying where it paid', async () => {
    const [notice] = (await anchor.maker.get('/v1/assignment-notices')).items;
    expect(notice).toMatchObject({ receivableId: invoice.id, standing: true, acknowledgedAt: null });
    await anchor.maker.post(`/v1/assignment-notices/${(notice as Json).id}/acknowledge`);
    const payTo = await anchor.maker.get(`/v1/receivables/${invoice.id}/pay-to`);
    expect(payTo).toMatchObject({ outstanding: money('120000.00'), assigned: true });
  });

  it('is not made again with the same invoice from the other side or in other letters', async () => {
    const twin = (number: string) =>
      anchor.maker.post('/v1/receivables', invoiceOf(market, seller.id, { number, issuedOn, dueOn }));
    const same = await twin('INV-1001');
    expect([same.id, same['created'], same.state]).toEqual([invoice.id, false, 'assigned']);
    const alike = await twin('lnv / 01OO1');
    const proposal = await proposeConfirmation(anchor, [alike.id]);
    const { undertaking } = proposal;
    await anchor.checker.post(`/v1/receivable-proposals/${proposal.id}/approve`, { undertaking });
    const [held] = await heldBy(seller);
    const list = () =>
      seller.owner.send(
        'POST',
        '/v1/receivable-requests',
        { certificateIds: [(held as Json).id] },
        { key: randomUUID() },
      );
    const waiting = await list();
    expect([waiting.status, waiting.body.code]).toEqual([409, 'receivable_not_financeable']);
    const reasons = [{ code: 'same_delivery', message: 'Both name the same delivery.' }];
    const lead = await market.lead();
    await lead.post(`/v1/operator/receivables/${alike.id}/hold-decision`, { outcome: 'duplicate', reasons });
    expect((await list()).body.code).toBe('receivable_not_financeable');
  });
});

describe('a certificate', () => {
  let parts: Receivable;

  it('is passed on in part to the next supplier, which accepts and sees amount, day and anchor', async () => {
    parts = await confirmedInvoice(market, seller, anchor, { amount: money('61000.00'), dueOn });
    await seller.owner.stepUp(market.offsetSeconds);
    const { registrationNumber } = await next.owner.get('/v1/organisation');
    const part = { registrationNumber, amount: money('15000.00'), note: 'clay' };
    const path = `/v1/certificates/${parts.certificateId}/transfers`;
    const { transfers } = await seller.owner.post(path, { parts: [part] });
    const [{ transferId } = { transferId: '' }] = transfers as { transferId: string }[];
    expect(await heldBy(next)).toEqual([]);
    await next.owner.stepUp(market.offsetSeconds);
    await next.owner.post('/v1/certificate-transfers/decisions', { transferIds: [transferId], action: 'accept' });
    const [held] = await heldBy(next);
    expect(held).toMatchObject({ amount: money('15000.00'), dueOn, anchor: { id: anchor.id } });
    expect(JSON.stringify(held)).not.toContain(seller.id);
    expect((await seller.owner.get(`/v1/certificates/${parts.certificateId}`))['amount']).toEqual(money('46000.00'));
    expect((await next.owner.send('GET', `/v1/certificates/${parts.certificateId}`)).status).toBe(404);
  });

  it('is paid early by the anchor at the rate of its programme', async () => {
    const early = await confirmedInvoice(market, seller, anchor, { amount: money('36000.00'), dueOn });
    const programme = await anchor.maker.post('/v1/discount-programmes', {
      name: 'Early at six',
      curve: [{ daysFrom: 1, annualRate: '6' }],
      floorRate: '5',
      dailyBudget: money('50000.00'),
      validFrom: dayOf(market),
      validTo: null,
    });
    await anchor.checker.stepUp(market.offsetSeconds);
    await anchor.checker.post(`/v1/discount-programmes/${programme.id}/approve`);
    const payOn = workingDayOf(market, 2);
    const ask = { programmeId: programme.id, certificateId: early.certificateId, payOn };
    const agreed = await seller.owner.post('/v1/discount-asks', ask);
    // 36,000 at 6 % are 6 a day of a year of 360 (settlement.json of SA: ACT/360).
    const pays = `${36_000 - 6 * daysBetween(payOn, dueOn)}.00`;
    expect(agreed).toMatchObject({ state: 'agreed', pays: money(pays) });
    const owed = (await anchor.maker.get('/v1/settlement/obligations?state=open')).items;
    const obligation = owed.find(({ kind }) => kind === 'early');
    await bank.credit(pays, String(obligation?.['reference']));
    await market.settle();
    expect(await stateOf(early.id)).toBe('paid_early');
    expect(await bank.payOut()).toEqual({ [seller.id]: pays });
  });

  it('is paid on its day to whoever holds it then', async () => {
    await moveClocks(`${dueOn}T09:00:00.000Z`);
    await market.settle();
    expect(await stateOf(parts.id)).toBe('due');
    for (const { id } of [invoice, parts]) {
      const { reference, outstanding } = await anchor.maker.get(`/v1/receivables/${id}/pay-to`);
      await bank.credit((outstanding as { amount: string }).amount, String(reference));
    }
    await market.settle();
    expect(await Promise.all([invoice, parts].map(({ id }) => stateOf(id)))).toEqual(['settled', 'settled']);
    expect((await seller.owner.get(`/v1/requests/${request.id}`)).state).toBe('repaid');
    const [a] = desks as [Desk];
    // The seller: what was kept back, and its part of the second invoice.
    expect(await bank.payOut()).toEqual({ [a.id]: '108000.00', [seller.id]: '58000.00', [next.id]: '15000.00' });
    const { items } = await a.maker.get('/v1/institution/anchor-limits');
    expect(items).toMatchObject([{ anchorId: anchor.id, used: money('0.00') }]);
  });

  it('leaves books, limits and histories in order', async () => {
    await expectSoundBooks(market);
    await judge(market);
  });
});
