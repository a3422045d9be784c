import { Injectable } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { EndLetters } from '../application/end-letters.js';
import { guaranteeTimers } from '../domain/guarantee-timers.js';

/** Letters of intent whose last day is over give their headroom back. */
@Injectable()
export class EndLettersTimer implements TimerHandler {
  readonly kind = guaranteeTimers.letterEnd;

  constructor(private readonly letters: EndLetters) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.letters.expire(
      tx,
      due.map(({ subjectId }) => subjectId),
      now,
    );
  }
}
