import { Injectable } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { MandateValidity } from '../application/mandate-validity.js';
import { mandateTimers } from '../application/record-mandate-step.js';

const idsOf = (due: readonly DueTimer[]): string[] => due.map(({ subjectId }) => subjectId);

/** The first day of mandates has come. */
@Injectable()
export class BeginMandates implements TimerHandler {
  readonly kind = mandateTimers.begin;

  constructor(private readonly validity: MandateValidity) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.validity.begin(tx, idsOf(due), now);
  }
}

/** The last day of mandates is over. */
@Injectable()
export class EndMandates implements TimerHandler {
  readonly kind = mandateTimers.end;

  constructor(private readonly validity: MandateValidity) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.validity.end(tx, idsOf(due), now);
  }
}
