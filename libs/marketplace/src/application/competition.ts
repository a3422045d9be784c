import { clearTimers, idBytes, idText, setTimers, type Transaction } from '#platform';
import { marketTimers } from '../domain/market-timers.js';
import { writeHistory } from './records.js';

interface OfferRow {
  readonly id: Buffer;
  readonly state: string;
  readonly expires_at: Date;
}

/** The offers that were not accepted step back; they may return if the award lapses. */
export async function loseOtherOffers(tx: Transaction, requestId: string, now: Date): Promise<void> {
  await moveAll(tx, requestId, ['live', 'pending_approval'], 'lost', 'lose', now, () => true);
}

/** An award lapsed: the losing offers that have not expired are in the competition again. */
export async function reviveOffers(tx: Transaction, requestId: string, now: Date): Promise<number> {
  return moveAll(tx, requestId, ['lost'], 'live', 'revive', now, ({ expires_at }) => expires_at > now);
}

/** The request has ended: every offer that stands ends with it. */
export async function endOffers(tx: Transaction, requestId: string, now: Date): Promise<void> {
  await moveAll(tx, requestId, ['live', 'pending_approval', 'lost'], 'expired', 'expire', now, () => true);
}

async function moveAll(
  tx: Transaction,
  requestId: string,
  from: readonly string[],
  to: string,
  action: string,
  now: Date,
  holds: (row: OfferRow) => boolean,
): Promise<number> {
  const rows = (
    await tx.rows<OfferRow>(
      `SELECT id, state, expires_at FROM offer WHERE request_id = ? AND state IN (${from.map(() => '?').join(',')}) ORDER BY id FOR UPDATE`,
      [idBytes(requestId), ...from],
    )
  ).filter(holds);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await tx.execute(`UPDATE offer SET state = ?, version = version + 1 WHERE id IN (${ids.map(() => '?').join(',')})`, [
    to,
    ...ids,
  ]);
  await writeHistory(
    tx,
    ...rows.map((row) => ({
      subjectType: 'offer',
      subjectId: idText(row.id),
      requestId,
      action,
      from: row.state,
      to,
      at: now,
    })),
  );
  if (to === 'live')
    await setTimers(
      tx,
      rows.map((row) => ({ kind: marketTimers.offerExpiry, subjectId: idText(row.id), dueAt: row.expires_at })),
    );
  else if (to === 'expired') for (const row of rows) await clearTimers(tx, idText(row.id), [marketTimers.offerExpiry]);
  return rows.length;
}
