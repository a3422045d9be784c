import { Injectable } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { EndGuarantee } from '../application/end-guarantee.js';
import { EndLetters } from '../application/end-letters.js';
import { guaranteeTimers } from '../domain/guarantee-timers.js';

const idsOf = (due: readonly DueTimer[]): string[] => due.map(({ subjectId }) => subjectId);

/** Letters of intent whose last day is over give their headroom back. */
@Injectable()
export class EndLettersTimer implements TimerHandler {
  readonly kind = guaranteeTimers.letterEnd;

  constructor(private readonly letters: EndLetters) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.letters.expire(tx, idsOf(due), now);
  }
}

/** What was not cured after a notice lapses. */
@Injectable()
export class EndCureTimer implements TimerHandler {
  readonly kind = guaranteeTimers.cureEnd;

  constructor(private readonly ending: EndGuarantee) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.ending.lapse(tx, idsOf(due), now);
  }
}

/** Terms and the days for a claim after them are over. */
@Injectable()
export class EndTermsTimer implements TimerHandler {
  readonly kind = guaranteeTimers.termEnd;

  constructor(private readonly ending: EndGuarantee) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.ending.endTerms(tx, idsOf(due), now);
  }
}
