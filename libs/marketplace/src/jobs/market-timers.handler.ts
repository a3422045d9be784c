import { Injectable, type Type } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { MarketClocks } from '../application/market-clocks.js';
import { marketTimers } from '../domain/market-timers.js';

type Clock = (clocks: MarketClocks, tx: Transaction, subjectId: string, now: Date) => Promise<void>;

/** A handler of one kind of timer: each subject in one order, so that two workers never wait for each other in a circle. */
function onTimer(kind: string, clock: Clock): Type<TimerHandler> {
  @Injectable()
  class MarketTimer implements TimerHandler {
    readonly kind = kind;

    constructor(private readonly clocks: MarketClocks) {}

    async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
      const ordered = [...due].sort((a, b) => (a.subjectId < b.subjectId ? -1 : 1));
      for (const { subjectId } of ordered) await clock(this.clocks, tx, subjectId, now);
    }
  }
  return MarketTimer;
}

export const marketTimerHandlers: readonly Type<TimerHandler>[] = [
  onTimer(marketTimers.close, (clocks, tx, id, now) => clocks.closeBidding(tx, id, now)),
  onTimer(marketTimers.decide, (clocks, tx, id, now) => clocks.expireRequest(tx, id, now)),
  onTimer(marketTimers.autoBid, (clocks, tx, id) => clocks.bidAtOpening(tx, id)),
  onTimer(marketTimers.answer, (clocks, tx, id, now) => clocks.countSilence(tx, id, now)),
  onTimer(marketTimers.offerExpiry, (clocks, tx, id, now) => clocks.expireOffer(tx, id, now)),
  onTimer(marketTimers.award, (clocks, tx, id, now) => clocks.lapseAward(tx, id, now)),
];
