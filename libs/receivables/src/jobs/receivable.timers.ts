import { Injectable } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { AnchorReminders } from '../application/anchor-reminders.js';
import { AnchorStanding } from '../application/anchor-standing.js';
import { FollowDueDays } from '../application/follow-due-days.js';
import { receivableTimers } from '../application/receivable-timers.js';

const idsOf = (due: readonly DueTimer[]): string[] => due.map(({ subjectId }) => subjectId);

/** The day of payment of receivables has come. */
@Injectable()
export class ReceivableDay implements TimerHandler {
  readonly kind = receivableTimers.day;

  constructor(private readonly days: FollowDueDays) {}

  async fire(tx: Transaction, due: readonly DueTimer[]): Promise<void> {
    await this.days.dayCame(tx, idsOf(due));
  }
}

/** The days of grace are over. */
@Injectable()
export class ReceivableGrace implements TimerHandler {
  readonly kind = receivableTimers.grace;

  constructor(private readonly days: FollowDueDays) {}

  async fire(tx: Transaction, due: readonly DueTimer[]): Promise<void> {
    await this.days.graceEnded(tx, idsOf(due));
  }
}

/** Overdue for so long that it counts as lost. */
@Injectable()
export class ReceivableDefault implements TimerHandler {
  readonly kind = receivableTimers.default;

  constructor(private readonly days: FollowDueDays) {}

  async fire(tx: Transaction, due: readonly DueTimer[]): Promise<void> {
    await this.days.defaultCame(tx, idsOf(due));
  }
}

/** The next step of an anchor's ladder of reminders. */
@Injectable()
export class RemindAnchor implements TimerHandler {
  readonly kind = receivableTimers.remind;

  constructor(private readonly reminders: AnchorReminders) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    for (const anchorId of idsOf(due)) await this.reminders.remind(tx, anchorId, now);
  }
}

/** The time of cure of an anchor is over. */
@Injectable()
export class CureAnchor implements TimerHandler {
  readonly kind = receivableTimers.cure;

  constructor(private readonly standing: AnchorStanding) {}

  async fire(tx: Transaction, due: readonly DueTimer[]): Promise<void> {
    for (const anchorId of idsOf(due).sort()) await this.standing.cure(tx, anchorId);
  }
}
