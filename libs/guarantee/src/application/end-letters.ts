import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { idBytes, idText, type Transaction } from '#platform';
import type { GuaranteeAction, GuaranteeParty } from '../domain/guarantee.lifecycle.js';
import { Guarantee, GuaranteeReservation } from '../persistence/entities.js';
import { Capacity } from './capacity.js';
import { Guarantees } from './guarantees.js';

/** Ends letters of intent and gives back what their reservations held. Locks reservations, then guarantees, both by id. */
@Injectable()
export class EndLetters {
  constructor(
    private readonly guarantees: Guarantees,
    private readonly capacity: Capacity,
  ) {}

  /** The day of these letters is over. One that was turned into a guarantee or ended before stays as it is. */
  async expire(tx: Transaction, letterIds: readonly string[], now: Date): Promise<void> {
    const rows = await tx.rows<{ reservation_id: Buffer }>(
      `SELECT DISTINCT reservation_id FROM guarantee WHERE id IN (${letterIds.map(() => '?').join(',')}) ORDER BY reservation_id`,
      letterIds.map(idBytes),
    );
    for (const { reservation_id } of rows) {
      const id = idText(reservation_id);
      const { live } = await this.lock(tx, id);
      const over = live.filter((letter) => letterIds.includes(letter.id) && letter.letterUntil <= now);
      await this.end(tx, id, over, 'expire', 'clock', 'The letter’s last day is over.');
    }
  }

  /** Ends these live letters of one reservation; the reservation shrinks to its largest letter that is left. */
  async end(
    tx: Transaction,
    reservationId: string,
    letters: readonly Guarantee[],
    action: GuaranteeAction & ('expire' | 'void'),
    party: GuaranteeParty,
    reason: string,
  ): Promise<void> {
    if (letters.length === 0) return;
    const { reservation, live } = await this.lock(tx, reservationId);
    const ending = new Set(letters.map(({ id }) => id));
    for (const letter of live.filter(({ id }) => ending.has(id))) {
      await this.guarantees.move(tx, letter, action, party, reason, { balanceMinor: 0n });
      const lender = { scope: 'lender', key: letter.lenderId, amountMinor: letter.guaranteedMinor };
      await this.capacity.giveBackParts(tx, letter, [lender]);
    }
    await this.shrink(
      tx,
      reservation,
      live.filter(({ id }) => !ending.has(id)),
    );
  }

  /** A reservation and its live letters, held. */
  async lock(
    tx: Transaction,
    reservationId: string,
  ): Promise<{ readonly reservation: GuaranteeReservation; readonly live: readonly Guarantee[] }> {
    await tx.rows('SELECT id FROM guarantee_reservation WHERE id = ? FOR UPDATE', [idBytes(reservationId)]);
    const ids = await tx.rows<{ id: Buffer }>(
      "SELECT id FROM guarantee WHERE reservation_id = ? AND state = 'offered' ORDER BY id FOR UPDATE",
      [idBytes(reservationId)],
    );
    const reservation = await tx.manager.findOneByOrFail(GuaranteeReservation, { id: reservationId });
    const live =
      ids.length === 0 ? [] : await tx.manager.findBy(Guarantee, { id: In(ids.map(({ id }) => idText(id))) });
    return { reservation, live };
  }

  /** Lowers a live reservation to its largest letter and gives the difference back; with no letter left it is released. */
  async shrink(tx: Transaction, reservation: GuaranteeReservation, left: readonly Guarantee[]): Promise<void> {
    if (reservation.status !== 'live') return;
    const largest = left.reduce((most, { guaranteedMinor }) => (guaranteedMinor > most ? guaranteedMinor : most), 0n);
    const amountMinor = largest < reservation.amountMinor ? largest : reservation.amountMinor;
    await this.free(tx, reservation, reservation.amountMinor - amountMinor);
    const status = left.length === 0 ? 'released' : 'live';
    await tx.manager.update(
      GuaranteeReservation,
      { id: reservation.id },
      { amountMinor, status, updatedAt: await tx.now() },
    );
  }

  /** Gives back a part of what a reservation holds, in headroom and in every cap but the lender's, which counts letters. */
  async free(tx: Transaction, reservation: GuaranteeReservation, amountMinor: bigint): Promise<void> {
    const { enterpriseId, sector, region, vintage } = reservation;
    await this.capacity.giveBackParts(tx, reservation, [
      { scope: 'total', key: '', amountMinor },
      { scope: 'enterprise', key: enterpriseId, amountMinor },
      { scope: 'sector', key: sector, amountMinor },
      { scope: 'region', key: region, amountMinor },
      { scope: 'vintage', key: vintage, amountMinor },
    ]);
  }
}
