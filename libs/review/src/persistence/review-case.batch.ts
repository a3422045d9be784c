import { idBytes, type Transaction } from '#platform';
import type { ReviewCase } from '../domain/review-case.js';
import { caseOfRow, type Closing, selectCases } from './review-case.store.js';

/** Locks the live cases among `ids`, in the order of their ids. */
export async function lockLiveCases(tx: Transaction, ids: readonly string[]): Promise<ReviewCase[]> {
  if (ids.length === 0) return [];
  const rows = await tx.rows(
    `${selectCases} WHERE c.id IN (${ids.map(() => '?').join(',')}) AND c.live = 1 ORDER BY c.id FOR UPDATE`,
    ids.map(idBytes),
  );
  return rows.map(caseOfRow);
}

/** Locks live cases whose clock still rests on a version of the calendar before `version`. */
export async function lockCasesBefore(tx: Transaction, version: number, limit: number): Promise<ReviewCase[]> {
  const rows = await tx.rows(
    `${selectCases} WHERE c.live = 1 AND c.calendar_version < ? ORDER BY c.calendar_version, c.id LIMIT ${limit} FOR UPDATE`,
    [version],
  );
  return rows.map(caseOfRow);
}

/** Locks live cases that nobody has because nobody could take them; those that were late wait for the lead. */
export async function lockUnassignedCases(tx: Transaction, limit: number): Promise<ReviewCase[]> {
  const rows = await tx.rows(
    `${selectCases} WHERE c.live = 1 AND c.assignee_id IS NULL AND c.breached_at IS NULL ORDER BY c.id LIMIT ${limit} FOR UPDATE`,
  );
  return rows.map(caseOfRow);
}

export interface ChangedCase {
  readonly before: ReviewCase;
  readonly after: ReviewCase;
  readonly closing?: Closing;
}

/** The form in which the database reads an instant from text. */
const instantText = (instant: Date | null): string | null =>
  instant && instant.toISOString().slice(0, 23).replace('T', ' ');

const hex = (id: string | null): string | null => id && id.replaceAll('-', '');

/** Writes many changed cases back with one statement; the caller holds their locks. */
export async function updateCases(tx: Transaction, changes: readonly ChangedCase[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ before, after, closing }) => ({
    id: hex(after.id),
    old: before.version,
    version: after.version,
    state: after.state,
    assignee: hex(after.assigneeId),
    escalated: Number(after.escalated),
    due: instantText(after.dueAt),
    ret: instantText(after.returnAt),
    stage: after.stage,
    breached: instantText(after.breachedAt),
    lost: after.breachedAt && !before.breachedAt ? hex(before.assigneeId) : null,
    calendar: after.calendarVersion,
    provisional: Number(after.provisional),
    closed: instantText(after.closedAt),
    outcome: after.outcome,
    reasons: closing ? JSON.stringify(closing.reasons) : null,
    net: closing?.net ?? null,
    gross: closing?.gross ?? null,
  }));
  const changed = await tx.execute(
    `UPDATE review_case c JOIN JSON_TABLE(?, '$[*]' COLUMNS (
       id CHAR(32) PATH '$.id', old INT PATH '$.old', version INT PATH '$.version', state VARCHAR(12) PATH '$.state',
       assignee CHAR(32) PATH '$.assignee', escalated INT PATH '$.escalated', due VARCHAR(26) PATH '$.due',
       ret VARCHAR(26) PATH '$.ret', stage INT PATH '$.stage', breached VARCHAR(26) PATH '$.breached',
       lost CHAR(32) PATH '$.lost', calendar INT PATH '$.calendar', provisional INT PATH '$.provisional',
       closed VARCHAR(26) PATH '$.closed', outcome VARCHAR(40) PATH '$.outcome', reasons VARCHAR(2000) PATH '$.reasons',
       net BIGINT PATH '$.net', gross BIGINT PATH '$.gross')) j ON c.id = UNHEX(j.id) AND c.version = j.old
     SET c.version = j.version, c.state = j.state, c.assignee_id = UNHEX(j.assignee), c.escalated = j.escalated,
       c.due_at = j.due, c.return_at = j.ret, c.stage = j.stage, c.breached_at = j.breached,
       c.breached_assignee_id = COALESCE(c.breached_assignee_id, UNHEX(j.lost)), c.calendar_version = j.calendar,
       c.provisional = j.provisional, c.closed_at = j.closed, c.outcome = j.outcome, c.reasons = j.reasons,
       c.net_ms = j.net, c.gross_ms = j.gross`,
    [JSON.stringify(rows)],
  );
  if (changed !== changes.length)
    throw new Error(`${changes.length - changed} review cases were changed without their lock`);
}
