import { Injectable } from '@nestjs/common';
import type { MoneyJson } from '#kernel';
import { moneyFromJson } from '#kernel';
import { type CommandContext, newId, setTimer, type Transaction, UnitOfWork } from '#platform';
import { extendedClose } from '../domain/closing.policy.js';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { offerFigures } from '../domain/offer-figures.js';
import { misfits } from '../domain/offer-fit.policy.js';
import type { OfferTerms } from '../domain/offer-terms.js';
import { rankOffers } from '../domain/ranking.policy.js';
import { FundingRequest } from '../persistence/entities.js';
import { type BidderRequest, lockForBid } from '../persistence/bid.query.js';
import { markOffered } from '../persistence/match.query.js';
import { insertOffer, liveOffers } from '../persistence/offer.store.js';
import { MarketRuleBook } from './market-rules.js';
import { announce, updateVersioned, writeHistory } from './records.js';
import { giveWayToBinding, wasAskedToBind } from './replace-indicative.js';

export interface OfferInput {
  readonly binding: boolean;
  readonly amount: MoneyJson;
  readonly tenorMonths: number;
  readonly expiresAt: string;
  readonly terms: OfferTerms;
}

export interface PlacedOffer {
  readonly id: string;
  readonly version: number;
  readonly state: 'live' | 'pending_approval';
  readonly apr: string;
  /** The close after this offer; later than before when it took the lead in the last minutes. */
  readonly closesAt: string;
}

/** Who places: a person, or an auto-bid rule that maker and checker approved. */
export interface Bidder {
  readonly financierId: string;
  readonly makerId: string;
  readonly checkerId: string | null;
  readonly automatic: boolean;
  /** Largest amount the maker may bind alone, in minor units; undefined means none at all. */
  readonly limitMinor: bigint | undefined;
}

/** Places one offer of a financier on a request that it was matched to. */
@Injectable()
export class PlaceOffer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: MarketRuleBook,
  ) {}

  async execute(context: CommandContext, requestId: string, input: OfferInput): Promise<PlacedOffer> {
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

  async within(tx: Transaction, requestId: string, bidder: Bidder, input: OfferInput): Promise<PlacedOffer> {
    const request = await lockForBid(tx, requestId, bidder.financierId);
    if (!request) throw marketplaceError('not_matched');
    const now = await tx.now();
    const indicative = input.binding ? request.indicative : undefined;
    const asked = wasAskedToBind(indicative, now) && request.state === 'open';
    if (!asked) assertOpenForBids(request, now);
    if (indicative && !asked && request.mode === 'sealed') throw marketplaceError('offer_exists');
    assertFits(request, input, now);
    const amount = moneyFromJson(input.amount);
    const figures = offerFigures(input.terms, amount, input.tenorMonths, now);
    if (indicative) await giveWayToBinding(tx, indicative, { amount, apr: figures.apr }, now);
    // Only what binds needs a second person; an indicative offer promises nothing.
    const alone =
      !input.binding ||
      bidder.checkerId !== null ||
      (bidder.limitMinor !== undefined && amount.minor <= bidder.limitMinor);
    const state = alone ? 'live' : 'pending_approval';
    const id = newId();
    const { makerId, checkerId, automatic, financierId } = bidder;
    const { apr, totalCostMinor, receivedMinor } = figures;
    const { binding, tenorMonths, terms } = input;
    const expiresAt = new Date(input.expiresAt);
    await insertOffer(tx, {
      id,
      requestId,
      financierId,
      mandateId: request.mandateId,
      state,
      binding,
      automatic,
      amount,
      tenorMonths,
      terms,
      apr,
      totalCostMinor,
      receivedMinor,
      makerId,
      checkerId,
      placedAt: now,
      expiresAt,
    });
    await markOffered(tx, requestId, financierId, now);
    await setTimer(tx, marketTimers.offerExpiry, id, expiresAt);
    const closesAt =
      state === 'live'
        ? await this.extendIfLeading(tx, request, { id, binding: input.binding }, now)
        : request.closesAt;
    await writeHistory(tx, {
      subjectType: 'offer',
      subjectId: id,
      requestId,
      action: 'place',
      from: null,
      to: state,
      at: now,
    });
    announce(tx, 'offer', id, 1, 'place', state, {
      audience: [bidder.financierId],
      payload: { requestId, financierId: bidder.financierId, binding: input.binding },
    });
    return { id, version: 1, state, apr: figures.apr, closesAt: closesAt.toISOString() };
  }

  /** A binding offer that takes the lead in the last minutes gives the others time to answer. */
  async extendIfLeading(
    tx: Transaction,
    request: BidderRequest,
    offer: { id: string; binding: boolean },
    now: Date,
  ): Promise<Date> {
    const { extensionMinutes, extensionsAtMost } = this.book.rules;
    const rule = { extensionMinutes, extensionsAtMost };
    // Asked first with rank 1 assumed, so that the offers are read only when the answer matters.
    if (!extendedClose(request, { binding: offer.binding, rank: 1 }, now, rule)) return request.closesAt;
    const leader = rankOffers(await liveOffers(tx, request.id), {
      amount: { minor: request.amountMinor, currency: request.currency },
      tenorMonths: request.tenorMonths,
    })[0];
    const closesAt = extendedClose(
      request,
      { binding: offer.binding, rank: leader?.id === offer.id ? 1 : 2 },
      now,
      rule,
    );
    if (!closesAt) return request.closesAt;
    const row = await tx.manager.findOneByOrFail(FundingRequest, { id: request.id });
    const decideBy = new Date((row.decideBy as Date).getTime() + extensionMinutes * 60_000);
    const moved = await updateVersioned(tx, FundingRequest, row, {
      closesAt,
      decideBy,
      extensions: request.extensions + 1,
    });
    await setTimer(tx, marketTimers.close, request.id, closesAt);
    await setTimer(tx, marketTimers.decide, request.id, decideBy);
    await writeHistory(tx, {
      subjectType: 'funding_request',
      subjectId: request.id,
      requestId: request.id,
      action: 'extend',
      from: 'open',
      to: 'open',
      at: now,
      reason: { closesAt: closesAt.toISOString() },
    });
    announce(tx, 'funding_request', request.id, moved.version, 'extend', 'open', {
      audience: [row.enterpriseId],
      payload: { closesAt: closesAt.toISOString() },
    });
    return closesAt;
  }
}

export function assertOpenForBids(request: Pick<BidderRequest, 'state' | 'closesAt'>, now: Date): void {
  if (request.state !== 'open')
    throw marketplaceError('request_not_open', { detail: `The request is ${request.state}.` });
  if (now >= request.closesAt)
    throw marketplaceError('bidding_closed', { data: { closedAt: request.closesAt.toISOString() } });
}

/** Refuses an offer that does not suit the request, with every fault named at once. */
export function assertFits(request: BidderRequest, input: OfferInput, now: Date): void {
  const proposed = { ...input, amount: moneyFromJson(input.amount), expiresAt: new Date(input.expiresAt) };
  const fields = misfits(request, proposed, now);
  if (fields.length > 0)
    throw marketplaceError('offer_outside_mandate', { detail: `${fields[0]?.pointer}: ${fields[0]?.message}`, fields });
  if (input.binding && !request.disclosed) throw marketplaceError('identity_not_disclosed');
}
