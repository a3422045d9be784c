import { idBytes, idText, type Transaction } from '#platform';
import type { MatchScore } from '../domain/matching.policy.js';

export interface NewMatch {
  readonly financierId: string;
  readonly mandateId: string;
  readonly score: MatchScore;
}

/** Adds matches that are not there yet; a financier is asked once per request. */
export async function addMatches(
  tx: Transaction,
  requestId: string,
  matches: readonly NewMatch[],
  now: Date,
): Promise<void> {
  if (matches.length === 0) return;
  await tx.execute(
    `INSERT IGNORE INTO request_match (request_id, financier_id, mandate_id, score, score_parts, state, matched_at)
     VALUES ${matches.map(() => "(?, ?, ?, ?, ?, 'waiting', ?)").join(',')}`,
    matches.flatMap(({ financierId, mandateId, score }) => [
      idBytes(requestId),
      idBytes(financierId),
      idBytes(mandateId),
      score.total,
      JSON.stringify(score.parts),
      now,
    ]),
  );
}

/** How many financiers were found, and how many of them may still answer or have offered. */
export async function countMatches(tx: Transaction, requestId: string): Promise<{ found: number; active: number }> {
  const [row] = await tx.rows<{ found: string; active: string | null }>(
    "SELECT COUNT(*) AS found, SUM(state IN ('invited','offered')) AS active FROM request_match WHERE request_id = ?",
    [idBytes(requestId)],
  );
  return { found: Number(row?.found ?? 0), active: Number(row?.active ?? 0) };
}

/** Invites the next financiers in rank and returns them. */
export async function inviteWaiting(
  tx: Transaction,
  requestId: string,
  atMost: number,
  now: Date,
  answerDue: Date,
): Promise<string[]> {
  const next = await tx.rows<{ financier_id: Buffer }>(
    "SELECT financier_id FROM request_match WHERE request_id = ? AND state = 'waiting' ORDER BY score DESC, mandate_id LIMIT ? FOR UPDATE",
    [idBytes(requestId), atMost],
  );
  if (next.length === 0) return [];
  await tx.execute(
    `UPDATE request_match SET state = 'invited', invited_at = ?, answer_due = ? WHERE request_id = ? AND financier_id IN (${next.map(() => '?').join(',')})`,
    [now, answerDue, idBytes(requestId), ...next.map(({ financier_id }) => financier_id)],
  );
  return next.map(({ financier_id }) => idText(financier_id));
}

/** The financier answered with an offer. */
export async function markOffered(tx: Transaction, requestId: string, financierId: string, now: Date): Promise<void> {
  await tx.execute(
    `UPDATE request_match SET state = 'offered', answered_at = COALESCE(answered_at, ?)
     WHERE request_id = ? AND financier_id = ? AND state IN ('invited','silent')`,
    [now, idBytes(requestId), idBytes(financierId)],
  );
}

/** The financier said no; false when it was not invited. */
export async function markDeclined(
  tx: Transaction,
  requestId: string,
  financierId: string,
  reason: string,
  now: Date,
): Promise<boolean> {
  const changed = await tx.execute(
    `UPDATE request_match SET state = 'declined', answered_at = ?, decline_reason = ?
     WHERE request_id = ? AND financier_id = ? AND state IN ('invited','silent')`,
    [now, reason, idBytes(requestId), idBytes(financierId)],
  );
  return changed > 0;
}

/** Invited financiers whose time to answer is over. */
export async function countSilence(tx: Transaction, requestId: string, now: Date): Promise<void> {
  await tx.execute(
    "UPDATE request_match SET state = 'silent' WHERE request_id = ? AND state = 'invited' AND answer_due <= ?",
    [idBytes(requestId), now],
  );
}

/** Whether the financier was invited to the request. */
export async function wasInvited(tx: Transaction, requestId: string, financierId: string): Promise<boolean> {
  const rows = await tx.rows(
    "SELECT 1 FROM request_match WHERE request_id = ? AND financier_id = ? AND state <> 'waiting'",
    [idBytes(requestId), idBytes(financierId)],
  );
  return rows.length > 0;
}

/** The request's matches come onto the lists of the market, or leave them. */
export async function listMatches(tx: Transaction, requestId: string, open: boolean): Promise<void> {
  await tx.execute('UPDATE request_match SET open = ? WHERE request_id = ?', [Number(open), idBytes(requestId)]);
}

/** Whether the enterprise has shown the financier who it is, for this request. */
export async function isDisclosed(tx: Transaction, requestId: string, financierId: string): Promise<boolean> {
  const rows = await tx.rows('SELECT 1 FROM disclosure WHERE request_id = ? AND financier_id = ?', [
    idBytes(requestId),
    idBytes(financierId),
  ]);
  return rows.length > 0;
}
