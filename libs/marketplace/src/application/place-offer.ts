import { Injectable } from '@nestjs/common';
import type { FieldError, MoneyJson } from '#kernel';
import { moneyFromJson } from '#kernel';
import {
  type CommandContext,
  idBytes,
  idText,
  isDuplicateKey,
  newId,
  setTimer,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { extendedClose } from '../domain/closing.policy.js';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { type OfferFigures, offerFigures } from '../domain/offer-figures.js';
import type { OfferTerms } from '../domain/offer-terms.js';
import { rankOffers, type RankedOffer } from '../domain/ranking.policy.js';
import { FundingRequest } from '../persistence/entities.js';
import { type BidderRequest, lockForBid } from '../persistence/bid.query.js';
import { markOffered } from '../persistence/match.query.js';
import { MarketRuleBook } from './market-rules.js';
import { announce, updateVersioned, writeHistory } from './records.js';
import { giveWayToBinding, lockIndicative, wasAskedToBind } from './replace-indicative.js';

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
    const indicative = input.binding ? await lockIndicative(tx, requestId, bidder.financierId) : undefined;
    const asked = wasAskedToBind(indicative, now) && request.state === 'open';
    if (!asked) assertOpenForBids(request, now);
    if (indicative && !asked && request.mode === 'sealed') throw marketplaceError('offer_exists');
    assertFits(request, input, now);
    const figures = offerFigures(input.terms, moneyFromJson(input.amount), input.tenorMonths, now);
    const amountMinor = moneyFromJson(input.amount).minor;
    if (indicative)
      await giveWayToBinding(tx, indicative, { amount: moneyFromJson(input.amount), apr: figures.apr }, now);
    // Only what binds needs a second person; an indicative offer promises nothing.
    const alone =
      !input.binding ||
      bidder.checkerId !== null ||
      (bidder.limitMinor !== undefined && amountMinor <= bidder.limitMinor);
    const state = alone ? 'live' : 'pending_approval';
    const id = newId();
    await insertOffer(tx, { id, request, bidder, input, amountMinor, figures, state, now });
    await setTimer(tx, marketTimers.offerExpiry, id, new Date(input.expiresAt));
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

/** The live offers of a request, as the ranking sees them. */
export async function liveOffers(tx: Transaction, requestId: string): Promise<RankedOffer[]> {
  const rows = await tx.rows<{
    id: Buffer;
    currency: string;
    amount_minor: string;
    tenor_months: number;
    apr: string;
    total_cost_minor: string;
    placed_at: Date;
  }>(
    "SELECT id, currency, amount_minor, tenor_months, apr, total_cost_minor, placed_at FROM offer WHERE request_id = ? AND state = 'live'",
    [idBytes(requestId)],
  );
  return rows.map(rankedOf);
}

export function rankedOf(row: {
  id: Buffer;
  currency: string;
  amount_minor: string;
  tenor_months: number;
  apr: string;
  total_cost_minor: string;
  placed_at: Date;
}): RankedOffer {
  return {
    id: idText(row.id),
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    tenorMonths: row.tenor_months,
    apr: Number(row.apr),
    totalCostMinor: BigInt(row.total_cost_minor),
    placedAt: row.placed_at,
  };
}

export function assertOpenForBids(request: Pick<BidderRequest, 'state' | 'closesAt'>, now: Date): void {
  if (request.state !== 'open')
    throw marketplaceError('request_not_open', { detail: `The request is ${request.state}.` });
  if (now >= request.closesAt)
    throw marketplaceError('bidding_closed', { data: { closedAt: request.closesAt.toISOString() } });
}

/** What an offer must keep to; every fault is named at once. */
export function assertFits(request: BidderRequest, input: OfferInput, now: Date): void {
  const amount = moneyFromJson(input.amount);
  const { terms } = input;
  const fields: FieldError[] = [];
  const fault = (pointer: string, rule: string, message: string) => fields.push({ pointer, rule, message });
  if (amount.currency !== request.currency)
    fault('/amount/currency', 'currency', `the request is in ${request.currency}`);
  else if (amount.minor <= 0n || amount.minor > request.amountMinor - request.awardedMinor)
    fault('/amount/amount', 'range', 'must be above zero and at most what is still asked for');
  if (request.shariahOnly && terms.contract !== 'murabaha' && terms.contract !== 'lease')
    fault('/terms/contract', 'shariah', 'the enterprise accepts Shariah-compliant contracts only: murabaha or lease');
  if (terms.contract === 'murabaha' && terms.price.kind !== 'fixed')
    fault(
      '/terms/price/kind',
      'murabaha',
      'the profit of a murabaha is fixed at the sale; it follows no reference rate',
    );
  if (terms.contract === 'murabaha' && terms.interest !== 'flat' && terms.amortization === 'bullet')
    fault('/terms/amortization', 'murabaha', 'a murabaha is paid in instalments');
  if (input.tenorMonths % terms.everyMonths !== 0)
    fault('/terms/everyMonths', 'divides', 'the tenor must be a whole number of instalment periods');
  else if (terms.graceInstalments >= input.tenorMonths / terms.everyMonths)
    fault('/terms/graceInstalments', 'range', 'must leave at least one instalment that repays principal');
  if (new Date(input.expiresAt) <= now) fault('/expiresAt', 'future', 'must be in the future');
  else if (input.binding && new Date(input.expiresAt) < (request.decideBy ?? request.closesAt))
    fault(
      '/expiresAt',
      'decide_by',
      `a binding offer stands at least until the enterprise has to decide, ${(request.decideBy ?? request.closesAt).toISOString()}`,
    );
  if (input.binding && terms.conditions.some(({ closed }) => !closed))
    fault('/terms/conditions', 'closed', 'a binding offer has no open condition');
  if (input.binding && terms.customerChecks.length === 0)
    fault('/terms/customerChecks', 'required', 'a binding offer records the customer checks that were made');
  if (fields.length > 0)
    throw marketplaceError('offer_outside_mandate', { detail: `${fields[0]?.pointer}: ${fields[0]?.message}`, fields });
  if (input.binding && !request.disclosed) throw marketplaceError('identity_not_disclosed');
}

async function insertOffer(
  tx: Transaction,
  offer: {
    id: string;
    request: BidderRequest;
    bidder: Bidder;
    input: OfferInput;
    amountMinor: bigint;
    figures: OfferFigures;
    state: string;
    now: Date;
  },
): Promise<void> {
  const { id, request, bidder, input, amountMinor, figures, state, now } = offer;
  const requestId = request.id;
  try {
    await tx.insertRows(
      'offer',
      [
        'id',
        'request_id',
        'financier_id',
        'mandate_id',
        'state',
        'binding',
        'automatic',
        'currency',
        'amount_minor',
        'tenor_months',
        'terms',
        'apr',
        'total_cost_minor',
        'received_minor',
        'maker_id',
        'checker_id',
        'placed_at',
        'expires_at',
      ],
      [
        [
          idBytes(id),
          idBytes(requestId),
          idBytes(bidder.financierId),
          idBytes(request.mandateId),
          state,
          input.binding,
          bidder.automatic,
          input.amount.currency,
          amountMinor.toString(),
          input.tenorMonths,
          JSON.stringify(input.terms),
          figures.apr,
          figures.totalCostMinor.toString(),
          figures.receivedMinor.toString(),
          bidder.makerId,
          bidder.checkerId,
          now,
          new Date(input.expiresAt),
        ],
      ],
    );
  } catch (error) {
    if (isDuplicateKey(error)) throw marketplaceError('offer_exists');
    throw error;
  }
  await markOffered(tx, requestId, bidder.financierId, now);
}
