import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { Offer } from '../persistence/entities.js';
import { countSilence } from '../persistence/match.query.js';

import { BidAutomatically } from './bid-automatically.js';
import { endOffers } from './competition.js';
import { UnlistReceivables } from './list-receivables.js';
import { LapseAward } from './lapse-award.js';
import { GuaranteedCandidates } from './guaranteed-candidates.js';
import { MatchRequest } from './match-request.js';
import { OfferGuarantees } from './offer-guarantees.js';
import { announce, lockRequest, moveOffer, moveRequest } from './records.js';

/** What the clocks of the market do. Each finds for itself whether its deadline still holds. */
@Injectable()
export class MarketClocks {
  constructor(
    private readonly matching: MatchRequest,
    private readonly awards: LapseAward,
    private readonly receivables: UnlistReceivables,
    private readonly rules: BidAutomatically,
    private readonly guarantees: OfferGuarantees,
    private readonly candidates: GuaranteedCandidates,
  ) {}

  /** Bidding is over: said to everybody concerned; the state stays open while the enterprise decides. */
  async closeBidding(tx: Transaction, requestId: string, now: Date): Promise<void> {
    const request = await lockRequest(tx, requestId);
    if (request.state !== 'open' || !request.closesAt || request.closesAt > now) return;
    announce(tx, 'funding_request', requestId, request.version, 'close', 'open', {
      audience: [request.enterpriseId],
      payload: { mode: request.mode },
    });
  }

  /** The enterprise did not decide in time. */
  async expireRequest(tx: Transaction, requestId: string, now: Date): Promise<void> {
    const request = await lockRequest(tx, requestId);
    if (request.state !== 'open' || !request.decideBy || request.decideBy > now) return;
    const step = { at: now, audience: [request.enterpriseId], reason: { reason: 'the time to decide is over' } };
    // Part of it was awarded: what was accepted goes its way, and only the search for the rest ends.
    await moveRequest(tx, request, request.awardedMinor > 0n ? 'award' : 'expire', 'clock', step);
    await endOffers(tx, requestId, now);
    if (request.awardedMinor === 0n) await this.receivables.within(tx, requestId, 'unsold', now);
    await this.guarantees.endRequest(tx, requestId, 'The time to decide is over.');
  }

  /** Invited financiers who did not answer are counted as silent, and the next in rank are invited. */
  async countSilence(tx: Transaction, requestId: string, now: Date): Promise<void> {
    const request = await lockRequest(tx, requestId);
    await countSilence(tx, requestId, now);
    const bidding = request.state === 'open' && request.closesAt !== null && request.closesAt > now;
    if (bidding && !(await this.candidates.within(tx, request))) await this.matching.inviteNext(tx, request, now);
  }

  /** The market for receivables has opened. */
  async bidAtOpening(tx: Transaction, requestId: string): Promise<void> {
    await this.rules.atOpening(tx, requestId);
  }

  /** An offer ends on its day. */
  async expireOffer(tx: Transaction, offerId: string, now: Date): Promise<void> {
    const found = await tx.manager.findOneBy(Offer, { id: offerId });
    if (!found) return;
    await lockRequest(tx, found.requestId);
    const offer = await tx.manager.findOneByOrFail(Offer, { id: offerId });
    const standing = offer.state === 'live' || offer.state === 'pending_approval' || offer.state === 'lost';
    if (!standing || offer.expiresAt > now) return;
    const step = { at: now, audience: [offer.financierId], payload: { requestId: offer.requestId } };
    await moveOffer(tx, offer, 'expire', 'clock', step);
    await this.guarantees.endOffer(tx, offer, 'The offer expired.');
  }

  /** An award not signed or not paid out in time falls, and its request opens again. */
  async lapseAward(tx: Transaction, awardId: string, now: Date): Promise<void> {
    await this.awards.lapseIfOverdue(tx, awardId, now);
  }
}
