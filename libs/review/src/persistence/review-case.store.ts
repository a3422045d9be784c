import { idBytes, idText, newId, type Transaction } from '#platform';
import type { Pause } from '../domain/clock.calculation.js';
import type { Reason, ReviewCase, ReviewKind, ReviewState, ClockStage } from '../domain/review-case.js';

interface CaseRow {
  readonly id: Buffer;
  readonly kind: ReviewKind;
  readonly subject_type: string;
  readonly subject_id: Buffer;
  readonly applicant_id: Buffer;
  readonly operator_id: Buffer | null;
  readonly handler_id: Buffer | null;
  readonly state: ReviewState;
  readonly assignee_id: Buffer | null;
  readonly escalated: number;
  readonly service_days: number;
  readonly opened_at: Date;
  readonly due_at: Date | null;
  readonly return_at: Date | null;
  readonly stage: ClockStage;
  readonly breached_at: Date | null;
  readonly information_requests: number;
  readonly calendar_version: number;
  readonly provisional: number;
  readonly closed_at: Date | null;
  readonly outcome: string | null;
  readonly decided_by: Buffer | null;
  readonly version: number;
}

const columns = `c.id, c.kind, c.subject_type, c.subject_id, c.applicant_id, c.operator_id, c.handler_id, c.state, c.assignee_id, c.escalated,
  c.service_days, c.opened_at, c.due_at, c.return_at, c.stage, c.breached_at, c.information_requests, c.calendar_version,
  c.provisional, c.closed_at, c.outcome, c.decided_by, c.version`;

/** SELECT of review cases as `c`, to be followed by WHERE. */
export const selectCases = `SELECT ${columns} FROM review_case c`;

const textOrNull = (bytes: Buffer | null): string | null => bytes && idText(bytes);

export function caseOfRow(row: object): ReviewCase {
  const from = row as CaseRow;
  return {
    id: idText(from.id),
    kind: from.kind,
    subjectType: from.subject_type,
    subjectId: idText(from.subject_id),
    applicantOrganisationId: idText(from.applicant_id),
    operatorId: textOrNull(from.operator_id),
    handlerId: textOrNull(from.handler_id),
    state: from.state,
    assigneeId: textOrNull(from.assignee_id),
    escalated: from.escalated === 1,
    serviceDays: from.service_days,
    openedAt: from.opened_at,
    dueAt: from.due_at,
    returnAt: from.return_at,
    stage: from.stage,
    breachedAt: from.breached_at,
    informationRequests: from.information_requests,
    calendarVersion: from.calendar_version,
    provisional: from.provisional === 1,
    closedAt: from.closed_at,
    outcome: from.outcome,
    decidedBy: textOrNull(from.decided_by),
    version: from.version,
  };
}

export async function lockCase(tx: Transaction, id: string): Promise<ReviewCase | undefined> {
  const [row] = await tx.rows(`${selectCases} WHERE c.id = ? FOR UPDATE`, [idBytes(id)]);
  return row && caseOfRow(row);
}

/** The one case of a subject that is not closed. */
export async function lockLiveCase(
  tx: Transaction,
  subjectType: string,
  subjectId: string,
): Promise<ReviewCase | undefined> {
  const [row] = await tx.rows(
    `${selectCases} WHERE c.subject_type = ? AND c.subject_id = ? AND c.live = 1 FOR UPDATE`,
    [subjectType, idBytes(subjectId)],
  );
  return row && caseOfRow(row);
}

export async function insertCase(tx: Transaction, made: ReviewCase, country: string): Promise<void> {
  await tx.insertRows(
    'review_case',
    [
      'id',
      'kind',
      'subject_type',
      'subject_id',
      'applicant_id',
      'operator_id',
      'handler_id',
      'state',
      'assignee_id',
      'escalated',
      'service_days',
      'opened_at',
      'due_at',
      'country',
      'calendar_version',
      'provisional',
      'version',
    ],
    [
      [
        idBytes(made.id),
        made.kind,
        made.subjectType,
        idBytes(made.subjectId),
        idBytes(made.applicantOrganisationId),
        made.operatorId && idBytes(made.operatorId),
        made.handlerId && idBytes(made.handlerId),
        made.state,
        made.assigneeId && idBytes(made.assigneeId),
        made.escalated,
        made.serviceDays,
        made.openedAt,
        made.dueAt,
        country,
        made.calendarVersion,
        made.provisional,
        made.version,
      ],
    ],
  );
}

/** What closing a case adds to it. */
export interface Closing {
  readonly reasons: readonly Reason[];
  /** Working milliseconds that the review took, without and with the pauses. */
  readonly net: number;
  readonly gross: number;
}

/** Writes a changed case back. The row is locked by the caller; the version still guards against a forgotten lock. */
export async function updateCase(
  tx: Transaction,
  before: ReviewCase,
  after: ReviewCase,
  closing?: Closing,
): Promise<void> {
  const changed = await tx.execute(
    `UPDATE review_case SET state = ?, assignee_id = ?, escalated = ?, due_at = ?, return_at = ?, stage = ?, breached_at = ?,
       information_requests = ?, calendar_version = ?, provisional = ?, closed_at = ?, outcome = ?, decided_by = ?,
       reasons = ?, net_ms = ?, gross_ms = ?, version = ?
     WHERE id = ? AND version = ?`,
    [
      after.state,
      after.assigneeId && idBytes(after.assigneeId),
      after.escalated,
      after.dueAt,
      after.returnAt,
      after.stage,
      after.breachedAt,
      after.informationRequests,
      after.calendarVersion,
      after.provisional,
      after.closedAt,
      after.outcome,
      after.decidedBy && idBytes(after.decidedBy),
      closing ? JSON.stringify(closing.reasons) : null,
      closing?.net ?? null,
      closing?.gross ?? null,
      after.version,
      idBytes(after.id),
      before.version,
    ],
  );
  if (changed !== 1) throw new Error(`review case ${after.id} was changed without its lock`);
}

/** The pauses of cases, in order. Cases that never paused are absent. */
export async function pausesOf(tx: Transaction, caseIds: readonly string[]): Promise<ReadonlyMap<string, Pause[]>> {
  const found = new Map<string, Pause[]>();
  if (caseIds.length === 0) return found;
  const rows = await tx.rows<{ case_id: Buffer; asked_at: Date; answered_at: Date | null }>(
    `SELECT case_id, asked_at, answered_at FROM review_information_request
     WHERE case_id IN (${caseIds.map(() => '?').join(',')}) ORDER BY asked_at, id`,
    caseIds.map(idBytes),
  );
  for (const { case_id, asked_at, answered_at } of rows) {
    const id = idText(case_id);
    const pause = { from: asked_at.getTime(), to: answered_at && answered_at.getTime() };
    found.set(id, [...(found.get(id) ?? []), pause]);
  }
  return found;
}

export async function insertInformationRequest(
  tx: Transaction,
  caseId: string,
  reasons: readonly Reason[],
  askedAt: Date,
): Promise<void> {
  await tx.insertRows(
    'review_information_request',
    ['id', 'case_id', 'reasons', 'asked_by', 'asked_at'],
    [[idBytes(newId()), idBytes(caseId), JSON.stringify(reasons), tx.context.actor.id, askedAt]],
  );
}

export async function isConflicted(tx: Transaction, caseId: string, personId: string): Promise<boolean> {
  return (await conflictsOf(tx, caseId)).has(personId);
}

/** People with a declared conflict of interest in a case. */
export async function conflictsOf(tx: Transaction, caseId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ person_id: Buffer }>('SELECT person_id FROM review_conflict WHERE case_id = ?', [
    idBytes(caseId),
  ]);
  return new Set(rows.map(({ person_id }) => idText(person_id)));
}

/** How many cases, running or paused, each of these people has. */
export async function loadsOf(tx: Transaction, personIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (personIds.length === 0) return new Map();
  const rows = await tx.rows<{ assignee_id: Buffer; load_now: string }>(
    `SELECT assignee_id, COUNT(*) AS load_now FROM review_case
     WHERE live = 1 AND assignee_id IN (${personIds.map(() => '?').join(',')}) GROUP BY assignee_id`,
    personIds.map(idBytes),
  );
  return new Map(rows.map(({ assignee_id, load_now }) => [idText(assignee_id), Number(load_now)]));
}
