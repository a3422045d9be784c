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

const statusOf = async (certificateId: string, { owner }: Firm = seller) =>
  (await owner.get(`/v1/certificates/${certificateId}`))['status'];
const stateOf = async (receivableId: string) => (await seller.owner.get(`/v1/receivables/${receivableId}`)).state;
const moveClocks = (instant: string) => Promise.all([market.moveClockTo(instant), registry.moveClockTo(instant)]);

beforeAll(async () => {
  [market, registry] = await Promise.all([
    RunningMarket.open({ at, env }),
    RunningMarket.open({ at, env: { ...env, SECRET: '' }, workers: 0 }),
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
}, 60_000);
afterAll(() => Promise.all([market.close(), registry.close()]));

describe('an invoice', () => {
  it('is confirmed by a maker and another person, and known to the registry from then on', async () => {
    const { owner } = seller;
    const upload = invoiceOf(market, anchor.id, { number: 'INV-1001' });
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
