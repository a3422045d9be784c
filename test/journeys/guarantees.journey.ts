// size: one guarantee's life told in order, from the application to the paid claim.
import { randomUUID } from 'node:crypto';
import { judge } from '../faults/house/evidence.js';
import {
  accredit,
  consent,
  decideAndDraw,
  type Fund,
  guaranteedOffer,
  makeFund,
  reserve,
} from '../faults/house/guarantees.js';
import { type Desk, type Firm, makeFinancier, makeFirm } from '../faults/house/parties.js';
import type { Json } from '../faults/house/person.js';
import { disclose, money, offerOf, openRequest } from '../faults/house/requests.js';
import { RunningMarket } from '../faults/house/running-market.js';

jest.setTimeout(180_000);

/** A public scheme and a market by HTTP only; days pass by api and worker started with another clock. */
let market: RunningMarket;
let fund: Fund;
let desks: Desk[];
let firm: Firm;
let request: { id: string; closesAt: string };
let guaranteed: Json;
let plain: Json;
let guaranteeId: string;
let claimId: string;

const offers = (id: string) => `/v1/market/requests/${id}/offers`;
const shown = async (offerId: string): Promise<Json> => {
  const { items } = await firm.owner.get(`/v1/requests/${request.id}/comparison`);
  return items.find(({ id }) => id === offerId) as Json;
};
const stateOf = async (id: string) => (await fund.maker.get(`/v1/guarantees/${id}`))['state'];
const pdf = (title: string) =>
  Buffer.from(`%PDF-1.4\n% ${title}\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n`, 'latin1');

beforeAll(async () => {
  market = await RunningMarket.open();
  fund = await makeFund(market);
  desks = [await makeFinancier(market), await makeFinancier(market), await makeFinancier(market)];
  for (const desk of desks.slice(0, 2)) await accredit(fund, desk);
  firm = await makeFirm(market);
  request = await openRequest(market, firm);
  await disclose(firm, request.id, desks);
}, 180_000);
afterAll(() => market.close());

describe('an offer with a guarantee', () => {
  it('is indicative: its fee is the table’s, and counts in the comparison', async () => {
    const [a, b, c] = desks as [Desk, Desk, Desk];
    plain = await b.maker.post(offers(request.id), offerOf(market, '9'));
    guaranteed = await a.maker.post(offers(request.id), guaranteedOffer(market, fund, '7'));
    const stranger = await c.maker.send('POST', offers(request.id), guaranteedOffer(market, fund, '7'), {
      key: 'stranger',
    });
    expect([stranger.status, stranger.body.code]).toEqual([409, 'lender_not_accredited']);
    // Without a grade the filed table's band 5: 1.35 % of 80 % of 500,000.
    expect(await shown(guaranteed.id)).toMatchObject({
      guarantee: { state: 'indicative', guaranteed: '400000.00', fee: { collection: 'annual', table: 'SA-grade' } },
      received: money('494600.00'),
    });
    expect((await shown(plain.id))['guarantee']).toBeNull();
  });

  it('is applied for with the firm’s written consent, asked about, approved by two, and reserved', async () => {
    const [a] = desks as [Desk];
    const path = `/v1/offers/${guaranteed.id}/guarantee-application`;
    const early = await a.maker.send('POST', path, {}, { key: randomUUID() });
    expect([early.status, early.body.code]).toEqual([409, 'consent_missing']);
    await firm.owner.stepUp(market.offsetSeconds);
    await consent(firm, guaranteed.id);
    const { applicationId } = await a.maker.post(path, { note: 'Its collateral does not reach.' });
    await market.settle();
    const application = `/v1/guarantee-applications/${String(applicationId)}`;
    const reasons = [{ code: 'cash_flow', message: 'Please send the plan of the cash flow.' }];
    await fund.maker.post(`${application}/request-information`, { reasons });
    await a.maker.post(`${application}/answer`, { note: 'It is attached.' });
    const letter = await decideAndDraw(fund, a, String(applicationId));
    guaranteeId = letter.id;
    expect((await shown(guaranteed.id))['guarantee']).toMatchObject({ state: 'reserved', guaranteeId });
  });

  it('lets no operator, supervisor or rival decide, and shows strangers nothing', async () => {
    const lead = await market.lead();
    const { id } = (await fund.maker.get('/v1/guarantee-applications')).items[0] as Json;
    const decision = { outcome: 'approve', clauses: [], reason: 'no business of theirs' };
    for (const path of [`/v1/guarantee-applications/${id}/proposal`, `/v1/guarantee-applications/${id}/decision`])
      expect((await lead.send('POST', path, decision, { key: randomUUID() })).status).toBe(403);
    const [, rival] = desks as [Desk, Desk];
    expect((await rival.maker.send('GET', `/v1/guarantees/${guaranteeId}`)).status).toBe(404);
    expect(
      (await rival.maker.send('POST', `/v1/offers/${guaranteed.id}/guarantee-application`, {}, { key: randomUUID() }))
        .status,
    ).toBe(404);
  });

  it('is awarded together with its guarantee, which is in force with the money and the fee', async () => {
    await market.moveClockTo(new Date(Date.parse(request.closesAt) + 60_000).toISOString());
    await market.settle();
    const [a] = desks as [Desk];
    await firm.owner.stepUp(market.offsetSeconds);
    const { awardId } = await firm.owner.post(`/v1/offers/${guaranteed.id}/accept`, {});
    expect(await stateOf(guaranteeId)).toBe('issued');
    await firm.owner.post(`/v1/awards/${String(awardId)}/enterprise-signature`);
    await a.checker.post(`/v1/awards/${String(awardId)}/financier-signature`);
    const net = money('494600.00');
    await a.maker.post(`/v1/awards/${String(awardId)}/disbursement`, { net, bankReference: 'SARIE-1' });
    await firm.owner.post(`/v1/awards/${String(awardId)}/receipt`, { received: net });
    expect(await stateOf(guaranteeId)).toBe('issued');
    const [fee] = await market.rows<{ id: string }>('SELECT LOWER(HEX(id)) AS id FROM guarantee_fee');
    const feeId = String(fee?.id).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const today = market.instant().slice(0, 10);
    await fund.maker.post(`/v1/guarantee-fees/${feeId}/payment`, { paidOn: today, bankReference: 'SARIE-FEE-1' });
    expect(await stateOf(guaranteeId)).toBe('in_force');
    expect((await shown(guaranteed.id))['guarantee']).toMatchObject({ state: 'in_force' });
  });
});

describe('a default', () => {
  it('is reported, claimed, decided by two and paid to the checked account', async () => {
    const [a] = desks as [Desk];
    const account = { accountNumber: 'SA0380000000608010167519', bankName: 'Central bank', holderName: 'Bank 1' };
    const payee = await a.maker.post(`/v1/guarantee-schemes/${fund.schemeId}/payee-accounts`, account);
    await fund.checker.stepUp(market.offsetSeconds);
    await fund.checker.post(`/v1/payee-accounts/${payee.id}/check`, { owned: true, evidence: 'letter of the bank' });
    await market.moveClockTo(market.instant(100));
    await market.settle();
    const { number } = (await fund.maker.get(`/v1/guarantees/${guaranteeId}`)) as unknown as { number: string };
    const line = { number, outstanding: '460000.00', daysPastDue: 96 };
    await a.maker.must('PUT', `/v1/guarantee-reports/${market.instant().slice(0, 7)}`, { lines: [line] });
    const claim = await a.maker.post(`/v1/guarantees/${guaranteeId}/claims`, {
      defaultedOn: market.instant(-96).slice(0, 10),
      principalAtDefault: money('460000.00'),
      principalAtClaim: money('460000.00'),
      interest: money('0.00'),
      interestRate: '7',
      costs: money('0.00'),
      note: 'Payments have stopped.',
    });
    claimId = claim.id;
    // 80 % of what is owed.
    expect(claim['computed']).toEqual(money('368000.00'));
    for (const kind of ['loan_agreement', 'account_statement', 'demand_notice'])
      await a.maker.must('POST', `/v1/guarantee-claims/${claimId}/documents/${kind}?fileName=${kind}.pdf`, pdf(kind));
    await market.settle();
    const path = `/v1/guarantee-claims/${claimId}`;
    await fund.maker.post(`${path}/proposal`, { decision: 'approve', clauses: [], reason: 'The default is proved.' });
    await fund.checker.stepUp(market.offsetSeconds);
    await fund.checker.post(`${path}/decision`, { agree: true, reason: '' });
    await fund.maker.post(`${path}/payment`);
    const advice = await fund.maker.must('POST', `${path}/payment-evidence?fileName=advice.pdf`, pdf('advice'));
    const payment = { bankReference: 'SARIE-CLAIM-1', evidenceDocumentId: advice.id };
    const paid = await fund.checker.post(`${path}/payment/confirmation`, payment);
    expect([paid.state, paid['paid']]).toEqual(['paid', money('368000.00')]);
  });

  it('leaves books, capacity and histories in order', async () => {
    const [row] = await market.rows<{ balance_minor: string; state: string }>(
      'SELECT balance_minor, state FROM guarantee',
    );
    expect([row?.balance_minor, row?.state]).toEqual(['0', 'claimed']);
    await judge(market);
  });
});

describe('a guarantee alone', () => {
  it('is asked for with the lender where the loan was found, whom alone it concerns', async () => {
    const [a, b] = desks as [Desk, Desk];
    const other = await makeFirm(market);
    const alone = await openRequest(market, other, { productKind: 'guarantee_only', lenderId: b.id });
    expect((await a.maker.send('GET', `/v1/market/requests/${alone.id}`)).status).toBe(404);
    await disclose(other, alone.id, [b]);
    const bare = await b.maker.send('POST', offers(alone.id), offerOf(market, '8'), { key: randomUUID() });
    expect([bare.status, bare.body.code]).toEqual([422, 'offer_outside_mandate']);
    const offer = await b.maker.post(offers(alone.id), guaranteedOffer(market, fund, '8'));
    await other.owner.stepUp(market.offsetSeconds);
    const letter = await reserve(fund, other, b, offer.id);
    await market.moveClockTo(new Date(Date.parse(alone.closesAt) + 60_000).toISOString());
    await market.settle();
    await other.owner.stepUp(market.offsetSeconds);
    await other.owner.post(`/v1/offers/${offer.id}/accept`, {});
    expect(await stateOf(letter.id)).toBe('issued');
  });
});
