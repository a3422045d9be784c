import { Inject, Injectable } from '@nestjs/common';
import { addDays, type CalendarDate } from '#kernel';
import { ENVIRONMENT, type Environment, idBytes, type Transaction } from '#platform';
import { startOfCountryDay } from '#platform/rulebooks';
import { recordHistory } from './institution-history.js';
import { announceMatchable, recordMandateChanges } from './mandate-changes.js';
import { mandateLifecycle } from '../domain/mandate.lifecycle.js';
import { mandateColumns, mandateOf, type MandateSqlRow } from '../persistence/mandate-rows.js';
import type { MandateRecord } from '../domain/mandate.js';

/** What the days do to mandates, many at once with a fixed number of statements. */
@Injectable()
export class MandateValidity {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  /** The first day has come: those who keep an index learn that the mandate may be matched. */
  async begin(tx: Transaction, ids: readonly string[], now: Date): Promise<void> {
    const live = (await lockDue(tx, ids)).filter(({ status }) => status === 'live').map(({ id }) => id);
    await recordMandateChanges(tx, live, now);
    announceMatchable(tx, live);
  }

  /** The last day is over: the mandates end, with their auto-bid rules. */
  async end(tx: Transaction, ids: readonly string[], now: Date): Promise<void> {
    const { from, to } = mandateLifecycle.table.transitions.end;
    const over = (await lockDue(tx, ids)).filter(
      (mandate) => (from as readonly string[]).includes(mandate.status) && this.isOver(mandate, now),
    );
    if (over.length === 0) return;
    const marks = over.map(() => '?').join(',');
    const keys = over.map(({ id }) => idBytes(id));
    await tx.execute(
      `UPDATE mandate SET status = 'ended', version = version + 1, updated_at = ? WHERE id IN (${marks})`,
      [now, ...keys],
    );
    await tx.execute(
      `UPDATE auto_bid_rule SET status = 'ended', version = version + 1, updated_at = ?
       WHERE mandate_id IN (${marks}) AND status IN ('proposed','approved','paused')`,
      [now, ...keys],
    );
    await recordHistory(
      tx,
      over.map(({ id, financierId, status }) => ({
        subjectType: 'mandate' as const,
        subjectId: id,
        financierId,
        action: 'end',
        from: status,
        to,
        reason: 'its last day is over',
      })),
      now,
    );
    for (const { id, financierId, reference, version } of over) {
      const data = { status: to, version: version + 1, reason: 'its last day is over' };
      tx.audit({ action: 'mandate.end', subjectType: 'mandate', subjectId: id, data });
      tx.emit({
        name: 'mandate.ended',
        subjectType: 'mandate',
        subjectId: id,
        version: version + 1,
        audience: [financierId],
        payload: { financierId, reference, status: to },
      });
    }
    await recordMandateChanges(
      tx,
      over.map(({ id }) => id),
      now,
    );
  }

  private isOver({ validTo }: MandateRecord, now: Date): boolean {
    return validTo !== null && startOfCountryDay(this.environment.country, addDays(validTo as CalendarDate, 1)) <= now;
  }
}

async function lockDue(tx: Transaction, ids: readonly string[]): Promise<readonly MandateRecord[]> {
  const rows = await tx.rows<MandateSqlRow>(
    `SELECT ${mandateColumns} FROM mandate m WHERE m.id IN (${ids.map(() => '?').join(',')}) ORDER BY m.id FOR UPDATE`,
    ids.map(idBytes),
  );
  return rows.map(mandateOf);
}
