import { Injectable } from '@nestjs/common';
import { AnchorLimitReader } from '#institutions';
import { moneyToJson, type MoneyJson } from '#kernel';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import type { AskedGuarantee, OfferFee, OfferTerms } from '../domain/offer-terms.js';
import { type BidderRequest, lockForBid } from '../persistence/bid.query.js';
import { Offer } from '../persistence/entities.js';
import { dueDays, listingOf, type ReceivableListing } from '../persistence/receivable-listing.store.js';
import { type OfferState, ReviseOffer } from './change-offer.js';
import { MarketRuleBook } from './market-rules.js';
import { type Bidder, type OfferInput, type PlacedOffer, PlaceOffer } from './place-offer.js';
import { TradingHours } from './trading-hours.js';

/** A bid on receivables: the whole of it, at a discount rate. It binds; the seller stays unnamed until it accepts. */
export interface BidInput {
  readonly price: OfferTerms['price'];
  readonly recourse: boolean;
  /** Percent of what is owed that is kept back until the debtor has paid. */
  readonly holdbackPercent: string;
  /** Taken from the amount paid out. */
  readonly fees: readonly Pick<OfferFee, 'name' | 'amount' | 'percent'>[];
  /** A scheme's guarantee; its fee is taken from the amount paid out, too. */
  readonly guarantee?: AskedGuarantee | undefined;
  /** A day after the seller's time to decide when left out. */
  readonly expiresAt?: string | undefined;
}

/** Places and betters bids on requests that stand on confirmed receivables. */
@Injectable()
export class PlaceBid {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly place: PlaceOffer,
    private readonly revision: ReviseOffer,
    private readonly limits: AnchorLimitReader,
    private readonly hours: TradingHours,
    private readonly book: MarketRuleBook,
  ) {}

  async execute(context: CommandContext, requestId: string, input: BidInput): Promise<PlacedOffer & Net> {
    const { actor } = context;
    const bidder = {
      financierId: actor.organisationId,
      makerId: actor.id,
      checkerId: null,
      automatic: false,
      limitMinor: actor.approvalLimitMinor,
    };
    return this.unitOfWork.run(context, (tx) => this.within(tx, requestId, bidder, input));
  }

  /** Refuses outside the market's hours, and without a limit on every anchor of the request. */
  async within(tx: Transaction, requestId: string, bidder: Bidder, input: BidInput): Promise<PlacedOffer & Net> {
    const { request, listing } = await this.listed(tx, requestId, bidder.financierId);
    await this.hours.assertOpen(tx, request.productKind, await tx.now());
    await this.assertLimits(tx, bidder.financierId, request, listing);
    const placed = await this.place.within(tx, requestId, bidder, this.offerOf(request, listing, input));
    return { ...placed, net: await netOf(tx, placed.id) };
  }

  async revise(
    context: CommandContext,
    offerId: string,
    version: number,
    input: BidInput,
  ): Promise<OfferState & { apr: string; closesAt: string } & Net> {
    return this.unitOfWork.run(context, async (tx) => {
      const offer = await this.revision.lockOwn(tx, offerId);
      const { request, listing } = await this.listed(tx, offer.requestId, offer.financierId);
      await this.hours.assertOpen(tx, request.productKind, await tx.now());
      await this.assertLimits(tx, offer.financierId, request, listing);
      const expiresAt = input.expiresAt ?? offer.expiresAt.toISOString();
      const revised = await this.revision.within(tx, offer, version, {
        ...this.offerOf(request, listing, { ...input, expiresAt }),
      });
      return { ...revised, net: await netOf(tx, offerId) };
    });
  }

  private async listed(
    tx: Transaction,
    requestId: string,
    financierId: string,
  ): Promise<{ request: BidderRequest; listing: ReceivableListing }> {
    const request = await lockForBid(tx, requestId, financierId);
    if (!request) throw marketplaceError('not_matched');
    const listing = await listingOf(tx, requestId);
    if (!listing) throw marketplaceError('not_a_receivable');
    return { request, listing };
  }

  private async assertLimits(
    tx: Transaction,
    financierId: string,
    { currency }: BidderRequest,
    { certificates }: ReceivableListing,
  ): Promise<void> {
    const anchors = new Set(certificates.map(({ anchorId }) => anchorId));
    const limited = await this.limits.limitedAnchors(financierId, [...anchors], currency, tx);
    if (limited.size < anchors.size)
      throw marketplaceError('anchor_limit_needed', { data: { anchors: anchors.size, withLimit: limited.size } });
  }

  private offerOf(request: BidderRequest, listing: ReceivableListing, input: BidInput): OfferInput {
    const { currency, amountMinor, tenorMonths } = request;
    const { dayCount, rateIs, rounding } = this.book.rules.receivables;
    const decideBy = request.decideBy ?? request.closesAt;
    return {
      binding: true,
      amount: moneyToJson({ minor: amountMinor, currency }),
      tenorMonths,
      expiresAt: input.expiresAt ?? new Date(decideBy.getTime() + 86_400_000).toISOString(),
      terms: {
        contract: 'discount',
        price: input.price,
        interest: 'flat',
        amortization: 'bullet',
        everyMonths: tenorMonths,
        graceInstalments: 0,
        fees: input.fees.map((fee) => ({ ...fee, when: 'upfront', compulsory: true })),
        ...(input.guarantee ? { guarantee: input.guarantee } : {}),
        collateral: [],
        conditions: [],
        customerChecks: [],
        recourse: input.recourse,
        earlySettlementPercent: '0',
        lateChargePercent: '0',
        discount: {
          holdbackPercent: input.holdbackPercent,
          settlesOn: listing.settlesOn,
          dayCount,
          rateIs,
          rounding,
          parts: dueDays(listing.certificates).map((day) => ({
            dueOn: day.dueOn,
            amount: moneyToJson({ minor: day.amountMinor, currency }).amount,
          })),
        },
      },
    };
  }
}

interface Net {
  /** What reaches the seller if it accepts on the day of the close. */
  readonly net: MoneyJson;
}

async function netOf(tx: Transaction, offerId: string): Promise<MoneyJson> {
  const { receivedMinor, currency } = await tx.manager.findOneByOrFail(Offer, { id: offerId });
  return moneyToJson({ minor: receivedMinor, currency });
}
