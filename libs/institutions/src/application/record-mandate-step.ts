import { addDays, type CalendarDate } from '#kernel';
import { clearTimers, setTimers, type Transaction } from '#platform';
import { startOfCountryDay } from '#platform/rulebooks';
import type { MandateRecord } from '../domain/mandate.js';
import { recordHistory } from './institution-history.js';
import { recordMandateChanges } from './mandate-changes.js';

export const mandateTimers = { begin: 'mandate.begin', end: 'mandate.end' } as const;

export interface MandateStep {
  /** History's word: the life cycle's action, or `create`, `change`, `limits`. */
  readonly action: string;
  /** `mandate.<event>`. */
  readonly event: string;
  readonly from: MandateRecord['status'] | null;
  readonly reason: string;
}

/** History, audit, event, timers and the number in the feed of one changed mandate. Call it last. */
export async function recordMandateStep(
  tx: Transaction,
  mandate: MandateRecord,
  { action, event, from, reason }: MandateStep,
  now: Date,
  country: string,
): Promise<void> {
  const { id, financierId, status, version } = mandate;
  await recordHistory(
    tx,
    [{ subjectType: 'mandate', subjectId: id, financierId, action, from, to: status, reason }],
    now,
  );
  tx.audit({ action: `mandate.${action}`, subjectType: 'mandate', subjectId: id, data: { status, version, reason } });
  tx.emit({
    name: `mandate.${event}`,
    subjectType: 'mandate',
    subjectId: id,
    version,
    audience: [financierId],
    payload: { financierId, reference: mandate.reference, status },
  });
  await keepValidityTimers(tx, mandate, now, country);
  await recordMandateChanges(tx, [id], now);
}

/** The two instants at which a mandate begins and stops being matched without anybody's doing. */
async function keepValidityTimers(tx: Transaction, mandate: MandateRecord, now: Date, country: string): Promise<void> {
  await clearTimers(tx, mandate.id, [mandateTimers.begin, mandateTimers.end]);
  if (mandate.status === 'ended' || mandate.status === 'draft') return;
  const begin = startOfCountryDay(country, mandate.validFrom as CalendarDate);
  const end = mandate.validTo === null ? null : startOfCountryDay(country, addDays(mandate.validTo as CalendarDate, 1));
  await setTimers(tx, [
    ...(begin > now ? [{ kind: mandateTimers.begin, subjectId: mandate.id, dueAt: begin }] : []),
    ...(end === null ? [] : [{ kind: mandateTimers.end, subjectId: mandate.id, dueAt: end }]),
  ]);
}
