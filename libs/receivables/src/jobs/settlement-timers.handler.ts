import { Injectable, type Type } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { DecideTransfers } from '../application/decide-transfers.js';
import { GiveOutDiscounts } from '../application/give-out-discounts.js';
import { SettlementClocks } from '../application/settlement-clocks.js';
import { settlementTimers } from '../application/settlement-timers.js';

type Clock = (clocks: SettlementClocks, tx: Transaction, subjectId: string, now: Date) => Promise<void>;

/** A handler of one kind of timer: each subject in one order, so that two workers never wait for each other in a circle. */
function onTimer(kind: string, clock: Clock): Type<TimerHandler> {
  @Injectable()
  class SettlementTimer implements TimerHandler {
    readonly kind = kind;

    constructor(private readonly clocks: SettlementClocks) {}

    async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
      const ordered = [...due].sort((a, b) => (a.subjectId < b.subjectId ? -1 : 1));
      for (const { subjectId } of ordered) await clock(this.clocks, tx, subjectId, now);
    }
  }
  return SettlementTimer;
}

/** Transfers that nobody decided: all of a batch at once. */
@Injectable()
export class ExpireTransfersTimer implements TimerHandler {
  readonly kind = settlementTimers.transferExpiry;

  constructor(private readonly transfers: DecideTransfers) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.transfers.expire(
      tx,
      due.map(({ subjectId }) => subjectId),
      now,
    );
  }
}

/** The money of a day is given out. */
@Injectable()
export class DiscountRoundTimer implements TimerHandler {
  readonly kind = settlementTimers.discountRound;

  constructor(private readonly discounts: GiveOutDiscounts) {}

  async fire(tx: Transaction, due: readonly DueTimer[]): Promise<void> {
    for (const { subjectId } of due) await this.discounts.round(tx, subjectId);
  }
}

export const settlementTimerHandlers: readonly Type<TimerHandler>[] = [
  onTimer(settlementTimers.discountLapse, (clocks, tx, id) => clocks.lapseEarlyPayment(tx, id)),
  onTimer(settlementTimers.firstLegFailure, (clocks, tx, id) => clocks.failFirstLeg(tx, id)),
  onTimer(settlementTimers.noticeReminder, (clocks, tx, id) => clocks.remindOfNotice(tx, id)),
  onTimer(settlementTimers.obligationOverdue, (clocks, tx, id) => clocks.fallOverdue(tx, id)),
  ExpireTransfersTimer,
  DiscountRoundTimer,
];
