import { addDays } from '#kernel';
import { idBytes, systemContext } from '#platform';
import { ReceivableHouse, refusal, type TestParty } from '../testing/receivable-house.js';
import { AnchorReader } from './anchor.reader.js';
import { Receivables } from './receivables.js';
import { ReceivableReader } from './receivable.reader.js';
import { SaveAnchor } from './save-anchor.js';
import { Suppliers } from './suppliers.js';
import { UploadReceivable } from './upload-receivable.js';
import { VerifyAnchor } from './verify-anchor.js';

let house: ReceivableHouse;
beforeAll(async () => {
  house = await ReceivableHouse.open();
});
afterAll(() => house.close());

const pair = async (): Promise<readonly [TestParty, TestParty]> => {
  const [seller, anchor] = [await house.seller(), await house.anchor()];
  await house.list(anchor, seller);
  return [seller, anchor];
};
const notices = async (template: string, organisationId: string) => {
  const rows = await house.rows<{ payload: string }>(
    "SELECT payload FROM outbox_event WHERE name = 'notice.requested' AND payload LIKE ? ORDER BY id",
    [`%${template}%`],
  );
  return rows
    .map(({ payload }) => (typeof payload === 'string' ? JSON.parse(payload) : payload) as Record<string, unknown>)
    .filter((each) => each['organisationId'] === organisationId && each['template'] === template);
};

describe('an anchor', () => {
  it('confirms nothing before it is verified, and again nothing after its kind has changed', async () => {
    const [seller, anchor] = await pair();
    const id = await house.upload(seller, anchor);
    const { version } = await house.get(AnchorReader).profile(anchor.id);
    await house.get(SaveAnchor).execute(anchor.administrator, version, { kind: 'government' });
    await expect(house.propose(anchor, id)).rejects.toEqual(refusal('anchor_not_verified'));
    await house.get(VerifyAnchor).submit(anchor.administrator);
    await expect(house.get(SaveAnchor).execute(anchor.administrator, version + 3, { about: 'x' })).rejects.toEqual(
      refusal('anchor_under_review'),
    );
    await house.get(VerifyAnchor).decide(house.lead, anchor.id, { verified: true, reasons: [] });
    await house.confirm(anchor, id);
  });

  it('that shows itself to its suppliers only is not there for anybody else', async () => {
    const quiet = await house.anchor({ visibility: 'suppliers' });
    const [listed, stranger] = [await house.seller(), await house.seller()];
    await house.get(Suppliers).add(quiet.maker, { registrationNumber: listed.registrationNumber, reference: 'V-17' });
    await expect(house.upload(stranger, quiet)).rejects.toEqual(refusal('anchor_unknown'));
    await house.upload(listed, quiet);
    const reader = house.get(AnchorReader);
    expect((await reader.anchorsOf(listed.id, {})).items.map(({ id }) => id)).toEqual([quiet.id]);
    expect((await reader.anchorsOf(stranger.id, {})).items).toEqual([]);
    const everybody = await reader.publicAnchors({ limit: 200 });
    expect(everybody.items.map(({ id }) => id)).not.toContain(quiet.id);
    const { id } = await house.get(UploadReceivable).execute(quiet.maker, {
      ...house.input(listed),
      otherPartyId: undefined as never,
      otherPartyNumber: 'V-17',
    });
    expect(await house.stateOf(id)).toBe('submitted');
    await expect(house.get(UploadReceivable).execute(quiet.maker, house.input(stranger))).rejects.toEqual(
      refusal('supplier_not_listed'),
    );
  });

  it('keeps a supplier by its number until it registers', async () => {
    const anchor = await house.anchor();
    const later = '7099999999';
    await house.get(Suppliers).add(anchor.maker, { registrationNumber: later, name: 'Later Ltd' });
    const input = { ...house.input(anchor), otherPartyId: undefined as never, otherPartyNumber: later };
    await expect(house.get(UploadReceivable).execute(anchor.maker, input)).rejects.toEqual(
      refusal('supplier_not_registered'),
    );
    const firm = await house.seller();
    await house.rows('UPDATE organisation SET registration_number = ? WHERE id = ?', [later, idBytes(firm.id)]);
    await house.deliverEvents();
    const { items } = await house.get(Suppliers).list(anchor.id, {});
    expect(items).toEqual([expect.objectContaining({ supplierId: firm.id, registrationNumber: later })]);
    await expect(house.get(Suppliers).add(anchor.maker, { organisationId: firm.id })).rejects.toEqual(
      refusal('supplier_listed'),
    );
  });

  it('is reminded by a ladder, one notice a step however much waits', async () => {
    const [seller, anchor] = await pair();
    for (let n = 0; n < 3; n++) await house.upload(seller, anchor);
    await house.fireTimersIn(3);
    await house.fireTimersIn(6);
    await house.fireTimersIn(11);
    await house.fireTimersIn(20);
    const told = await notices('receivables_wait', anchor.id);
    expect(told.map(({ roles, parameters }) => [roles, (parameters as { count: number }).count])).toEqual([
      [['maker'], 3],
      [['maker', 'checker'], 3],
      [['maker', 'checker', 'administrator'], 3],
    ]);
  });

  it('has its median time to confirm published, from five confirmations on', async () => {
    const [seller, anchor] = await pair();
    const median = async () => (await house.get(AnchorReader).anchorsOf(seller.id, {})).items[0]?.medianHoursToConfirm;
    for (const hours of [1, 2, 30, 4]) {
      const id = await house.upload(seller, anchor);
      await house.rows('UPDATE receivable SET submitted_at = submitted_at - INTERVAL ? HOUR WHERE id = ?', [
        hours,
        idBytes(id),
      ]);
      await house.confirm(anchor, id);
    }
    expect(await median()).toBeNull();
    const id = await house.upload(seller, anchor);
    await house.rows('UPDATE receivable SET submitted_at = submitted_at - INTERVAL 3 HOUR WHERE id = ?', [idBytes(id)]);
    await house.confirm(anchor, id);
    expect(await median()).toBe(3);
  });
});

describe('payment discipline', () => {
  it('stops new confirmations at the third overdue payment, and is cured when all is paid and the time is over', async () => {
    const [seller, anchor] = await pair();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const id = await house.upload(seller, anchor, { dueOn: addDays(house.today, 5) });
      await house.confirm(anchor, id);
      ids.push(id);
    }
    const waiting = await house.upload(seller, anchor, { dueOn: addDays(house.today, 200) });
    await house.fireTimersIn(6);
    expect(await Promise.all(ids.map((id) => house.stateOf(id)))).toEqual(['due', 'due', 'due']);
    await house.fireTimersIn(8);
    expect(await house.stateOf(ids[0] as string)).toBe('due');
    await house.fireTimersIn(10);
    expect(await Promise.all(ids.map((id) => house.stateOf(id)))).toEqual(['overdue', 'overdue', 'overdue']);
    await house.deliverEvents();
    expect(await notices('anchor_confirmations_stopped', anchor.id)).toHaveLength(1);
    await expect(house.propose(anchor, waiting)).rejects.toEqual(refusal('anchor_confirmations_stopped'));
    await house.unitOfWork.run(systemContext('settlement'), async (tx) => {
      for (const receivable of await house.get(Receivables).lockAll(tx, ids))
        await house.get(Receivables).move(tx, receivable, 'settle', { role: 'settlement' });
    });
    await house.deliverEvents();
    await expect(house.propose(anchor, waiting)).rejects.toEqual(refusal('anchor_confirmations_stopped'));
    await house.fireTimersIn(31);
    expect(await notices('anchor_confirmations_resumed', anchor.id)).toHaveLength(1);
    await house.confirm(anchor, waiting);
  });

  it('lets days pass over what nobody confirmed, over an order that nobody delivered, and over what stays unpaid', async () => {
    const [seller, anchor] = await pair();
    const dueOn = addDays(house.today, 3);
    const unconfirmed = await house.upload(seller, anchor, { dueOn });
    const order = await house.upload(seller, anchor, { dueOn, kind: 'purchase_order' });
    const invoice = await house.upload(seller, anchor, { dueOn });
    await house.confirm(anchor, order, invoice);
    await house.fireTimersIn(4);
    expect(await Promise.all([unconfirmed, order, invoice].map((id) => house.stateOf(id)))).toEqual([
      'withdrawn',
      'withdrawn',
      'due',
    ]);
    await house.fireTimersIn(8);
    await house.fireTimersIn(95);
    expect(await house.stateOf(invoice)).toBe('defaulted');
    const { items } = await house.get(ReceivableReader).history(seller.id, invoice, {});
    expect(items.map(({ action, from, to }) => [action, from, to])).toEqual([
      ['default', 'overdue', 'defaulted'],
      ['miss', 'due', 'overdue'],
      ['fall_due', 'confirmed', 'due'],
      ['confirm', 'submitted', 'confirmed'],
      ['submit', 'draft', 'submitted'],
      ['upload', null, 'draft'],
    ]);
  });
});
