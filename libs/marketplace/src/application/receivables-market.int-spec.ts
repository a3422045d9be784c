// size: one market for receivables, set up once, for every rule of its trade
import { addDays } from '#kernel';
import { type CommandContext, type DeliveredEvent, idBytes, idText, newId, UnitOfWork, systemContext } from '#platform';
import { checkReceivables, UndoAssignment } from '#receivables';
import { FollowReceivables } from '../jobs/receivable-events.handler.js';
import { bidAt, ReceivablesTrade } from '../testing/receivables-trade.js';
import { AcceptOffer } from './accept-offer.js';
import { BidAutomatically } from './bid-automatically.js';
import { ComparisonReader } from './comparison.reader.js';
import { ListReceivables } from './list-receivables.js';
import { MarketClocks } from './market-clocks.js';
import { MarketReader } from './market.reader.js';
import { PlaceBid } from './place-bid.js';
import { PlaceOffer } from './place-offer.js';
import { ReviewRequest } from './review-request.js';
import { SubmitRequest } from './submit-request.js';
import { TradingHours } from './trading-hours.js';
import { UnsoldReceivables } from './unsold-receivables.js';
import { WithdrawRequest } from './withdraw-request.js';

let trade: ReceivablesTrade;
beforeAll(async () => {
  trade = await ReceivablesTrade.open();
}, 60_000);
afterAll(() => trade.house.close());

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const bid = (bank: CommandContext, requestId: string, input = bidAt('8')) =>
  trade.house.get(PlaceBid).execute(bank, requestId, input);

/** One seller with one certificate of one anchor, listed; banks with limits on it. */
async function listed(banks = 2, mode: 'ranked' | 'sealed' = 'ranked') {
  const [seller, anchor] = [await trade.house.enterprise(), await trade.anchor()];
  const desks: CommandContext[] = [];
  for (let n = 0; n < banks; n++) desks.push(await trade.bank('500000.00', anchor));
  const certificateId = await trade.certificate(seller, anchor);
  const request = await trade.list(seller, [certificateId], mode);
  return { seller, anchor, banks: desks, certificateId, request };
}

async function accept(seller: CommandContext, requestId: string, offerId: string) {
  await trade.house.endBidding(requestId);
  return trade.house.get(AcceptOffer).execute(seller, offerId, false);
}

async function awarded(changes: Parameters<typeof bidAt>[1] = {}) {
  const market = await listed();
  const [first] = market.banks as [CommandContext];
  const { id } = await bid(first, market.request.id, bidAt('7.2', changes));
  await accept(market.seller, market.request.id, id);
  const [award] = await trade.house.rows<{ id: Buffer; assignment_id: Buffer; net_minor: string; state: string }>(
    'SELECT id, assignment_id, net_minor, state FROM award WHERE request_id = ?',
    [idBytes(market.request.id)],
  );
  if (!award) throw new Error('there is no award');
  return { ...market, bank: first, offerId: id, award, assignmentId: idText(award.assignment_id) };
}

/** What the register says, delivered as the worker would. */
const told = (name: string, subjectId: string) =>
  trade.house
    .get(UnitOfWork)
    .run(systemContext('test'), (tx) =>
      trade.house.get(FollowReceivables).handle(tx, { name, subjectId } as DeliveredEvent),
    );

describe('listing receivables', () => {
  it('opens a confirmed invoice at once; its certificate is listed and stands in no other request', async () => {
    const { seller, certificateId, request } = await listed();
    expect(request).toMatchObject({
      state: 'open',
      productKind: 'invoice_discounting',
      amount: { amount: '120000.00' },
    });
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'listed' });
    await expect(trade.list(seller, [certificateId])).rejects.toEqual(code('certificate_not_free'));
  });

  it('lets one of ten listings of the same certificate at once through', async () => {
    const [seller, anchor] = [await trade.house.enterprise(), await trade.anchor()];
    const certificateId = await trade.certificate(seller, anchor);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        trade.house.get(ListReceivables).execute(seller, { certificateIds: [certificateId], mode: 'ranked' }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses another’s certificate, one too near its day, and a pool of unlike kinds', async () => {
    const [seller, other, anchor] = [
      await trade.house.enterprise(),
      await trade.house.enterprise(),
      await trade.anchor(),
    ];
    const own = await trade.certificate(seller, anchor);
    await expect(trade.list(other, [own])).rejects.toEqual(code('certificate_not_sellers'));
    const near = await trade.certificate(seller, anchor, { dueOn: addDays(trade.today, 14) });
    await expect(trade.list(seller, [near])).rejects.toMatchObject({
      code: expect.stringMatching(/near|not_financeable/) as string,
    });
    const order = await trade.certificate(seller, anchor, {
      kind: 'purchase_order',
      amount: { amount: '75000.00', currency: 'SAR' },
    });
    await expect(trade.list(seller, [own, order])).rejects.toEqual(code('certificates_mixed'));
    expect(await trade.certificateOf(own)).toMatchObject({ status: 'held' });
  });

  it('frees the certificate in the transaction that withdraws or expires the request', async () => {
    const { seller, certificateId, request } = await listed();
    await trade.house.get(WithdrawRequest).execute(seller, request.id, 'changed my mind');
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'held' });
    const again = await trade.list(seller, [certificateId]);
    await trade.house.rows('UPDATE funding_request SET decide_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
      idBytes(again.id),
    ]);
    await trade.house.run(async (tx) => trade.house.get(MarketClocks).expireRequest(tx, again.id, await tx.now()));
    expect(await trade.requestState(again.id)).toBe('expired');
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'held' });
  });

  it('reviews an order and a refund claim first; a rejection frees the certificate', async () => {
    const [seller, anchor, authority] = [
      await trade.house.enterprise(),
      await trade.anchor(),
      await trade.anchor('tax_authority'),
    ];
    const claim = await trade.certificate(seller, authority, { kind: 'tax_refund' });
    const advance = await trade.list(seller, [claim]);
    expect(advance).toMatchObject({ state: 'submitted', productKind: 'tax_refund_advance', closesAt: null });
    const order = await trade.certificate(seller, anchor, { kind: 'purchase_order' });
    const finance = await trade.list(seller, [order]);
    expect(finance).toMatchObject({ state: 'submitted', productKind: 'order_finance' });
    await trade.house.rows('UPDATE review_case SET assignee_id = ?', [idBytes(trade.house.reviewer.actor.id)]);
    const [kind] = await trade.house.rows('SELECT kind, service_days FROM review_case WHERE subject_id = ?', [
      idBytes(advance.id),
    ]);
    expect(kind).toEqual({ kind: 'tax_refund_advance', service_days: 3 });
    const review = trade.house.get(ReviewRequest);
    expect(await review.open(trade.house.reviewer, advance.id)).toMatchObject({ state: 'open' });
    await review.reject(trade.house.reviewer, finance.id, [{ code: 'amount_not_supported', message: 'no.' }]);
    expect(await trade.certificateOf(order)).toMatchObject({ status: 'held' });
    expect(await trade.certificateOf(claim)).toMatchObject({ status: 'listed' });
  });

  it('cannot be gone around by an ordinary draft', async () => {
    const seller = await trade.house.enterprise();
    const [draft] = await trade.house.rows<{ id: Buffer }>('SELECT id FROM funding_request LIMIT 1');
    await trade.house.rows("UPDATE funding_request SET state = 'draft', enterprise_id = ? WHERE id = ?", [
      idBytes(seller.actor.organisationId),
      (draft as { id: Buffer }).id,
    ]);
    await expect(trade.house.get(SubmitRequest).execute(seller, idText((draft as { id: Buffer }).id))).rejects.toEqual(
      code('request_needs_certificate'),
    );
  });
});

describe('bidding for receivables', () => {
  it('needs a limit on the anchor, whose name only those with a limit learn; the seller stays unnamed', async () => {
    const { request, banks, anchor } = await listed(1);
    const without = await trade.bank('1.00');
    await trade.match(request.id);
    const reader = trade.house.get(MarketReader);
    const [known, unknown] = [
      await reader.brief((banks[0] as CommandContext).actor.organisationId, request.id),
      await reader.brief(without.actor.organisationId, request.id),
    ];
    expect(known.receivable).toMatchObject({ hasAllLimits: true, certificates: 1, daysLeft: 90 });
    expect(known.receivable?.anchors[0]?.anchor?.id).toBe(anchor.maker.actor.organisationId);
    expect(unknown.receivable).toMatchObject({ hasAllLimits: false, anchors: [{ anchor: null, hasLimit: false }] });
    expect([known.enterprise, unknown.enterprise]).toEqual([null, null]);
    expect(known.match.score).toBeGreaterThan(unknown.match.score);
    await expect(bid(without, request.id)).rejects.toEqual(code('anchor_limit_needed'));
    await trade.limit(without, anchor.maker.actor.organisationId, '200000.00');
    expect(await bid(without, request.id)).toMatchObject({ state: 'live' });
  });

  it('takes no loan for receivables and no bid twice', async () => {
    const { request, banks } = await listed(1);
    const [bank] = banks as [CommandContext];
    await expect(
      trade.house.get(PlaceOffer).execute(bank, request.id, {
        binding: false,
        amount: { amount: '1000.00', currency: 'SAR' },
        tenorMonths: 3,
        expiresAt: trade.house.farFuture(),
        terms: {
          contract: 'conventional',
          price: { kind: 'fixed', annualRate: '5' },
          interest: 'declining',
          amortization: 'bullet',
          everyMonths: 3,
          graceInstalments: 0,
          fees: [],
          collateral: [],
          conditions: [],
          customerChecks: [],
          recourse: true,
          earlySettlementPercent: '0',
          lateChargePercent: '0',
        },
      }),
    ).rejects.toEqual(code('offer_outside_mandate'));
    await bid(bank, request.id);
    await expect(bid(bank, request.id)).rejects.toEqual(code('offer_exists'));
  });

  it('ranks by what is paid out, and takes a revision that pays more only', async () => {
    const { request, seller, banks } = await listed(3);
    const [a, b, c] = banks as [CommandContext, CommandContext, CommandContext];
    await bid(a, request.id, bidAt('6', { holdbackPercent: '20' }));
    const second = await bid(b, request.id, bidAt('9'));
    await bid(c, request.id, bidAt('8'));
    const compare = async () =>
      (await trade.house.get(ComparisonReader).forEnterprise(seller.actor.organisationId, request.id)).items;
    const financiers = (items: readonly { financier: { id: string } }[]) => items.map(({ financier }) => financier.id);
    expect(financiers(await compare())).toEqual([c, b, a].map(({ actor }) => actor.organisationId));
    const revise = (rate: string) => trade.house.get(PlaceBid).revise(b, second.id, 1, bidAt(rate));
    await expect(revise('9.5')).rejects.toEqual(code('offer_not_better'));
    await revise('7.5');
    const items = await compare();
    expect(financiers(items)).toEqual([b, c, a].map(({ actor }) => actor.organisationId));
    expect(items[0]).toMatchObject({
      rank: 1,
      cost: { holdback: { amount: '0.00' } },
      schedule: [{ total: { amount: '120000.00' } }],
    });
  });

  it('is closed outside the hours; a rule then bids when the market opens', async () => {
    const { request, banks } = await listed(1);
    const [bank] = banks as [CommandContext];
    const [mandate] = await trade.house.rows<{ id: Buffer }>('SELECT id FROM mandate WHERE financier_id = ?', [
      idBytes(bank.actor.organisationId),
    ]);
    await trade.house.rows(
      `INSERT INTO auto_bid_rule (id, financier_id, mandate_id, name, pricing, annual_rate, fee_percent, fee_fixed_minor, tenor_max, grace_months, share_percent, validity_days, status, proposed_by, approved_by, version, created_at, updated_at)
       VALUES (?, ?, ?, 'rule', 'fixed', 8.5, 0.1, 0, 24, 0, 100, 30, 'approved', 'maker', 'checker', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(newId()), idBytes(bank.actor.organisationId), (mandate as { id: Buffer }).id],
    );
    const hours = trade.house.get(TradingHours);
    const opensAt = jest.spyOn(hours, 'opensAt').mockResolvedValue(new Date(Date.now() + 86_400_000 * 30));
    try {
      await expect(bid(bank, request.id)).rejects.toEqual(code('market_closed'));
      await trade.house.run((tx) =>
        trade.house.get(BidAutomatically).within(tx, request.id, [bank.actor.organisationId]),
      );
    } finally {
      opensAt.mockRestore();
    }
    const count = () =>
      trade.house.rows('SELECT automatic, binding FROM offer WHERE request_id = ?', [idBytes(request.id)]);
    expect(await count()).toEqual([]);
    expect(
      await trade.house.rows("SELECT kind FROM timer WHERE subject_id = ? AND kind = 'market.auto_bid'", [
        idBytes(request.id),
      ]),
    ).toHaveLength(1);
    await trade.house.run((tx) => trade.house.get(MarketClocks).bidAtOpening(tx, request.id));
    expect(await count()).toEqual([{ automatic: 1, binding: 1 }]);
  });
});

describe('the award of receivables', () => {
  it('is one step: limits on the anchor, the register and the award agree, and the price is that of the day', async () => {
    const { seller, anchor, bank, certificateId, request, award, assignmentId, banks, offerId } = await awarded({
      holdbackPercent: '10',
      fees: [{ name: 'handling', percent: '0.1' }],
    });
    expect(await trade.requestState(request.id)).toBe('agreed');
    expect(award.state).toBe('agreed');
    expect(await trade.certificateOf(certificateId)).toEqual({ status: 'assigned', holder: bank.actor.organisationId });
    expect(await trade.used(bank, anchor)).toBe('120000.00');
    expect(await trade.used(banks[1] as CommandContext, anchor)).toBe('0.00');
    const [terms] = await trade.house.rows<{
      pay_on: string;
      price_minor: string;
      holdback_minor: string;
      with_recourse: number;
    }>('SELECT pay_on, price_minor, holdback_minor, with_recourse FROM assignment WHERE id = ?', [
      idBytes(assignmentId),
    ]);
    const {
      pay_on: payOn,
      price_minor: price,
      holdback_minor: holdback,
    } = terms as { pay_on: string; price_minor: string; holdback_minor: string };
    // 108,000 at 7.2 % over the days of 360 from the day of payment, less 0.1 % of 120,000.
    const days = (Date.parse(addDays(trade.today, 90)) - Date.parse(payOn)) / 86_400_000;
    const discount = BigInt(Math.round((10_800_000 * 0.072 * days) / 360));
    expect(BigInt(award.net_minor)).toBe(10_800_000n - discount - 12_000n);
    expect([BigInt(price), BigInt(holdback)]).toEqual([12_000_000n - discount - 12_000n, 1_200_000n]);
    await expect(trade.house.get(AcceptOffer).execute(seller, offerId, false)).rejects.toEqual(
      code('request_not_open'),
    );
  });

  it('is refused whole when the limit on the anchor is gone meanwhile', async () => {
    const { seller, anchor, banks, certificateId, request } = await listed(1);
    const [bank] = banks as [CommandContext];
    const { id } = await bid(bank, request.id);
    await trade.limit(bank, anchor.maker.actor.organisationId, '1000.00');
    await expect(accept(seller, request.id, id)).rejects.toEqual(code('financier_limit_reached'));
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'listed' });
    expect(await trade.requestState(request.id)).toBe('open');
  });

  it('of two acceptances at once goes to one', async () => {
    const { seller, banks, request, certificateId } = await listed(2);
    const offers = await Promise.all(banks.map((bank, n) => bid(bank, request.id, bidAt(String(7 + n)))));
    await trade.house.endBidding(request.id);
    const results = await Promise.allSettled(
      offers.map(({ id }) => trade.house.get(AcceptOffer).execute(seller, id, false)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      await trade.house.rows('SELECT 1 FROM assignment_item WHERE certificate_id = ? AND live = 1', [
        idBytes(certificateId),
      ]),
    ).toHaveLength(1);
  });

  it('of a pool of two anchors reserves on each', async () => {
    const seller = await trade.house.enterprise();
    const anchors = [await trade.anchor(), await trade.anchor()] as const;
    const bank = await trade.bank('500000.00', ...anchors);
    const certificateIds = [
      await trade.certificate(seller, anchors[0]),
      await trade.certificate(seller, anchors[1], {
        amount: { amount: '80000.00', currency: 'SAR' },
        dueOn: addDays(trade.today, 45),
      }),
    ];
    const request = await trade.list(seller, certificateIds);
    expect(request).toMatchObject({ productKind: 'receivables_pool', amount: { amount: '200000.00' } });
    const { id } = await bid(bank, request.id);
    await accept(seller, request.id, id);
    expect([await trade.used(bank, anchors[0]), await trade.used(bank, anchors[1])]).toEqual(['120000.00', '80000.00']);
  });
});

describe('after the award', () => {
  it('is disbursed when the first leg is booked, and repaid when the anchor has paid; then the limit is free', async () => {
    const { bank, anchor, request, assignmentId, certificateId } = await awarded();
    await trade.booked(await trade.obligation('first_leg', assignmentId));
    await told('assignment.paid', assignmentId);
    await told('assignment.paid', assignmentId);
    expect(await trade.requestState(request.id)).toBe('disbursed');
    expect(await trade.used(bank, anchor)).toBe('120000.00');
    const [row] = await trade.house.rows<{ receivable_id: Buffer }>(
      'SELECT receivable_id FROM certificate WHERE id = ?',
      [idBytes(certificateId)],
    );
    await trade.booked(await trade.obligation('maturity', idText((row as { receivable_id: Buffer }).receivable_id)));
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'settled' });
    await told('assignment.satisfied', assignmentId);
    expect(await trade.requestState(request.id)).toBe('repaid');
    expect(await trade.used(bank, anchor)).toBe('0.00');
    // News that come late change nothing: the register says that it has ended.
    await told('assignment.restored', assignmentId);
    expect(await trade.requestState(request.id)).toBe('repaid');
    // The bank takes the anchor's payment back: the sale stands again, beyond a limit that was lowered meanwhile.
    const register = (state: string) =>
      trade.house.rows('UPDATE assignment SET state = ? WHERE id = ?', [state, idBytes(assignmentId)]);
    await register('paid');
    await trade.house.rows('UPDATE anchor_limit SET limit_minor = 1, ceiling_minor = 1 WHERE anchor_id = ?', [
      idBytes(anchor.maker.actor.organisationId),
    ]);
    await told('assignment.restored', assignmentId);
    await told('assignment.restored', assignmentId);
    await told('assignment.satisfied', assignmentId);
    expect(await trade.requestState(request.id)).toBe('disbursed');
    expect(await trade.used(bank, anchor)).toBe('120000.00');
    await register('satisfied');
    await told('assignment.satisfied', assignmentId);
    expect(await trade.requestState(request.id)).toBe('repaid');
    expect(await trade.used(bank, anchor)).toBe('0.00');
  });

  it('that fails to be paid is undone: limits free, offers back, certificates listed, the request open', async () => {
    const { bank, banks, anchor, seller, request, assignmentId, certificateId } = await awarded();
    await trade.house.get(UndoAssignment).execute(trade.house.reviewer, assignmentId, 'the bank did not answer');
    expect(await trade.certificateOf(certificateId)).toEqual({ status: 'held', holder: seller.actor.organisationId });
    await told('assignment.undone', assignmentId);
    await told('assignment.undone', assignmentId);
    expect(await trade.requestState(request.id)).toBe('open');
    expect(await trade.certificateOf(certificateId)).toMatchObject({ status: 'listed' });
    expect(await trade.used(bank, anchor)).toBe('0.00');
    expect(banks).toHaveLength(2);
  });

  it('that the bank takes back is agreed again', async () => {
    const { request, assignmentId } = await awarded();
    await told('assignment.paid', assignmentId);
    expect(await trade.requestState(request.id)).toBe('disbursed');
    await told('assignment.reopened', assignmentId);
    expect(await trade.requestState(request.id)).toBe('agreed');
    await told('assignment.paid', assignmentId);
    expect(await trade.requestState(request.id)).toBe('disbursed');
  });
});

describe('receivables that were not sold', () => {
  it('can be pooled with what else is free, or listed again', async () => {
    const { seller, anchor, certificateId, request } = await listed(1);
    const other = await trade.certificate(seller, anchor, { amount: { amount: '44000.00', currency: 'SAR' } });
    await trade.house.rows('UPDATE funding_request SET decide_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
      idBytes(request.id),
    ]);
    await trade.house.run(async (tx) => trade.house.get(MarketClocks).expireRequest(tx, request.id, await tx.now()));
    const unsold = trade.house.get(UnsoldReceivables);
    const found = await unsold.alternatives(seller.actor.organisationId, request.id);
    expect(found).toMatchObject({ certificates: [{ certificateId }], earlyPayment: [], listAgain: true });
    expect([...(found.pool?.certificateIds ?? [])].sort()).toEqual([certificateId, other].sort());
    const rival = await trade.house.enterprise();
    await expect(unsold.alternatives(rival.actor.organisationId, request.id)).rejects.toEqual(code('record_unknown'));
    expect(await unsold.pool(seller, request.id)).toMatchObject({
      productKind: 'receivables_pool',
      amount: { amount: '164000.00' },
    });
    expect((await unsold.alternatives(seller.actor.organisationId, request.id)).listAgain).toBe(false);
  });
});

describe('one invoice in fifty spellings', () => {
  // Case, spaces, punctuation, zeros, full-width and Arabic-Indic digits, Cyrillic and Greek letters, O for 0 and I for 1.
  const spellings = Array.from({ length: 50 }, (_, n) => {
    const changes: readonly ((text: string) => string)[] = [
      (text) => text,
      (text) => text.toLowerCase(),
      (text) => text.replaceAll('-', ''),
      (text) => text.replaceAll('-', '/'),
      (text) => text.replaceAll('-', ' - '),
      (text) => text.replace('1001', '0001001'),
      (text) => text.replaceAll('0', 'O'),
      (text) => text.replaceAll('1', 'I'),
      (text) => text.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
      (text) => text.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(0x0660 + Number(digit))),
      (text) => text.replaceAll('N', 'Ν').replaceAll('I', 'Ι'),
    ];
    const first = changes[n % changes.length] as (text: string) => string;
    const second = changes[(n * 3 + Math.floor(n / changes.length)) % changes.length] as (text: string) => string;
    return second(first('INV-1001'));
  });

  it('by two uploaders, offered to two financiers, is financed once', async () => {
    const [seller, anchor] = [await trade.house.enterprise(), await trade.anchor()];
    const preparer = await trade.house.colleague(seller, ['preparer']);
    const banks = [await trade.bank('5000000.00', anchor), await trade.bank('5000000.00', anchor)];
    const issuedOn = addDays(trade.today, -5);
    const certificates = await Promise.allSettled(
      spellings.map((number, n) => trade.certificate(n % 2 === 0 ? seller : preparer, anchor, { number, issuedOn })),
    );
    const ids = [...new Set(certificates.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))];
    expect(ids.length).toBeGreaterThan(0);
    const listings = await Promise.allSettled(ids.map((id) => trade.list(seller, [id])));
    const open = listings.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []));
    const bids = await Promise.allSettled(
      open.flatMap((requestId) => banks.map((bank) => bid(bank, requestId, bidAt('8')))),
    );
    await trade.house.rows(
      "UPDATE funding_request SET closes_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE enterprise_id = ? AND state = 'open'",
      [idBytes(seller.actor.organisationId)],
    );
    const accepted = await Promise.allSettled(
      bids.flatMap((each) =>
        each.status === 'fulfilled' ? [trade.house.get(AcceptOffer).execute(seller, each.value.id, false)] : [],
      ),
    );
    expect(accepted.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    const [financed] = await trade.house.rows<{ n: string }>(
      "SELECT COUNT(*) AS n FROM assignment WHERE seller_id = ? AND state <> 'undone'",
      [idBytes(seller.actor.organisationId)],
    );
    expect(Number(financed?.n)).toBeLessThanOrEqual(1);
  });

  it('leaves every position in order', async () => {
    expect(await trade.house.run((tx) => checkReceivables(tx))).toMatchObject({ ok: true, broken: null });
  });
});
