import { Injectable } from '@nestjs/common';
import type { DueTimer, TimerHandler, Transaction } from '#platform';
import { Ledger } from '../application/ledger.js';
import { expiryTimer } from '../application/write-transfers.js';

/** Gives back reservations whose time is over; one that was resolved in the meantime is left as it is. */
@Injectable()
export class ExpireReservationsTimer implements TimerHandler {
  readonly kind = expiryTimer;

  constructor(private readonly ledger: Ledger) {}

  async fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void> {
    await this.ledger.expireReservations(
      tx,
      due.map(({ subjectId }) => subjectId),
      now,
    );
  }
}
