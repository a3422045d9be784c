// size: every way out of an unsold listing, with the guarantee to its end.
import { Fees } from '#guarantee';
import { addDays } from '#kernel';
import { type CommandContext, type DeliveredEvent, idBytes, idText, newId, systemContext, UnitOfWork } from '#platform';
import { DiscountProgrammes } from '#receivables';
import { FollowReceivables } from '../jobs/receivable-events.handler.js';
import { GuaranteedMarket, plainApplication } from '../testing/guaranteed-market.js';
import { bidAt, ReceivablesTrade } from '../testing/receivables-trade.js';
import { tellPeople } from '../testing/tell-people.js';
import { AcceptOffer } from './accept-offer.js';
import { ApplyForOfferGuarantee } from './apply-for-offer-guarantee.js';
import { ComparisonReader } from './comparison.reader.js';
import { GuaranteedCandidates } from './guaranteed-candidates.js';
import { MarketClocks } from './market-clocks.js';
import { MarketReader } from './market.reader.js';
import { PlaceBid } from './place-bid.js';
import { ReviewRequest } from './review-request.js';
import { UnsoldReceivables } from './unsold-receivables.js';

/** Its scheme covers invoices and order finance as they are filed, no pools and no refund claims. */
let trade: ReceivablesTrade;
let fund: GuaranteedMarket;
beforeAll(async () => {
  trade = await ReceivablesTrade.open();
  fund = await GuaranteedMarket.open(trade.house, {
    change: (terms) => {
      const clauses = terms['clauses'] as { kind: string; productKinds?: string[] }[];
      clauses.find(({ kind }) => kind === 'products')?.productKinds?.push('invoice_discounting');
    },
  });
}, 60_000);
afterAll(() => trade.house.close());

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const unsold = () => trade.house.get(UnsoldReceivables);
const waysOn = async ({ actor }: CommandContext, requestId: string) =>
  unsold().alternatives(actor.organisationId, requestId);

/** The time to decide passes without an acceptance. */
async function expire(requestId: string): Promise<void> {
  await trade.house.rows('UPDATE funding_request SET decide_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
    idBytes(requestId),
  ]);
  await trade.house.run(async (tx) => trade.house.get(MarketClocks).expireRequest(tx, requestId, await tx.now()));
}

/** Another invoice of the seller that looks like no other. */
let more = 0;
const another = (seller: CommandContext, anchor: { maker: CommandContext; checker: CommandContext }) =>
  trade.certificate(seller, anchor, { amount: { amount: `${50_000 + 1_357 * ++more}.00`, currency: 'SAR' } });

/** One invoice of 120,000 due in 90 days that nobody bought. */
async function notSold() {
  const [seller, anchor] = [await trade.house.enterprise(), await trade.anchor()];
  const bank = await trade.bank('500000.00', anchor);
  const certificateId = await trade.certificate(seller, anchor);
  const { id: requestId } = await trade.list(seller, [certificateId]);
  await expire(requestId);
  return { seller, anchor, bank, certificateId, requestId };
}

const guaranteeStates = async (requestId: string) =>
  (await trade.house.rows<{ state: string }>('SELECT state FROM guarantee WHERE request_id = ?', [idBytes(requestId)]))
    .map(({ state }) => state)
    .sort();

describe('what is offered to a seller whose receivables were not sold', () => {
  it('is nothing while the request is open, and never another’s', async () => {
    const [seller, anchor] = [await trade.house.enterprise(), await trade.anchor()];
    const { id } = await trade.list(seller, [await trade.certificate(seller, anchor)]);
    expect(await waysOn(seller, id)).toMatchObject({ ways: [], pool: null, guaranteed: null, earlyPayment: [] });
    await expect(unsold().guaranteed(seller, id)).rejects.toEqual(code('not_unsold'));
    await expect(waysOn(await trade.house.enterprise(), id)).rejects.toEqual(code('record_unknown'));
  });

  it('is early payment where the anchor has a programme that takes it', async () => {
    const { seller, anchor, certificateId, requestId } = await notSold();
    expect((await waysOn(seller, requestId)).ways).toEqual(['list_again']);
    const programmes = trade.house.get(DiscountProgrammes);
    const { id } = await programmes.propose(anchor.maker, {
      name: 'Early',
      curve: [{ daysFrom: 10, annualRate: '6' }],
      floorRate: '5',
      dailyBudget: { amount: '500000.00', currency: 'SAR' },
      validFrom: trade.today,
      validTo: null,
    });
    expect((await waysOn(seller, requestId)).ways).toEqual(['list_again']);
    await programmes.move(anchor.checker, id, 'approve');
    expect(await waysOn(seller, requestId)).toMatchObject({
      ways: ['early_payment', 'list_again'],
      earlyPayment: [{ id, certificateIds: [certificateId], anchor: { id: anchor.maker.actor.organisationId } }],
    });
    await trade.house.rows('UPDATE discount_programme SET valid_to = ? WHERE id = ?', [trade.today, idBytes(id)]);
    expect((await waysOn(seller, requestId)).ways).toEqual(['list_again']);
  });

  it('is a pool with the other free invoices, which is not covered by a scheme that covers none', async () => {
    const { seller, anchor, certificateId, requestId } = await notSold();
    const other = await trade.certificate(seller, anchor, { amount: { amount: '44000.00', currency: 'SAR' } });
    const order = await trade.certificate(seller, anchor, { kind: 'purchase_order' });
    const found = await waysOn(seller, requestId);
    expect(found.ways).toEqual(['pool', 'list_again']);
    expect(found.pool?.certificateIds).toEqual([certificateId, other]);
    expect(found.pool?.certificateIds).not.toContain(order);
    const pooled = await unsold().pool(seller, requestId);
    expect(pooled).toMatchObject({ productKind: 'receivables_pool', amount: { amount: '164000.00' }, state: 'open' });
    expect((await waysOn(seller, requestId)).ways).toEqual([]);
    await expect(unsold().pool(seller, requestId)).rejects.toEqual(code('certificates_mixed'));
    await fund.accredit(await trade.bank('500000.00', anchor));
    await expire(pooled.id);
    expect(await waysOn(seller, pooled.id)).toMatchObject({ ways: ['pool', 'list_again'], guaranteed: null });
    await expect(unsold().guaranteed(seller, pooled.id)).rejects.toEqual(code('guarantee_not_possible'));
    expect((await waysOn(seller, pooled.id)).listAgain).toBe(true);
  });

  it('is told to its people in words, each way only where it is open', async () => {
    await tellPeople(trade.house);
    const { seller, anchor } = await notSold();
    const told = async () =>
      (await tellPeople(trade.house))
        .filter(({ to }) => to === 'enterprise: receivables_unsold')
        .map(({ body }) => body);
    expect(await told()).toEqual([
      'No bid was accepted in time and they are yours again. You can list them again as they are.',
    ]);
    await fund.accredit(await trade.bank('500000.00', anchor));
    const { id } = await trade.list(seller, [await another(seller, anchor)]);
    await expire(id);
    const [body] = await told();
    expect(body).toContain('as a pool.');
    expect(body).toContain('list them again as a guaranteed candidate.');
    expect(body).not.toContain('pays early');
  });
});

describe('a guaranteed candidate on receivables', () => {
  /** Not sold, then listed again as a candidate, with a lender that the scheme knows. */
  async function candidate() {
    const market = await notSold();
    await fund.accredit(market.bank);
    const found = await waysOn(market.seller, market.requestId);
    const again = await unsold().guaranteed(market.seller, market.requestId);
    await trade.match(again.id);
    return { ...market, found, again };
  }
  const listOf = async ({ actor }: CommandContext, requestId: string) =>
    (await trade.house.get(GuaranteedCandidates).page(actor.organisationId, {})).items.filter(
      ({ id }) => id === requestId,
    );
  const withCover = (rate: string, coverPercent = '80') =>
    bidAt(rate, { holdbackPercent: '10', guarantee: { schemeId: fund.schemeId, coverPercent } });

  it('says what the scheme would do, is listed again, and lenders see it as they see loans', async () => {
    const { found, again, bank, anchor, seller, requestId } = await candidate();
    expect(found.ways).toEqual(['guaranteed', 'list_again']);
    // 80 % of 120,000; 1.35 % a year of that for three months (SA-grade, band 5).
    expect(found.guaranteed).toMatchObject({
      financiers: 1,
      schemes: [
        {
          schemeId: fund.schemeId,
          maximumCoverPercent: '80.00',
          guaranteed: { amount: '96000.00' },
          firstFee: { amount: '324.00' },
        },
      ],
    });
    expect(again).toMatchObject({ state: 'open', productKind: 'invoice_discounting' });
    expect(await listOf(bank, again.id)).toMatchObject([
      { guaranteedCandidate: true, schemes: [{ schemeId: fund.schemeId, firstFee: { amount: '324.00' } }] },
    ]);
    expect(await listOf(await trade.bank('500000.00', anchor), again.id)).toEqual([]);
    expect(await waysOn(seller, requestId)).toMatchObject({ ways: [] });
    await expect(unsold().guaranteed(seller, requestId)).rejects.toEqual(code('not_unsold'));
    const [times] = await trade.house.rows<{ plain: Date; candidate: Date }>(
      `SELECT MAX(CASE WHEN guaranteed_since IS NULL THEN decide_by END) AS plain,
              MAX(CASE WHEN guaranteed_since IS NOT NULL THEN decide_by END) AS candidate
       FROM funding_request WHERE id = ? OR id = ?`,
      [idBytes(again.id), idBytes((await trade.list(seller, [await another(seller, anchor)])).id)],
    );
    expect(times?.candidate.getTime()).toBeGreaterThan(times?.plain.getTime() as number);
  });

  it('is matched with a mandate that lends only against a scheme, too', async () => {
    const { seller, anchor, requestId } = await notSold();
    const secured = await trade.bank('500000.00', anchor);
    const id = idBytes(secured.actor.organisationId);
    await trade.house.rows('UPDATE mandate SET collateral = \'["scheme_guarantee"]\' WHERE financier_id = ?', [id]);
    await trade.house.rows('UPDATE mandate_change_counter SET sequence = sequence + 1');
    await trade.house.rows(
      'INSERT INTO mandate_change SELECT sequence, (SELECT id FROM mandate WHERE financier_id = ?), UTC_TIMESTAMP(6) FROM mandate_change_counter',
      [id],
    );
    await fund.accredit(secured);
    const plain = await trade.list(seller, [await another(seller, anchor)]);
    const invited = async (request: string) =>
      trade.house.rows('SELECT 1 FROM request_match WHERE request_id = ? AND financier_id = ?', [idBytes(request), id]);
    expect(await invited(plain.id)).toHaveLength(0);
    const again = await unsold().guaranteed(seller, requestId);
    await trade.match(again.id);
    expect(await invited(again.id)).toHaveLength(1);
    expect(await listOf(secured, again.id)).toHaveLength(1);
  });

  it('is bid for with the scheme’s fee in the price, and sold with the guarantee once it is reserved', async () => {
    const { house } = trade;
    const { seller, bank, anchor, again } = await candidate();
    const plainBank = await trade.bank('500000.00', anchor);
    await trade.match(again.id);
    const placed = await house.get(PlaceBid).execute(bank, again.id, withCover('7.2'));
    const without = await house.get(PlaceBid).execute(plainBank, again.id, bidAt('7.2', { holdbackPercent: '10' }));
    // The same bid pays 324.00 less for the guarantee, and costs as much more.
    expect(Number(without.net.amount) - Number(placed.net.amount)).toBeCloseTo(324, 6);
    const { items } = await house.get(ComparisonReader).forEnterprise(seller.actor.organisationId, again.id);
    expect(items.map(({ id }) => id)).toEqual([without.id, placed.id]);
    expect(items[1]).toMatchObject({
      cost: { guaranteeFees: { amount: '324.00' }, holdback: { amount: '12000.00' } },
      guarantee: { state: 'indicative', guaranteed: '96000.00' },
    });
    expect(Number(items[1]?.totalCost.amount) - Number(items[0]?.totalCost.amount)).toBeCloseTo(324, 6);

    await house.endBidding(again.id);
    const accept = () => house.get(AcceptOffer).execute(seller, placed.id, false);
    await expect(accept()).rejects.toEqual(code('offer_guarantee_indicative'));
    // The seller is unnamed until it consents; the application would name it.
    const apply = house.get(ApplyForOfferGuarantee);
    await expect(apply.execute(bank, placed.id, plainApplication)).rejects.toEqual(code('identity_not_disclosed'));
    expect((await house.get(MarketReader).brief(bank.actor.organisationId, again.id)).enterprise).toBeNull();
    const letter = await fund.reserved(seller, bank, placed.id);
    expect(letter.guaranteed).toEqual({ amount: '96000.00', currency: 'SAR' });
    expect((await house.get(MarketReader).brief(bank.actor.organisationId, again.id)).enterprise).not.toBeNull();

    await accept();
    expect(await guaranteeStates(again.id)).toEqual(['issued']);
    const [award] = await house.rows<{ id: Buffer; assignment_id: Buffer; net_minor: string }>(
      'SELECT id, assignment_id, net_minor FROM award WHERE request_id = ?',
      [idBytes(again.id)],
    );
    const [sale] = await house.rows<{ price_minor: string; holdback_minor: string }>(
      'SELECT price_minor, holdback_minor FROM assignment WHERE id = ?',
      [award?.assignment_id],
    );
    expect(BigInt(sale?.price_minor ?? 0) - BigInt(sale?.holdback_minor ?? 0)).toBe(BigInt(award?.net_minor ?? 1));
    const assignmentId = idText(award?.assignment_id as Buffer);
    await trade.booked(await trade.obligation('first_leg', assignmentId));
    await house
      .get(UnitOfWork)
      .run(systemContext('test'), (tx) =>
        house.get(FollowReceivables).handle(tx, { name: 'assignment.paid', subjectId: assignmentId } as DeliveredEvent),
      );
    const [fee] = await house.rows<{ id: Buffer; charged_minor: string }>(
      'SELECT f.id, f.charged_minor FROM guarantee_fee f JOIN guarantee g ON g.id = f.guarantee_id WHERE g.request_id = ?',
      [idBytes(again.id)],
    );
    expect(fee?.charged_minor).toBe('32400');
    await house.get(Fees).pay(fund.maker, idText(fee?.id as Buffer), trade.today, `F-${newId().slice(-6)}`);
    expect(await guaranteeStates(again.id)).toEqual(['in_force']);

    // The bank takes the first leg back, and it does not come again: nothing is left that the scheme could stand for.
    for (const name of ['assignment.reopened', 'assignment.undone'])
      await house.run((tx) =>
        house.get(FollowReceivables).handle(tx, { name, subjectId: assignmentId } as DeliveredEvent),
      );
    expect(await guaranteeStates(again.id)).toEqual(['released']);
    expect(await house.rows('SELECT balance_minor FROM guarantee WHERE request_id = ?', [idBytes(again.id)])).toEqual([
      { balance_minor: '0' },
    ]);
  });

  it('that ends unsold again gives the letter back; the lender cannot be applied for above the cover', async () => {
    const { house } = trade;
    const { seller, bank, again } = await candidate();
    await expect(house.get(PlaceBid).execute(bank, again.id, withCover('7', '95'))).rejects.toEqual(
      code('offer_guarantee_refused'),
    );
    const { id } = await house.get(PlaceBid).execute(bank, again.id, withCover('7'));
    await fund.reserved(seller, bank, id);
    await expire(again.id);
    expect(await guaranteeStates(again.id)).toEqual(['lapsed']);
    expect((await waysOn(seller, again.id)).ways).toContain('guaranteed');
  });

  it('on an order is reviewed first and then shown', async () => {
    const { house } = trade;
    const [seller, anchor] = [await house.enterprise(), await trade.anchor()];
    const bank = await trade.bank('500000.00', anchor);
    await fund.accredit(bank);
    const order = await trade.certificate(seller, anchor, {
      kind: 'purchase_order',
      dueOn: addDays(trade.today, 150),
    });
    const open = async (requestId: string) => {
      await house.rows('UPDATE review_case SET assignee_id = ? WHERE subject_id = ?', [
        idBytes(house.reviewer.actor.id),
        idBytes(requestId),
      ]);
      await house.get(ReviewRequest).open(house.reviewer, requestId);
      await trade.match(requestId);
    };
    const { id } = await trade.list(seller, [order]);
    await open(id);
    await expire(id);
    expect((await waysOn(seller, id)).ways).toEqual(['guaranteed', 'list_again']);
    const again = await unsold().guaranteed(seller, id);
    expect(again).toMatchObject({ state: 'submitted', productKind: 'order_finance' });
    expect(await listOf(bank, again.id)).toEqual([]);
    await open(again.id);
    expect(await listOf(bank, again.id)).toMatchObject([{ guaranteedCandidate: true }]);
  });
});
