import { Injectable } from '@nestjs/common';
import { type MoneyJson, moneyFromJson } from '#kernel';
import { type CommandContext, httpError, type Transaction, UnitOfWork } from '#platform';
import { identityError } from '#identity';
import { marketplaceError } from '../domain/errors.js';
import { offerFigures } from '../domain/offer-figures.js';
import type { AskedTerms } from '../domain/offer-terms.js';
import { isBetterBid, isImprovement } from '../domain/ranking.policy.js';
import { Offer } from '../persistence/entities.js';
import { lockForBid } from '../persistence/bid.query.js';
import { OfferGuarantees } from './offer-guarantees.js';
import { assertFits, assertOpenForBids, PlaceOffer } from './place-offer.js';
import { lockOffer, lockRequest, moveOffer } from './records.js';
import { TradingHours } from './trading-hours.js';

export interface OfferState {
  readonly id: string;
  readonly version: number;
  readonly state: string;
}

/** Locks in the house's order: the request first, then the offer; another financier's offer does not exist. */
export async function lockOwnOffer(tx: Transaction, offerId: string): Promise<Offer> {
  const found = await tx.manager.findOneBy(Offer, { id: offerId });
  if (!found || found.financierId !== tx.context.actor.organisationId) throw httpError('record_unknown');
  await lockRequest(tx, found.requestId);
  return lockOffer(tx, offerId);
}

function stateOf({ id, version, state }: Offer): OfferState {
  return { id, version, state };
}

/** A ranked competition lets a financier better its own offer; never worsen it. */
@Injectable()
export class ReviseOffer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly place: PlaceOffer,
    private readonly guarantees: OfferGuarantees,
  ) {}

  async execute(
    context: CommandContext,
    offerId: string,
    version: number,
    input: { amount: MoneyJson; tenorMonths: number; expiresAt: string; terms: AskedTerms },
  ): Promise<OfferState & { apr: string; closesAt: string }> {
    return this.unitOfWork.run(context, async (tx) => this.within(tx, await lockOwnOffer(tx, offerId), version, input));
  }

  /** The caller's own offer, under lock; another's does not exist for it. */
  async lockOwn(tx: Transaction, offerId: string): Promise<Offer> {
    return lockOwnOffer(tx, offerId);
  }

  /** The same of an offer that the caller has locked. */
  async within(
    tx: Transaction,
    offer: Offer,
    version: number,
    input: { amount: MoneyJson; tenorMonths: number; expiresAt: string; terms: AskedTerms },
  ): Promise<OfferState & { apr: string; closesAt: string }> {
    const { actor } = tx.context;
    if (offer.version !== version) throw httpError('record_changed', { data: { version: offer.version } });
    const request = await lockForBid(tx, offer.requestId, offer.financierId);
    if (!request) throw marketplaceError('not_matched');
    const now = await tx.now();
    assertOpenForBids(request, now);
    if (request.mode === 'sealed') throw marketplaceError('offer_sealed');
    assertFits(request, { ...input, binding: offer.binding }, now);
    const amount = moneyFromJson(input.amount);
    const { requestId, financierId } = offer;
    const terms = await this.guarantees.priced(
      tx,
      { requestId, financierId, ...input, amount },
      now,
      request.disclosed,
    );
    await this.guarantees.assertKept(tx, offer, { amountMinor: amount.minor, tenorMonths: input.tenorMonths, terms });
    const figures = offerFigures(terms, amount, input.tenorMonths, now);
    const before = {
      amount: { minor: offer.amountMinor, currency: offer.currency },
      apr: Number(offer.apr),
      totalCostMinor: offer.totalCostMinor,
    };
    const better = terms.discount
      ? isBetterBid({ ...offer, recourse: offer.terms.recourse }, { ...figures, recourse: terms.recourse })
      : isImprovement(before, { amount, apr: Number(figures.apr), totalCostMinor: figures.totalCostMinor });
    if (!better) throw marketplaceError('offer_not_better');
    if (new Date(input.expiresAt) < offer.expiresAt)
      throw marketplaceError('offer_not_better', { detail: 'A revision may not end earlier.' });
    const limit = actor.approvalLimitMinor;
    const alone = !offer.binding || (limit !== undefined && amount.minor <= limit);
    const audience = [offer.financierId];
    let moved = await moveOffer(
      tx,
      offer,
      'revise',
      'maker',
      { at: now, audience, payload: { requestId } },
      {
        amountMinor: amount.minor,
        tenorMonths: input.tenorMonths,
        terms,
        apr: figures.apr,
        totalCostMinor: figures.totalCostMinor,
        receivedMinor: figures.receivedMinor,
        makerId: actor.id,
        checkerId: null,
        placedAt: now,
        expiresAt: new Date(input.expiresAt),
      },
    );
    if (alone)
      moved = await moveOffer(tx, moved, 'approve', 'maker', {
        at: now,
        audience,
        payload: { requestId },
      });
    const closesAt = alone
      ? await this.place.extendIfLeading(tx, request, { id: offer.id, binding: offer.binding }, now)
      : request.closesAt;
    return { ...stateOf(moved), apr: figures.apr, closesAt: closesAt.toISOString() };
  }
}

/** The second person of a financier approves or refuses an offer above its maker's limit. */
@Injectable()
export class CheckOffer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly place: PlaceOffer,
    private readonly hours: TradingHours,
    private readonly guarantees: OfferGuarantees,
  ) {}

  async approve(context: CommandContext, offerId: string): Promise<OfferState> {
    return this.unitOfWork.run(context, async (tx) => {
      const offer = await lockOwnOffer(tx, offerId);
      if (offer.makerId === context.actor.id) throw identityError('maker_is_checker');
      const request = await lockForBid(tx, offer.requestId, offer.financierId);
      if (!request) throw marketplaceError('not_matched');
      const now = await tx.now();
      assertOpenForBids(request, now);
      await this.hours.assertOpen(tx, request.productKind, now);
      const moved = await moveOffer(
        tx,
        offer,
        'approve',
        'checker',
        { at: now, audience: [offer.financierId], payload: { requestId: offer.requestId } },
        { checkerId: context.actor.id },
      );
      await this.place.extendIfLeading(tx, request, { id: offer.id, binding: offer.binding }, now);
      return stateOf(moved);
    });
  }

  async refuse(context: CommandContext, offerId: string, reason: string): Promise<OfferState> {
    return this.unitOfWork.run(context, async (tx) => {
      const offer = await lockOwnOffer(tx, offerId);
      if (offer.makerId === context.actor.id) throw identityError('maker_is_checker');
      await this.guarantees.endOffer(tx, offer, 'The offer was refused.');
      return stateOf(
        await moveOffer(
          tx,
          offer,
          'refuse',
          'checker',
          { at: await tx.now(), audience: [offer.financierId], reason: { reason } },
          { checkerId: context.actor.id },
        ),
      );
    });
  }
}

/** Takes back an offer that binds nobody yet. */
@Injectable()
export class WithdrawOffer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly guarantees: OfferGuarantees,
  ) {}

  async execute(context: CommandContext, offerId: string): Promise<OfferState> {
    return this.unitOfWork.run(context, async (tx) => {
      const offer = await lockOwnOffer(tx, offerId);
      if (offer.binding && offer.state === 'live')
        throw marketplaceError('offer_binding_stands', { data: { expiresAt: offer.expiresAt.toISOString() } });
      await this.guarantees.endOffer(tx, offer, 'The offer was withdrawn.');
      return stateOf(
        await moveOffer(tx, offer, 'withdraw', 'maker', {
          at: await tx.now(),
          audience: [offer.financierId],
          payload: { requestId: offer.requestId },
        }),
      );
    });
  }
}
