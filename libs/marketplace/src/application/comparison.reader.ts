// size: an offer as it is compared, a loan and a bid on receivables side by side.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OfferGuaranteeReader, type OfferGuaranteeState } from '#guarantee';
import { InstitutionReader } from '#institutions';
import { moneyToJson } from '#kernel';
import { httpError, systemContext, UnitOfWork } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import { type DiscountFigures, discountFigures } from '../domain/discount-figures.js';
import { offerDetail } from '../domain/offer-figures.js';
import { amountBand, rankOffers, type RankedOffer, tenorBand } from '../domain/ranking.policy.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
import { FundingRequest, Offer } from '../persistence/entities.js';
import { MarketReader } from './market.reader.js';
import { OfferGuarantees } from './offer-guarantees.js';
import type { AskedTerms } from '../domain/offer-terms.js';

/** The rule by which offers are ordered, as the screens print it. */
export const rankingRule =
  'Offers that cover the same share of the amount (whole, three quarters, half) and have a like tenor (within a tenth, a quarter) are compared with each other, ' +
  'by the effective annual rate with every compulsory fee and the guarantee fee; then by total cost, then by who offered first. Nobody can pay for a rank.';

/** The same for receivables, where every bid is for the whole. */
const netRankingRule =
  'Bids are compared by what is paid out on the day of settlement, discounted to the same day; then by total cost, then by who bid first. ' +
  'The effective annual rate is shown beside. Nobody can pay for a rank.';

function ranked(offer: Offer): RankedOffer & { readonly offer: Offer } {
  const { id, amountMinor, currency, tenorMonths, totalCostMinor, receivedMinor, placedAt } = offer;
  return {
    id,
    amount: { minor: amountMinor, currency },
    tenorMonths,
    apr: Number(offer.apr),
    totalCostMinor,
    receivedMinor,
    placedAt,
    offer,
  };
}

/** Offers side by side for the enterprise, and a financier's own rank. */
@Injectable()
export class ComparisonReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly market: MarketReader,
    private readonly institutions: InstitutionReader,
    private readonly guarantees: OfferGuaranteeReader,
    private readonly pricing: OfferGuarantees,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Every offer of an own request with its figures. In a sealed competition nothing is shown before the close, not even to the enterprise. */
  async forEnterprise(enterpriseId: string, requestId: string) {
    const request = await this.dataSource.manager.findOneBy(FundingRequest, { id: requestId, enterpriseId });
    if (!request) throw httpError('record_unknown');
    const now = await this.market.now();
    const rule = isReceivableProduct(request.productKind) ? netRankingRule : rankingRule;
    const sealed = request.mode === 'sealed' && request.closesAt !== null && now < request.closesAt;
    const offers = await this.offersOf(requestId, ['live', 'lost', 'awarded']);
    if (sealed)
      return {
        requestId,
        mode: request.mode,
        sealedUntil: request.closesAt,
        count: null,
        rankingRule: rule,
        items: [],
      };
    const asked = {
      amount: { minor: request.amountMinor, currency: request.currency },
      tenorMonths: request.tenorMonths,
      byNet: isReceivableProduct(request.productKind),
    };
    const financiers = await this.institutions.financiers(offers.map(({ financierId }) => financierId));
    const guaranteed = offers.filter(({ terms }) => terms.guarantee).map(({ id }) => id);
    const states = await this.guarantees.ofOffers(guaranteed);
    const items = rankOffers(offers.map(ranked), asked).map(({ offer }, index) => ({
      rank: index + 1,
      bands: {
        amount: amountBand({ minor: offer.amountMinor, currency: offer.currency }, asked.amount),
        tenor: tenorBand(offer.tenorMonths, asked.tenorMonths),
      },
      financier: financiers.get(offer.financierId) ?? { id: offer.financierId },
      ...offerView(offer),
      guarantee: guaranteeView(offer, states.get(offer.id), now),
      ...figuresView(offer),
    }));
    return { requestId, mode: request.mode, sealedUntil: null, count: items.length, rankingRule: rule, items };
  }

  /** The financier's own offer with its rank; never another's price, and in a sealed competition no rank before the close. */
  async forFinancier(financierId: string, offerId: string) {
    const offer = await this.dataSource.manager.findOneBy(Offer, { id: offerId, financierId });
    if (!offer) throw httpError('record_unknown');
    const request = await this.dataSource.manager.findOneByOrFail(FundingRequest, { id: offer.requestId });
    const hidden =
      request.mode === 'sealed' && request.closesAt !== null && (await this.market.now()) < request.closesAt;
    const asked = {
      amount: { minor: request.amountMinor, currency: request.currency },
      tenorMonths: request.tenorMonths,
      byNet: isReceivableProduct(request.productKind),
    };
    const order = hidden
      ? []
      : rankOffers((await this.offersOf(request.id, ['live', 'awarded', 'lost'])).map(ranked), asked);
    const place = order.findIndex(({ id }) => id === offerId);
    return {
      ...offerView(offer),
      guarantee: guaranteeView(
        offer,
        (await this.guarantees.ofOffers([offer.id])).get(offer.id),
        await this.market.now(),
      ),
      ...figuresView(offer),
      requestState: request.state,
      closesAt: request.closesAt,
      rank: place >= 0 ? place + 1 : null,
    };
  }

  /** What an offer would cost, before it is made. */
  async preview(
    financierId: string,
    requestId: string,
    input: Pick<Offer, 'tenorMonths' | 'amountMinor' | 'currency'> & { readonly terms: AskedTerms },
  ) {
    await this.market.assertInvited(financierId, requestId).catch(() => {
      throw marketplaceError('not_matched');
    });
    const placedAt = await this.market.now();
    const amount = { minor: input.amountMinor, currency: input.currency };
    const { enterprise } = await this.market.brief(financierId, requestId);
    const terms = await this.unitOfWork.run(systemContext('offer preview'), (tx) =>
      this.pricing.priced(tx, { ...input, amount, requestId, financierId }, placedAt, enterprise !== null),
    );
    return { guarantee: terms.guarantee ?? null, ...figuresView({ ...input, terms, placedAt }) };
  }

  private offersOf(requestId: string, states: readonly Offer['state'][]): Promise<Offer[]> {
    return this.dataSource.manager
      .createQueryBuilder(Offer, 'o')
      .where('o.request_id = :id AND o.state IN (:...states)', {
        id: Buffer.from(requestId.replaceAll('-', ''), 'hex'),
        states,
      })
      .getMany();
  }
}

/** An offer without its computed schedule. */
export function offerView(offer: Offer) {
  const { id, requestId, version, state, binding, automatic, currency, tenorMonths, terms, apr, placedAt, expiresAt } =
    offer;
  return {
    id,
    requestId,
    version,
    state,
    binding,
    automatic,
    amount: moneyToJson({ minor: offer.amountMinor, currency }),
    tenorMonths,
    terms,
    apr,
    totalCost: moneyToJson({ minor: offer.totalCostMinor, currency }),
    received: moneyToJson({ minor: offer.receivedMinor, currency }),
    placedAt,
    expiresAt,
  };
}

/** Where an offer's guarantee stands: only a reserved one can be accepted. */
const steps = {
  draft: 'applied',
  submitted: 'applied',
  in_review: 'applied',
  information_requested: 'applied',
  approved: 'approved',
  declined: 'declined',
} as const;

/** The guarantee of an offer for both its sides; null where it has none. */
function guaranteeView({ terms: { guarantee } }: Offer, state: OfferGuaranteeState | undefined, now: Date) {
  if (!guarantee) return null;
  const letterOver = state?.guarantee === 'offered' && state.letterUntil !== null && state.letterUntil <= now;
  const held = letterOver || state?.guarantee === 'lapsed' ? null : (state?.guarantee ?? null);
  const before = state ? steps[state.application] : 'indicative';
  return {
    ...guarantee,
    state: held === 'offered' ? ('reserved' as const) : (held ?? before),
    applicationId: state?.applicationId ?? null,
    guaranteeId: state?.guaranteeId ?? null,
    number: state?.number ?? null,
    reservedUntil: held === 'offered' ? (state?.letterUntil ?? null) : null,
    citedClauses: state?.citedClauses ?? [],
  };
}

/** Schedule, scenarios and the parts of the cost, computed anew from the stored terms: the same terms give the same figures. */
function figuresView(offer: Pick<Offer, 'terms' | 'amountMinor' | 'currency' | 'tenorMonths' | 'placedAt'>) {
  if (offer.terms.discount) return bidView(discountFigures(offer.terms, offer.terms.discount, offer.currency), offer);
  const cost = offerDetail(
    offer.terms,
    { minor: offer.amountMinor, currency: offer.currency },
    offer.tenorMonths,
    offer.placedAt,
  );
  const scenario = (play: typeof cost.late | undefined) =>
    play && {
      on: play.on,
      paid: moneyToJson(play.paid),
      fee: moneyToJson(play.fee),
      refund: moneyToJson(play.refund),
      totalCost: moneyToJson(play.totalCost),
      difference: moneyToJson(play.difference),
    };
  return {
    cost: {
      received: moneyToJson(cost.received),
      repaid: moneyToJson(cost.repaid),
      interest: moneyToJson(cost.interest),
      fees: moneyToJson(cost.fees),
      guaranteeFees: moneyToJson(cost.guaranteeFees),
      totalCost: moneyToJson(cost.totalCost),
      costPerUnit: cost.costPerUnit,
      averagePayment: moneyToJson(cost.averagePayment),
      averageMonthlyPayment: moneyToJson(cost.averageMonthlyPayment),
      effectiveAnnualRate: cost.effectiveRate.apr,
      early: scenario(cost.early) ?? null,
      late: scenario(cost.late),
    },
    schedule: cost.payments.map(({ n, due, principal, interest, fees, total, balance }) => ({
      n,
      due,
      principal: moneyToJson(principal),
      interest: moneyToJson(interest),
      fees: moneyToJson(fees),
      total: moneyToJson(total),
      balance: moneyToJson(balance),
    })),
  };
}

/** A bid's figures in the same places as a loan's; the debtors pay, so its schedule is that of their payments. */
function bidView(
  { net, discount, fees, guaranteeFees, holdback, totalCost, apr, days }: DiscountFigures,
  offer: Pick<Offer, 'terms'>,
) {
  return {
    cost: {
      received: moneyToJson(net),
      discount: moneyToJson(discount),
      fees: moneyToJson(fees),
      guaranteeFees: moneyToJson(guaranteeFees),
      holdback: moneyToJson(holdback),
      totalCost: moneyToJson(totalCost),
      effectiveAnnualRate: { apr },
      settlesOn: offer.terms.discount?.settlesOn ?? null,
      recourse: offer.terms.recourse,
    },
    schedule: days.map((day, n) => ({
      n: n + 1,
      due: day.dueOn,
      total: moneyToJson(day.face),
      discount: moneyToJson(day.discount),
      holdback: moneyToJson(day.holdback),
    })),
  };
}
