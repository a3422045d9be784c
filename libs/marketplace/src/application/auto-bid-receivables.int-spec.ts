import { MoveAutoBidRule, ProposeAutoBidRule, type ReceivableBidInput } from '#institutions';
import { addDays, type CalendarDate } from '#kernel';
import { type CommandContext, type DeliveredEvent, idBytes, idText, systemContext, UnitOfWork } from '#platform';
import { Repurchase } from '#receivables';
import { FollowReceivables } from '../jobs/receivable-events.handler.js';
import { ReceivablesTrade } from '../testing/receivables-trade.js';
import { AcceptOffer } from './accept-offer.js';
import { BidAutomatically } from './bid-automatically.js';
import { ComparisonReader } from './comparison.reader.js';

type Anchor = Awaited<ReturnType<ReceivablesTrade['anchor']>>;

/** What a rule says of receivables, from its bid to the last payout. */
let trade: ReceivablesTrade;
beforeAll(async () => {
  trade = await ReceivablesTrade.open();
}, 60_000);
afterAll(() => trade.house.close());

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const told = (name: string, subjectId: string) =>
  trade.house
    .get(UnitOfWork)
    .run(systemContext('test'), (tx) =>
      trade.house.get(FollowReceivables).handle(tx, { name, subjectId } as DeliveredEvent),
    );

interface RuleChanges {
  readonly annualRate?: string;
  readonly sharePercent?: string;
  readonly tenorMax?: number;
  readonly validityDays?: number;
}

/** A bank with a limit on the anchor and a rule that a second person has approved. */
async function ruled(anchor: Anchor, receivables?: ReceivableBidInput, changes: RuleChanges = {}) {
  const bank = await trade.bank('900000.00', anchor);
  const [mandate] = await trade.house.rows<{ id: Buffer }>('SELECT id FROM mandate WHERE financier_id = ?', [
    idBytes(bank.actor.organisationId),
  ]);
  const rule = await trade.house.get(ProposeAutoBidRule).execute(bank, {
    mandateId: idText(mandate?.id as Buffer),
    name: 'Receivables',
    pricing: 'fixed',
    annualRate: '7.2',
    referenceRate: null,
    feePercent: '0.1',
    feeFixed: null,
    tenorMax: 12,
    graceMonths: 0,
    sharePercent: '100',
    validityDays: 30,
    ...(receivables ? { receivables } : {}),
    ...changes,
  });
  await trade.house.get(MoveAutoBidRule).execute(await trade.house.colleague(bank, ['checker']), rule.id, 'approve');
  return { bank, rule };
}

async function listed(anchor: Anchor, dueIn = 90, amount = '120000.00') {
  const seller = await trade.house.enterprise();
  const certificateId = await trade.certificate(seller, anchor, {
    dueOn: addDays(trade.today, dueIn),
    amount: { amount, currency: 'SAR' },
  });
  const { id: requestId } = await trade.list(seller, [certificateId]);
  return { seller, certificateId, requestId };
}

/** The worker hears of the invitations. */
const bidFor = async (requestId: string, ...banks: readonly CommandContext[]) =>
  trade.house.run((tx) =>
    trade.house.get(BidAutomatically).within(
      tx,
      requestId,
      banks.map(({ actor }) => actor.organisationId),
    ),
  );

const bidders = async (requestId: string) =>
  (
    await trade.house.rows<{ financier_id: Buffer }>('SELECT financier_id FROM offer WHERE request_id = ?', [
      idBytes(requestId),
    ])
  ).map(({ financier_id }) => idText(financier_id));

async function sold(seller: CommandContext, requestId: string, offerId: string) {
  await trade.house.endBidding(requestId);
  await trade.house.get(AcceptOffer).execute(seller, offerId, false);
  const [sale] = await trade.house.rows<{
    id: Buffer;
    pay_on: CalendarDate;
    price_minor: string;
    holdback_minor: string;
    with_recourse: number;
    net_minor: string;
  }>(
    `SELECT s.id, s.pay_on, s.price_minor, s.holdback_minor, s.with_recourse, a.net_minor
     FROM assignment s JOIN award a ON a.assignment_id = s.id WHERE a.request_id = ?`,
    [idBytes(requestId)],
  );
  if (!sale) throw new Error('nothing was sold');
  await trade.booked(await trade.obligation('first_leg', idText(sale.id)));
  await told('assignment.paid', idText(sale.id));
  return { ...sale, id: idText(sale.id) };
}

const receivableOf = async (certificateId: string) => {
  const [row] = await trade.house.rows<{ receivable_id: Buffer }>(
    'SELECT receivable_id FROM certificate WHERE id = ?',
    [idBytes(certificateId)],
  );
  return idText(row?.receivable_id as Buffer);
};

const payouts = async (payee: CommandContext) =>
  (
    await trade.house.rows<{ kind: string; amount_minor: string }>(
      'SELECT kind, amount_minor FROM settlement_payout WHERE payee_id = ? ORDER BY id',
      [idBytes(payee.actor.organisationId)],
    )
  ).map(({ kind, amount_minor }) => `${kind} ${amount_minor}`);

describe('a rule on receivables', () => {
  it('without recourse and with a holdback: its bid, the comparison, the sale and the last payout say the same', async () => {
    const { house } = trade;
    const anchor = await trade.anchor();
    const { bank, rule } = await ruled(anchor, { recourse: false, holdbackPercent: '12.5' });
    expect(rule.receivables).toEqual({
      recourse: false,
      holdbackPercent: '12.5',
      daysLeftMin: null,
      daysLeftMax: null,
      amountMax: null,
    });
    const { seller, certificateId, requestId } = await listed(anchor);
    await bidFor(requestId, bank);
    const { items } = await house.get(ComparisonReader).forEnterprise(seller.actor.organisationId, requestId);
    const [bid] = items;
    expect(items).toHaveLength(1);
    expect(bid).toMatchObject({
      automatic: true,
      binding: true,
      state: 'live',
      // 12.5 % of 120,000 kept back, 0.1 % of it as fee.
      cost: { recourse: false, holdback: { amount: '15000.00' }, fees: { amount: '120.00' } },
    });
    const sale = await sold(seller, requestId, bid?.id as string);
    // 105,000 at 7.2 % are 21.00 a day of a year of 360 (market.json of SA: ACT/360, discount).
    const days = BigInt((Date.parse(addDays(trade.today, 90)) - Date.parse(sale.pay_on)) / 86_400_000);
    const net = 10_500_000n - days * 2100n - 12_000n;
    expect(BigInt(sale.net_minor)).toBe(net);
    expect([BigInt(sale.price_minor), BigInt(sale.holdback_minor), sale.with_recourse]).toEqual([
      net + 1_500_000n,
      1_500_000n,
      0,
    ]);
    const receivableId = await receivableOf(certificateId);
    // A payment in part goes to the financier first; the holdback follows with the rest.
    const { reference } = await trade.obligation('maturity', receivableId);
    await trade.booked({ reference, amount: '105000.00' });
    expect(await payouts(bank)).toEqual(['proceeds 10500000']);
    expect(await payouts(seller)).toEqual([`proceeds ${net}`]);
    await trade.booked({ reference, amount: '15000.00' });
    expect(await payouts(seller)).toEqual([`proceeds ${net}`, 'holdback 1500000']);
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'settled' });
  });

  it.each([
    [true, undefined],
    [true, { recourse: true, holdbackPercent: '5' }],
    [false, { recourse: false, holdbackPercent: '5' }],
  ])('with recourse %p obliges the seller after the debtor’s default accordingly', async (recourse, terms) => {
    const anchor = await trade.anchor();
    const { bank } = await ruled(anchor, terms);
    const { seller, certificateId, requestId } = await listed(anchor);
    await bidFor(requestId, bank);
    const { items } = await trade.house.get(ComparisonReader).forEnterprise(seller.actor.organisationId, requestId);
    const sale = await sold(seller, requestId, items[0]?.id as string);
    expect(sale.with_recourse).toBe(recourse ? 1 : 0);
    const receivableId = await receivableOf(certificateId);
    const call = () => trade.house.get(Repurchase).claim(bank, sale.id, 'not paid');
    await expect(call()).rejects.toEqual(code('repurchase_not_owed'));
    await trade.house.rows("UPDATE receivable SET state = 'defaulted' WHERE id = ?", [idBytes(receivableId)]);
    if (!recourse) return expect(call()).rejects.toEqual(code('repurchase_not_owed'));
    const kept = terms ? 6_000 : 0;
    expect(await call()).toMatchObject({ amount: { amount: `${120_000 - kept}.00` } });
  });

  it('keeps to its bounds: days left, size, tenor, a part of the amount, and how long its bids stand', async () => {
    const anchor = await trade.anchor();
    const terms = { recourse: true, holdbackPercent: '0' };
    const open = (await ruled(anchor, terms)).bank;
    const near = (await ruled(anchor, { ...terms, daysLeftMax: 60 })).bank;
    const far = (await ruled(anchor, { ...terms, daysLeftMin: 61 })).bank;
    const small = (await ruled(anchor, { ...terms, amountMax: { amount: '50000.00', currency: 'SAR' } })).bank;
    const short = (await ruled(anchor, terms, { tenorMax: 1 })).bank;
    const half = (await ruled(anchor, terms, { sharePercent: '50' })).bank;
    const brief = (await ruled(anchor, terms, { validityDays: 1 })).bank;
    const all = [open, near, far, small, short, half, brief];
    const who = async (dueIn: number, amount?: string) => {
      const { requestId } = await listed(anchor, dueIn, amount);
      await bidFor(requestId, ...all);
      return (await bidders(requestId)).sort();
    };
    const named = (...banks: readonly CommandContext[]) => banks.map(({ actor }) => actor.organisationId).sort();
    expect(await who(90)).toEqual(named(open, far));
    expect(await who(60, '49000.00')).toEqual(named(open, near, small));
    expect(await who(20, '50000.01')).toEqual(named(open, near, short));
  });

  it('is refused where it does not hold together', async () => {
    const anchor = await trade.anchor();
    const fields = async (terms: ReceivableBidInput) =>
      ruled(anchor, terms).then(
        () => [],
        ({ details }: { details: { fields: { pointer: string }[] } }) => details.fields.map(({ pointer }) => pointer),
      );
    const plain = { recourse: false, holdbackPercent: '10' };
    expect(await fields({ ...plain, holdbackPercent: '50.1' })).toEqual(['/receivables/holdbackPercent']);
    expect(await fields({ ...plain, daysLeftMin: 60, daysLeftMax: 30 })).toEqual(['/receivables/daysLeftMax']);
    expect(await fields({ ...plain, amountMax: { amount: '1.00', currency: 'SAR' } })).toEqual([
      '/receivables/amountMax',
    ]);
  });
});
