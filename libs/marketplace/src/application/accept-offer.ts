import { Injectable } from '@nestjs/common';
import { dueAt } from '#finance';
import { IdentityReader } from '#identity';
import { Limits } from '#institutions';
import { DomainError, moneyToJson, type MoneyJson } from '#kernel';
import { type CommandContext, clearTimers, httpError, newId, setTimer, type Transaction, UnitOfWork } from '#platform';
import { BusinessCalendars } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { Award, type FundingRequest, Offer } from '../persistence/entities.js';
import { disclose } from './disclose-identity.js';
import { lockOwnRequest } from './draft-request.js';
import { loseOtherOffers } from './competition.js';
import { MarketRuleBook } from './market-rules.js';
import { SellReceivables } from './sell-receivables.js';
import { OfferGuarantees } from './offer-guarantees.js';
import { signAcceptance } from './second-signature.js';
import { announce, lockOffer, moveOffer, moveRequest, updateVersioned, writeHistory } from './records.js';
import { FundingRequest as FundingRequestEntity } from '../persistence/entities.js';
import { listingOf, type ReceivableListing } from '../persistence/receivable-listing.store.js';

export interface AcceptedOffer {
  /** Null while a second signatory of the firm is still to accept. */
  readonly awardId: string | null;
  readonly requestState: string;
  readonly awarded: MoneyJson;
  readonly agreeBy: string | null;
  readonly signatures: number;
  readonly signaturesNeeded: number;
}

/**
 * Accepts a binding offer: request, offer, the financier's limits, the other offers, award, history, audit entry and events in one
 * transaction. Of two acceptances at once the request's lock lets one through; the other finds out why.
 */
@Injectable()
export class AcceptOffer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly limits: Limits,
    private readonly sale: SellReceivables,
    private readonly identity: IdentityReader,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
    private readonly guarantees: OfferGuarantees,
  ) {}

  /** `enough` ends the search though the accepted offers do not reach the amount asked for. */
  async execute(context: CommandContext, offerId: string, enough: boolean): Promise<AcceptedOffer> {
    await this.sale.askRegistries(context.actor.organisationId, offerId);
    return this.unitOfWork.run(context, async (tx) => {
      const found = await tx.manager.findOneBy(Offer, { id: offerId });
      if (!found) throw httpError('record_unknown');
      const request = await lockOwnRequest(tx, found.requestId);
      const offer = await lockOffer(tx, offerId);
      const now = await tx.now();
      assertAcceptable(request, offer, now);
      await this.guarantees.assertReserved(tx, offer, now);
      const awardedMinor = request.awardedMinor + offer.amountMinor;
      if (awardedMinor > request.amountMinor)
        throw marketplaceError('award_exceeds_request', {
          data: {
            remaining: moneyToJson({ minor: request.amountMinor - request.awardedMinor, currency: request.currency }),
          },
        });
      const {
        enough: signed,
        signatures,
        needed,
      } = await signAcceptance(tx, this.identity, request.enterpriseId, offerId, now);
      if (!signed) {
        tx.audit({
          action: 'offer.sign_acceptance',
          subjectType: 'offer',
          subjectId: offerId,
          data: { signatures, needed },
        });
        const awarded = moneyToJson({ minor: request.awardedMinor, currency: request.currency });
        return {
          awardId: null,
          requestState: request.state,
          awarded,
          agreeBy: null,
          signatures,
          signaturesNeeded: needed,
        };
      }
      const listing = await listingOf(tx, request.id);
      await this.reserve(tx, request, offer, listing);
      const complete = enough || awardedMinor === request.amountMinor;
      await this.guarantees.turn(tx, offer, complete);
      await moveOffer(tx, offer, 'award', 'enterprise', {
        at: now,
        audience: [offer.financierId],
        payload: { requestId: request.id },
      });
      await clearTimers(tx, offer.id, [marketTimers.offerExpiry]);
      const figures = listing && (await this.sale.figures(tx, offer, now));
      const award = await this.makeAward(tx, request, offer, now, figures?.net.minor ?? offer.receivedMinor);
      await disclose(tx, request.id, offer.financierId, now);
      let after = complete
        ? await this.close(tx, request, awardedMinor, now)
        : await updateVersioned(tx, FundingRequestEntity, request, { awardedMinor });
      if (listing && figures)
        after = await this.sale.assign(tx, { request: after, offer, award, listing, figures, now });
      return {
        awardId: award.id,
        requestState: after.state,
        awarded: moneyToJson({ minor: awardedMinor, currency: request.currency }),
        agreeBy: award.agreeBy.toISOString(),
        signatures,
        signaturesNeeded: needed,
      };
    });
  }

  /** A refusal of the limits tells the financier's figures, which are not for the enterprise. */
  private async reserve(
    tx: Transaction,
    request: FundingRequest,
    offer: Offer,
    listing: ReceivableListing | undefined,
  ): Promise<void> {
    const { financierId, mandateId, currency, amountMinor } = offer;
    const base = { financierId, mandateId, enterpriseId: request.enterpriseId, currency };
    try {
      if (listing) await this.sale.reserve(tx, base, offer.id, listing);
      else await this.limits.reserve(tx, { ...base, amountMinor, reference: offer.id });
    } catch (error) {
      const refused = error instanceof DomainError && limitRefusals.has(error.code);
      throw refused ? marketplaceError('financier_limit_reached') : error;
    }
  }

  private async makeAward(
    tx: Transaction,
    request: FundingRequest,
    offer: Offer,
    now: Date,
    netMinor: bigint,
  ): Promise<Award> {
    const { calendar } = await this.calendars.current(tx);
    const agreeBy = new Date(dueAt(calendar, now.getTime(), this.book.rules.agreeWorkingDays).dueAt);
    const id = newId();
    const award = Object.assign(new Award(), {
      id,
      requestId: request.id,
      offerId: offer.id,
      enterpriseId: request.enterpriseId,
      financierId: offer.financierId,
      state: 'accepted' as const,
      version: 1,
      currency: offer.currency,
      amountMinor: offer.amountMinor,
      netMinor,
      acceptedAt: now,
      agreeBy,
      enterpriseFault: false,
    });
    await tx.manager.insert(Award, award);
    await setTimer(tx, marketTimers.award, id, agreeBy);
    await writeHistory(tx, {
      subjectType: 'award',
      subjectId: id,
      requestId: request.id,
      action: 'make',
      from: null,
      to: 'accepted',
      at: now,
    });
    const parties = [request.enterpriseId, offer.financierId];
    announce(tx, 'award', id, 1, 'make', 'accepted', {
      audience: parties,
      payload: {
        requestId: request.id,
        offerId: offer.id,
        financierId: offer.financierId,
        enterpriseId: request.enterpriseId,
      },
    });
    return award;
  }

  private async close(
    tx: Transaction,
    request: FundingRequest,
    awardedMinor: bigint,
    now: Date,
  ): Promise<FundingRequest> {
    await loseOtherOffers(tx, request.id, now);
    await clearTimers(tx, request.id, [marketTimers.decide]);
    return moveRequest(
      tx,
      request,
      'award',
      'applicant',
      { at: now, audience: [request.enterpriseId] },
      { awardedMinor },
    );
  }
}

const limitRefusals = new Set([
  'enterprise_limit_reached',
  'anchor_limit_reached',
  'anchor_limit_missing',
  'monthly_appetite_reached',
]);

function assertAcceptable(request: FundingRequest, offer: Offer, now: Date): void {
  if (offer.state === 'lost' || (request.state === 'awarded' && offer.state !== 'awarded'))
    throw marketplaceError('already_awarded');
  if (request.state !== 'open')
    throw marketplaceError(request.state === 'awarded' ? 'already_awarded' : 'request_not_open', {
      detail: `The request is ${request.state}.`,
    });
  if (request.closesAt && now < request.closesAt)
    throw marketplaceError('bidding_open', { data: { closesAt: request.closesAt.toISOString() } });
  if (offer.state !== 'live') throw marketplaceError('offer_not_live', { detail: `The offer is ${offer.state}.` });
  if (offer.expiresAt <= now)
    throw marketplaceError('offer_expired', { data: { expiredAt: offer.expiresAt.toISOString() } });
  if (!offer.binding) throw marketplaceError('offer_not_binding');
}
