import { Injectable } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { clockTimer } from '../application/case-clocks.js';
import { PassClockPoints } from '../application/pass-clock-points.js';

/** Clocks of review cases that have reached their next point. */
@Injectable()
export class ReviewClockTimer implements TimerHandler {
  readonly kind = clockTimer;

  constructor(private readonly passClockPoints: PassClockPoints) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.passClockPoints.within(
      tx,
      due.map(({ subjectId }) => subjectId),
      now,
    );
  }
}
