// size: two products from listing to payout, told in order.
import { addDays, type CalendarDate } from '#kernel';
import { type CommandContext, type DeliveredEvent, idBytes, idText, newId, systemContext, UnitOfWork } from '#platform';
import { businessCalendars } from '#platform/rulebooks';
import { dueAt } from '#finance';
import { checkReceivables, DecideProposal, ProposeSteps, ReceivableRuleBook, ReceivableSteps } from '#receivables';
import { FollowReceivables } from '../jobs/receivable-events.handler.js';
import { bidAt, ReceivablesTrade } from '../testing/receivables-trade.js';
import { AcceptOffer } from './accept-offer.js';
import { PlaceBid } from './place-bid.js';
import { ReviewRequest } from './review-request.js';

type Anchor = Awaited<ReturnType<ReceivablesTrade['anchor']>>;

/** What is financed before an invoice stands: an order that an anchor confirmed, a refund that the tax authority confirmed. */
let trade: ReceivablesTrade;
beforeAll(async () => {
  trade = await ReceivablesTrade.open();
}, 60_000);
afterAll(() => trade.house.close());

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const undertaking = () => ({
  version: trade.house.get(ReceivableRuleBook).undertaking.version,
  language: 'en' as const,
});

async function receivableOf(certificateId: string) {
  const [row] = await trade.house.rows<{
    id: Buffer;
    kind: string;
    number: string;
    order_number: string | null;
    state: string;
  }>(
    'SELECT r.id, r.kind, r.number, r.order_number, r.state FROM receivable r JOIN certificate c ON c.receivable_id = r.id WHERE c.id = ?',
    [idBytes(certificateId)],
  );
  if (!row) throw new Error('no receivable');
  return { ...row, id: idText(row.id) };
}

/** The case that stands for a listing; the test's reviewer has it. */
async function caseOf(requestId: string) {
  await trade.house.rows('UPDATE review_case SET assignee_id = ? WHERE subject_id = ?', [
    idBytes(trade.house.reviewer.actor.id),
    idBytes(requestId),
  ]);
  const [row] = await trade.house.rows<{ kind: string; service_days: number; opened_at: Date; due_at: Date }>(
    'SELECT kind, service_days, opened_at, due_at FROM review_case WHERE subject_id = ?',
    [idBytes(requestId)],
  );
  if (!row) throw new Error('no case');
  return row;
}

/** Reviewed, opened, bid for, accepted and paid. Answers the assignment. */
async function financed(
  seller: CommandContext,
  bank: CommandContext,
  requestId: string,
): Promise<{ assignmentId: string; net: bigint }> {
  const { house } = trade;
  await caseOf(requestId);
  await house.get(ReviewRequest).open(house.reviewer, requestId);
  await trade.match(requestId);
  const { id } = await house.get(PlaceBid).execute(bank, requestId, bidAt('7.2', { holdbackPercent: '10' }));
  await house.endBidding(requestId);
  await house.get(AcceptOffer).execute(seller, id, false);
  const [award] = await house.rows<{ assignment_id: Buffer; net_minor: string }>(
    'SELECT assignment_id, net_minor FROM award WHERE request_id = ?',
    [idBytes(requestId)],
  );
  const assignmentId = idText(award?.assignment_id as Buffer);
  await trade.booked(await trade.obligation('first_leg', assignmentId));
  await told('assignment.paid', assignmentId);
  return { assignmentId, net: BigInt(award?.net_minor ?? 0) };
}

const told = (name: string, subjectId: string) =>
  trade.house
    .get(UnitOfWork)
    .run(systemContext('test'), (tx) =>
      trade.house.get(FollowReceivables).handle(tx, { name, subjectId } as DeliveredEvent),
    );

const payouts = async (payee: CommandContext) =>
  (
    await trade.house.rows<{ kind: string; amount_minor: string }>(
      'SELECT kind, amount_minor FROM settlement_payout WHERE payee_id = ? ORDER BY id',
      [idBytes(payee.actor.organisationId)],
    )
  ).map(({ kind, amount_minor }) => `${kind} ${amount_minor}`);

async function propose(anchor: Anchor, action: 'confirm' | 'accept_delivery', receivableId: string) {
  const { id } = await trade.house
    .get(ProposeSteps)
    .execute(anchor.maker, { action, receivableIds: [receivableId], undertaking: undertaking() });
  await trade.house.get(DecideProposal).approve(anchor.checker, id, undertaking());
}

describe('order finance', () => {
  let seller: CommandContext;
  let anchor: Anchor;
  let bank: CommandContext;
  let certificateId: string;
  let orderId: string;
  let requestId: string;
  let sale: { assignmentId: string; net: bigint };
  let orderNumber: string;
  const invoiceNumber = `INV-${newId().slice(-10)}`;

  it('opens after a review of three working days, is bid for, sold and paid', async () => {
    const { house } = trade;
    [seller, anchor] = [await house.enterprise(), await trade.anchor()];
    bank = await trade.bank('500000.00', anchor);
    orderNumber = `PO-${newId().slice(-10)}`;
    // Ordered two months before it is invoiced.
    certificateId = await trade.certificate(seller, anchor, {
      kind: 'purchase_order',
      number: orderNumber,
      issuedOn: addDays(trade.today, -60),
      dueOn: addDays(trade.today, 120),
    });
    orderId = (await receivableOf(certificateId)).id;
    const listed = await trade.list(seller, [certificateId]);
    requestId = listed.id;
    expect(listed).toMatchObject({ state: 'submitted', productKind: 'order_finance' });
    const found = await caseOf(requestId);
    expect(found).toMatchObject({ kind: 'funding_request', service_days: 3 });
    const calendar = businessCalendars().get('SA');
    if (!calendar) throw new Error('no calendar');
    expect(found.due_at.getTime()).toBe(dueAt(calendar, found.opened_at.getTime(), 3).dueAt);
    await expect(house.get(PlaceBid).execute(bank, requestId, bidAt('7.2'))).rejects.toEqual(code('not_matched'));
    sale = await financed(seller, bank, requestId);
    expect(await trade.requestState(requestId)).toBe('disbursed');
    expect(await trade.certificateOf(certificateId)).toEqual({ status: 'assigned', holder: bank.actor.organisationId });
    expect(await receivableOf(certificateId)).toMatchObject({ kind: 'purchase_order', state: 'assigned' });
  });

  it('becomes the invoice when it was delivered; the financier’s claim goes on', async () => {
    const { house } = trade;
    const delivery = { invoiceNumber, issuedOn: trade.today, deliveredOn: addDays(trade.today, -1) };
    await expect(propose(anchor, 'accept_delivery', orderId)).rejects.toEqual(code('delivery_not_stated'));
    await house.get(ReceivableSteps).stateDelivery(seller, orderId, delivery);
    await propose(anchor, 'accept_delivery', orderId);
    expect(await receivableOf(certificateId)).toEqual({
      id: orderId,
      kind: 'invoice',
      number: invoiceNumber,
      order_number: orderNumber,
      state: 'assigned',
    });
    expect(await trade.certificateOf(certificateId)).toEqual({ status: 'assigned', holder: bank.actor.organisationId });
    expect(await trade.requestState(requestId)).toBe('disbursed');
    expect(await trade.used(bank, anchor)).toBe('120000.00');
  });

  it('is not financed once more as the invoice, from either side, nor by an invoice that names the order', async () => {
    const invoice = { number: invoiceNumber, issuedOn: trade.today, dueOn: addDays(trade.today, 120) };
    // The very same invoice is the order's receivable: nothing new comes into being, and what there is is sold.
    expect(await trade.certificate(seller, anchor, invoice).catch(() => certificateId)).toBe(certificateId);
    await expect(trade.list(seller, [certificateId])).rejects.toEqual(code('certificate_not_sellers'));
    const spelled = await trade.certificate(seller, anchor, {
      ...invoice,
      number: invoiceNumber.toLowerCase().replace('-', ' / 00'),
    });
    await expect(trade.list(seller, [spelled])).rejects.toEqual(code('receivable_not_financeable'));
    // Another number, another amount, weeks after the order: only the order that it names gives it away.
    const second = await trade.certificate(seller, anchor, {
      number: `X${newId().slice(-11)}`,
      issuedOn: addDays(trade.today, -20),
      amount: { amount: '118750.00', currency: 'SAR' },
      orderNumber: orderNumber.replace('-', ' '),
    });
    const [hold] = await trade.house.rows<{ kind: string; other_id: Buffer }>(
      'SELECT kind, other_id FROM receivable_hold WHERE receivable_id = ?',
      [idBytes((await receivableOf(second)).id)],
    );
    expect([hold?.kind, hold && idText(hold.other_id)]).toEqual(['order', orderId]);
    await expect(trade.list(seller, [second])).rejects.toEqual(code('receivable_not_financeable'));
  });

  it('is paid by the anchor on the invoice’s day: the financier, then what was kept back for the seller', async () => {
    await trade.booked(await trade.obligation('maturity', orderId));
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'settled' });
    await told('assignment.satisfied', sale.assignmentId);
    expect(await trade.requestState(requestId)).toBe('repaid');
    expect(await payouts(bank)).toEqual(['proceeds 10800000']);
    expect(await payouts(seller)).toEqual([`proceeds ${sale.net}`, 'holdback 1200000']);
    expect(await trade.used(bank, anchor)).toBe('0.00');
  });
});

describe('an order that is delivered while it is on the market', () => {
  async function open() {
    const { house } = trade;
    const [seller, anchor] = [await house.enterprise(), await trade.anchor()];
    const bank = await trade.bank('500000.00', anchor);
    const certificateId = await trade.certificate(seller, anchor, { kind: 'purchase_order' });
    const { id: requestId } = await trade.list(seller, [certificateId]);
    await caseOf(requestId);
    await house.get(ReviewRequest).open(house.reviewer, requestId);
    await trade.match(requestId);
    const { id: offerId } = await house.get(PlaceBid).execute(bank, requestId, bidAt('7.2'));
    await house.endBidding(requestId);
    const { id: orderId } = await receivableOf(certificateId);
    const delivery = { invoiceNumber: `I${newId().slice(-9)}`, issuedOn: trade.today, deliveredOn: trade.today };
    await house.get(ReceivableSteps).stateDelivery(seller, orderId, delivery);
    return { seller, anchor, bank, certificateId, requestId, offerId, orderId };
  }
  const accept = (seller: CommandContext, offerId: string) =>
    trade.house.get(AcceptOffer).execute(seller, offerId, false);

  it('is sold as the invoice that it has become', async () => {
    const { seller, anchor, bank, certificateId, requestId, offerId, orderId } = await open();
    await propose(anchor, 'accept_delivery', orderId);
    expect(await receivableOf(certificateId)).toMatchObject({ kind: 'invoice', state: 'listed' });
    expect(await accept(seller, offerId)).toMatchObject({ requestState: 'agreed' });
    expect(await receivableOf(certificateId)).toMatchObject({ kind: 'invoice', state: 'assigned' });
    expect(await trade.certificateOf(certificateId)).toEqual({ status: 'assigned', holder: bank.actor.organisationId });
    expect(await trade.requestState(requestId)).toBe('agreed');
  });

  it('is sold once and delivered at most once when both happen in one moment', async () => {
    const { house } = trade;
    const { seller, anchor, bank, certificateId, offerId, orderId } = await open();
    const { id } = await house
      .get(ProposeSteps)
      .execute(anchor.maker, { action: 'accept_delivery', receivableIds: [orderId], undertaking: undertaking() });
    const [sold] = await Promise.allSettled([
      accept(seller, offerId),
      house.get(DecideProposal).approve(anchor.checker, id, undertaking()),
    ]);
    expect(sold.status).toBe('fulfilled');
    expect(await trade.certificateOf(certificateId)).toEqual({ status: 'assigned', holder: bank.actor.organisationId });
    const after = await receivableOf(certificateId);
    expect(after.state).toBe('assigned');
    // An approval that came second met a receivable that had moved: the anchor proposes it anew.
    if (after.kind === 'purchase_order') await propose(anchor, 'accept_delivery', orderId);
    expect(await receivableOf(certificateId)).toMatchObject({ id: orderId, kind: 'invoice', state: 'assigned' });
    const sales = await house.rows('SELECT 1 FROM assignment_item WHERE receivable_id = ? AND live = 1', [
      idBytes(orderId),
    ]);
    expect(sales).toHaveLength(1);
  });
});

describe('an order and its invoices', () => {
  it('hold each other whichever comes first; invoices of an order that nobody confirmed do not', async () => {
    const [seller, anchor] = [await trade.house.enterprise(), await trade.anchor()];
    const orderNumber = `PO-${newId().slice(-10)}`;
    const part = (n: number) => ({
      orderNumber,
      number: `P${n}-${newId().slice(-9)}`,
      issuedOn: addDays(trade.today, -3 - 12 * n) as CalendarDate,
      amount: { amount: `${30_000 + n * 1_111}.00`, currency: 'SAR' },
    });
    const parts = [await trade.certificate(seller, anchor, part(0)), await trade.certificate(seller, anchor, part(1))];
    expect(await trade.list(seller, parts)).toMatchObject({ productKind: 'receivables_pool' });
    const order = await trade.certificate(seller, anchor, {
      kind: 'purchase_order',
      number: orderNumber,
      issuedOn: addDays(trade.today, -90),
      dueOn: addDays(trade.today, 150),
    });
    const holds = await trade.house.rows<{ kind: string }>('SELECT kind FROM receivable_hold WHERE receivable_id = ?', [
      idBytes((await receivableOf(order)).id),
    ]);
    expect(holds.map(({ kind }) => kind)).toEqual(['order', 'order']);
    await expect(trade.list(seller, [order])).rejects.toEqual(code('receivable_not_financeable'));
  });
});

describe('a tax refund advance', () => {
  it('is confirmed by the tax authority alone, reviewed within three working days, sold and paid on the refund’s day', async () => {
    const { house } = trade;
    const [seller, company, authority] = [
      await house.enterprise(),
      await trade.anchor(),
      await trade.anchor('tax_authority'),
    ];
    const bank = await trade.bank('500000.00', authority);
    await expect(trade.certificate(seller, company, { kind: 'tax_refund' })).rejects.toEqual(
      code('receivable_invalid'),
    );
    const claim = await trade.certificate(seller, authority, {
      kind: 'tax_refund',
      amount: { amount: '64000.00', currency: 'SAR' },
    });
    const listed = await trade.list(seller, [claim]);
    expect(listed).toMatchObject({ state: 'submitted', productKind: 'tax_refund_advance' });
    const found = await caseOf(listed.id);
    expect(found).toMatchObject({ kind: 'tax_refund_advance', service_days: 3 });
    expect(listed.reviewDueAt).toBe(found.due_at.toISOString());
    await expect(house.get(PlaceBid).execute(bank, listed.id, bidAt('7.2'))).rejects.toEqual(code('not_matched'));
    const { assignmentId, net } = await financed(seller, bank, listed.id);
    expect(await trade.requestState(listed.id)).toBe('disbursed');
    // 57,600 at 7.2 % are 11.52 a day of a year of 360; settled on the working day after the acceptance.
    const [sale] = await house.rows<{ pay_on: CalendarDate }>('SELECT pay_on FROM assignment WHERE id = ?', [
      idBytes(assignmentId),
    ]);
    const days = (Date.parse(addDays(trade.today, 90)) - Date.parse(sale?.pay_on ?? '')) / 86_400_000;
    expect(net).toBe(5_760_000n - BigInt(days) * 1152n);
    await trade.booked(await trade.obligation('maturity', (await receivableOf(claim)).id));
    await told('assignment.satisfied', assignmentId);
    expect(await trade.requestState(listed.id)).toBe('repaid');
    expect(await payouts(bank)).toEqual(['proceeds 5760000']);
    expect(await payouts(seller)).toEqual([`proceeds ${net}`, 'holdback 640000']);
  });

  it('that the reviewer rejects frees the claim, and a twin of it is held', async () => {
    const { house } = trade;
    const [seller, authority] = [await house.enterprise(), await trade.anchor('tax_authority')];
    const number = `VAT-${newId().slice(-10)}`;
    const claim = await trade.certificate(seller, authority, { kind: 'tax_refund', number });
    const listed = await trade.list(seller, [claim]);
    await caseOf(listed.id);
    const reasons = [{ code: 'amount_not_supported', message: 'The assessment is lower.' }];
    await house.get(ReviewRequest).reject(house.reviewer, listed.id, reasons);
    expect(await trade.requestState(listed.id)).toBe('rejected');
    expect(await trade.certificateOf(claim)).toMatchObject({ status: 'held' });
    const twin = await trade.certificate(seller, authority, {
      kind: 'tax_refund',
      number: number.replace('-', ' / 00'),
      amount: { amount: '70000.00', currency: 'SAR' },
    });
    await expect(trade.list(seller, [twin])).rejects.toEqual(code('receivable_not_financeable'));
  });

  it('and orders leave every position in order', async () => {
    expect(await trade.house.run((tx) => checkReceivables(tx))).toMatchObject({ ok: true, broken: null });
  });
});
