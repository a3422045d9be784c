import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Limits, type ReservationRequest } from '#institutions';
import { addDays, moneyToJson } from '#kernel';
import { clearTimers, ENVIRONMENT, type Environment, idBytes, idText, type Transaction } from '#platform';
import { startOfCountryDay } from '#platform/rulebooks';
import { AskRegistries, ReceivableMarket } from '#receivables';
import { BusinessCalendars } from '#review';
import { type DiscountFigures, discountFigures } from '../domain/discount-figures.js';
import type { ReceivableDiscount } from '../domain/offer-terms.js';
import type { Award, FundingRequest, Offer } from '../persistence/entities.js';
import { anchorShares, listingOf, type ReceivableListing } from '../persistence/receivable-listing.store.js';
import { moveAward, moveRequest } from './records.js';
import { settlementDay } from './trading-hours.js';

/** The limits' references of an offer: one for each anchor of the request, or the offer itself for a loan. */
export async function reservationsOf(
  tx: Transaction,
  { offerId, requestId }: { readonly offerId: string; readonly requestId: string },
): Promise<readonly string[]> {
  const listing = await listingOf(tx, requestId);
  return listing ? anchorShares(listing.certificates).map((_, n) => referenceOf(offerId, n)) : [offerId];
}

const referenceOf = (offerId: string, n: number): string => (n === 0 ? offerId : `${offerId}/${n}`);

/** What an acceptance does with receivables: limits on each anchor, the assignment, and the award that is agreed by it. */
@Injectable()
export class SellReceivables {
  constructor(
    private readonly limits: Limits,
    private readonly dataSource: DataSource,
    private readonly receivables: ReceivableMarket,
    private readonly registries: AskRegistries,
    private readonly calendars: BusinessCalendars,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Other registries and the register of liens are asked anew before receivables are sold; an answer that is missing refuses the award. */
  async askRegistries(sellerId: string, offerId: string): Promise<void> {
    const rows = await this.dataSource.query<{ receivable_id: Buffer }[]>(
      `SELECT DISTINCT c.receivable_id FROM offer o JOIN receivable_listing l ON l.request_id = o.request_id
       JOIN listed_certificate c ON c.request_id = l.request_id WHERE o.id = ? AND o.state = 'live' AND l.seller_id = ?`,
      [idBytes(offerId), idBytes(sellerId)],
    );
    if (rows.length > 0) await this.registries.execute(rows.map(({ receivable_id }) => idText(receivable_id)));
  }

  /** Reserves within the mandate's limits and the financier's limit on each anchor, in the order of the anchors. */
  async reserve(
    tx: Transaction,
    base: Omit<ReservationRequest, 'anchorId' | 'amountMinor' | 'reference'>,
    offerId: string,
    listing: ReceivableListing,
  ): Promise<void> {
    for (const [n, { anchorId, amountMinor }] of anchorShares(listing.certificates).entries())
      await this.limits.reserve(tx, { ...base, anchorId, amountMinor, reference: referenceOf(offerId, n) });
  }

  /** The bid's figures for an acceptance of `now`: paid out on the next working day, so never less than was compared. */
  async figures(tx: Transaction, offer: Pick<Offer, 'terms' | 'currency'>, now: Date): Promise<DiscountFigures> {
    const discount = offer.terms.discount as ReceivableDiscount;
    const settlesOn = settlementDay((await this.calendars.current(tx)).calendar, now);
    return discountFigures(offer.terms, { ...discount, settlesOn }, offer.currency);
  }

  /** Assigns the certificates, checked again under lock. The bid and its acceptance are the contract: the award is agreed at once. */
  async assign(
    tx: Transaction,
    sale: {
      readonly request: FundingRequest;
      readonly offer: Offer;
      readonly award: Award;
      readonly listing: ReceivableListing;
      readonly figures: DiscountFigures;
      readonly now: Date;
    },
  ): Promise<FundingRequest> {
    const { request, offer, award, listing, figures, now } = sale;
    const { assignmentId, payOn } = await this.receivables.assign(tx, {
      reference: request.id,
      awardReference: award.id,
      sellerId: listing.sellerId,
      assigneeOrganisationId: offer.financierId,
      certificateIds: listing.certificates.map(({ certificateId }) => certificateId),
      priceMinor: figures.net.minor + figures.holdback.minor,
      holdbackMinor: figures.holdback.minor,
      withRecourse: offer.terms.recourse,
    });
    const disburseBy = startOfCountryDay(this.environment.country, addDays(payOn, 1));
    await clearTimers(tx, award.id);
    const parties = [award.enterpriseId, award.financierId];
    const step = { at: now, audience: parties, payload: { requestId: request.id, assignmentId } };
    await moveAward(tx, award, 'agree', 'enterprise', step, {
      enterpriseSignedAt: now,
      financierSignedAt: now,
      disburseBy,
      assignmentId,
    });
    return moveRequest(tx, request, 'agree', 'applicant', {
      at: now,
      audience: [request.enterpriseId],
      reason: { net: moneyToJson(figures.net), settlesOn: payOn },
    });
  }
}
