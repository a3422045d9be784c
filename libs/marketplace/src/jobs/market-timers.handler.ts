import { Injectable } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { AwardSteps } from '../application/award-steps.js';
import { endOffers } from '../application/competition.js';
import { MatchRequest } from '../application/match-request.js';
import { announce, lockRequest, moveOffer, moveRequest } from '../application/records.js';
import { countSilence } from '../persistence/match.query.js';
import { marketTimers } from '../domain/market-timers.js';
import { Offer } from '../persistence/entities.js';

/** One order for all, so that two workers with overlapping batches never wait for each other in a circle. */
function inOrder(due: readonly DueTimer[]): readonly DueTimer[] {
  return [...due].sort((a, b) => (a.subjectId < b.subjectId ? -1 : 1));
}

/** Bidding is over: said to everybody concerned; the state stays open while the enterprise decides. */
@Injectable()
export class CloseBidding implements TimerHandler {
  readonly kind = marketTimers.close;

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    for (const { subjectId } of inOrder(due)) {
      const request = await lockRequest(tx, subjectId);
      if (request.state !== 'open' || !request.closesAt || request.closesAt > now) continue;
      announce(tx, 'funding_request', subjectId, request.version, 'close', 'open', {
        audience: [request.enterpriseId],
        payload: { mode: request.mode },
      });
    }
  }
}

/** The enterprise did not decide in time. */
@Injectable()
export class ExpireRequests implements TimerHandler {
  readonly kind = marketTimers.decide;

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    for (const { subjectId } of inOrder(due)) {
      const request = await lockRequest(tx, subjectId);
      if (request.state !== 'open' || !request.decideBy || request.decideBy > now) continue;
      const step = { at: now, audience: [request.enterpriseId], reason: { reason: 'the time to decide is over' } };
      // Part of it was awarded: what was accepted goes its way, and only the search for the rest ends.
      await moveRequest(tx, request, request.awardedMinor > 0n ? 'award' : 'expire', 'clock', step);
      await endOffers(tx, subjectId, now);
    }
  }
}

/** Invited financiers who did not answer are counted as silent, and the next in rank are invited. */
@Injectable()
export class CountSilence implements TimerHandler {
  readonly kind = marketTimers.answer;

  constructor(private readonly matching: MatchRequest) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    for (const { subjectId } of inOrder(due)) {
      const request = await lockRequest(tx, subjectId);
      await countSilence(tx, subjectId, now);
      const bidding = request.state === 'open' && request.closesAt !== null && request.closesAt > now;
      if (bidding) await this.matching.inviteNext(tx, request, now);
    }
  }
}

/** Offers end on their day. */
@Injectable()
export class ExpireOffers implements TimerHandler {
  readonly kind = marketTimers.offerExpiry;

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    for (const { subjectId } of inOrder(due)) {
      const found = await tx.manager.findOneBy(Offer, { id: subjectId });
      if (!found) continue;
      await lockRequest(tx, found.requestId);
      const offer = await tx.manager.findOneByOrFail(Offer, { id: subjectId });
      const standing = offer.state === 'live' || offer.state === 'pending_approval' || offer.state === 'lost';
      if (!standing || offer.expiresAt > now) continue;
      const step = { at: now, audience: [offer.financierId], payload: { requestId: offer.requestId } };
      await moveOffer(tx, offer, 'expire', 'clock', step);
    }
  }
}

/** Awards not signed or not paid out in time fall, and their requests open again. */
@Injectable()
export class LapseAwards implements TimerHandler {
  readonly kind = marketTimers.award;

  constructor(private readonly steps: AwardSteps) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    for (const { subjectId } of inOrder(due)) await this.steps.lapseIfOverdue(tx, subjectId, now);
  }
}

export const marketTimerHandlers = [CloseBidding, ExpireRequests, CountSilence, ExpireOffers, LapseAwards] as const;
