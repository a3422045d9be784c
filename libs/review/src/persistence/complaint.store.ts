import { idBytes, idText, newId, type Transaction } from '#platform';
import type { Reason } from '../domain/review-case.js';
import type { ComplaintKind, ComplaintOutcome, ComplaintState } from '../domain/complaint.lifecycle.js';

/** A complaint about something, or an appeal against a decided review case. */
export interface Complaint {
  readonly id: string;
  readonly kind: ComplaintKind;
  readonly organisationId: string;
  readonly aboutType: string;
  readonly aboutId: string | null;
  /** The review case whose decision is appealed against. */
  readonly appealOf: string | null;
  readonly text: string;
  readonly state: ComplaintState;
  readonly outcome: ComplaintOutcome | null;
  readonly answer: string | null;
  readonly filedAt: Date;
  readonly closedAt: Date | null;
  readonly version: number;
}

interface ComplaintRow {
  readonly id: Buffer;
  readonly kind: ComplaintKind;
  readonly organisation_id: Buffer;
  readonly about_type: string;
  readonly about_id: Buffer | null;
  readonly appeal_of: Buffer | null;
  readonly text: string;
  readonly state: ComplaintState;
  readonly outcome: ComplaintOutcome | null;
  readonly answer: string | null;
  readonly filed_at: Date;
  readonly closed_at: Date | null;
  readonly version: number;
}

export const selectComplaints = `SELECT id, kind, organisation_id, about_type, about_id, appeal_of, text, state, outcome, answer,
  filed_at, closed_at, version FROM complaint`;

export function complaintOfRow(row: object): Complaint {
  const from = row as ComplaintRow;
  return {
    id: idText(from.id),
    kind: from.kind,
    organisationId: idText(from.organisation_id),
    aboutType: from.about_type,
    aboutId: from.about_id && idText(from.about_id),
    appealOf: from.appeal_of && idText(from.appeal_of),
    text: from.text,
    state: from.state,
    outcome: from.outcome,
    answer: from.answer,
    filedAt: from.filed_at,
    closedAt: from.closed_at,
    version: from.version,
  };
}

export async function lockComplaint(tx: Transaction, id: string): Promise<Complaint | undefined> {
  const [row] = await tx.rows(`${selectComplaints} WHERE id = ? FOR UPDATE`, [idBytes(id)]);
  return row && complaintOfRow(row);
}

export async function insertComplaint(tx: Transaction, made: Complaint): Promise<void> {
  await tx.insertRows(
    'complaint',
    ['id', 'kind', 'organisation_id', 'about_type', 'about_id', 'appeal_of', 'text', 'state', 'filed_by', 'filed_at'],
    [
      [
        idBytes(made.id),
        made.kind,
        idBytes(made.organisationId),
        made.aboutType,
        made.aboutId && idBytes(made.aboutId),
        made.appealOf && idBytes(made.appealOf),
        made.text,
        made.state,
        tx.context.actor.id,
        made.filedAt,
      ],
    ],
  );
}

/** Writes the state, and what comes with its end, of a complaint whose row the caller has locked. */
export async function updateComplaint(tx: Transaction, after: Complaint): Promise<void> {
  await tx.execute(
    'UPDATE complaint SET state = ?, outcome = ?, answer = ?, closed_at = ?, version = ? WHERE id = ? AND version = ?',
    [after.state, after.outcome, after.answer, after.closedAt, after.version, idBytes(after.id), after.version - 1],
  );
}

/** One bundled request for information and its answer. */
export interface ComplaintInformation {
  readonly reasons: readonly Reason[];
  readonly askedAt: Date;
  readonly answer: string | null;
  readonly answeredAt: Date | null;
}

export const selectInformation =
  'SELECT reasons, asked_at, answer, answered_at FROM complaint_information WHERE complaint_id = ? ORDER BY id';

export function informationOfRow(row: object): ComplaintInformation {
  const from = row as { reasons: string; asked_at: Date; answer: string | null; answered_at: Date | null };
  return {
    reasons: JSON.parse(from.reasons) as Reason[],
    askedAt: from.asked_at,
    answer: from.answer,
    answeredAt: from.answered_at,
  };
}

export async function insertInformation(
  tx: Transaction,
  complaintId: string,
  reasons: readonly Reason[],
  now: Date,
): Promise<void> {
  await tx.insertRows(
    'complaint_information',
    ['id', 'complaint_id', 'reasons', 'asked_at'],
    [[idBytes(newId()), idBytes(complaintId), JSON.stringify(reasons), now]],
  );
}

/** The answer to what was asked last. */
export async function answerInformation(
  tx: Transaction,
  complaintId: string,
  answer: string,
  now: Date,
): Promise<void> {
  await tx.execute(
    'UPDATE complaint_information SET answer = ?, answered_at = ? WHERE complaint_id = ? AND answered_at IS NULL',
    [answer, now, idBytes(complaintId)],
  );
}

export async function writeComplaintHistory(
  tx: Transaction,
  after: Complaint,
  action: string,
  from: ComplaintState | null,
  now: Date,
): Promise<void> {
  const { actor } = tx.context;
  await tx.insertRows(
    'complaint_history',
    ['id', 'complaint_id', 'version', 'at', 'actor_kind', 'actor_id', 'action', 'from_state', 'to_state', 'data'],
    [
      [
        idBytes(newId()),
        idBytes(after.id),
        after.version,
        now,
        actor.kind,
        actor.id,
        action,
        from,
        after.state,
        JSON.stringify({ outcome: after.outcome }),
      ],
    ],
  );
}
