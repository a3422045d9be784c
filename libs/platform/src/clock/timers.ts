import { idBytes, idText } from '../db/ids.js';
import type { Transaction } from '../db/transaction.js';

/** A timer that is due, as its handler gets it. */
export interface DueTimer {
  readonly subjectId: string;
  readonly dueAt: Date;
}

/**
 * What happens when timers of one kind fall due. The whole batch runs in one transaction, which also removes the
 * timers: 20,000 due in one instant are some dozens of transactions. A handler reads its subjects again and must
 * find for itself whether the deadline still holds.
 */
export interface TimerHandler {
  /** `<noun>.<what happens>`, such as `review.warn_half`. */
  readonly kind: string;
  fire(tx: Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
}

/** Sets (or moves) the one timer of `kind` for a subject, in the caller's transaction. */
export async function setTimer(tx: Transaction, kind: string, subjectId: string, dueAt: Date): Promise<void> {
  await setTimers(tx, [{ kind, subjectId, dueAt }]);
}

/** Sets many timers with one statement. */
export async function setTimers(
  tx: Transaction,
  timers: readonly { readonly kind: string; readonly subjectId: string; readonly dueAt: Date }[],
): Promise<void> {
  if (timers.length === 0) return;
  await tx.execute(
    `INSERT INTO timer (kind, subject_id, due_at) VALUES ${timers.map(() => '(?, ?, ?)').join(',')}
     ON DUPLICATE KEY UPDATE due_at = VALUES(due_at), armed = 0`,
    timers.flatMap(({ kind, subjectId, dueAt }) => [kind, idBytes(subjectId), dueAt]),
  );
}

/** Removes timers of a subject; with no kinds, all of them. */
export async function clearTimers(tx: Transaction, subjectId: string, kinds: readonly string[] = []): Promise<void> {
  const only = kinds.length > 0 ? ` AND kind IN (${kinds.map(() => '?').join(',')})` : '';
  await tx.execute(`DELETE FROM timer WHERE subject_id = ?${only}`, [idBytes(subjectId), ...kinds]);
}

export interface TimerRow {
  readonly kind: string;
  readonly subject_id: Buffer;
  readonly due_at: Date;
}

export function dueTimer(row: TimerRow): DueTimer {
  return { subjectId: idText(row.subject_id), dueAt: row.due_at };
}
