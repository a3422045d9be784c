import { idBytes, newId, type Transaction } from '#platform';
import type { ReviewCase, ReviewState } from '../domain/review-case.js';
import type { reviewEvents } from './review-events.js';

type CaseEvent = keyof typeof reviewEvents extends infer Name
  ? Name extends `review_case.${infer Rest}`
    ? Rest
    : never
  : never;

/** One thing that happened to a case. `after` is the case with the version that this step gave it. */
export interface CaseStep {
  readonly after: ReviewCase;
  readonly from: ReviewState | null;
  /** The life cycle's action, or `open`, `assign`, `warn`, `breach`, `remind`, `reschedule`, `declare_conflict`. */
  readonly action: string;
  /** `review_case.<event>`; the audience is the operator, and the applicant unless the step is the operator's own affair. */
  readonly event?: CaseEvent;
  readonly internal?: boolean;
  readonly data?: Readonly<Record<string, unknown>>;
  /** What only the history keeps, and no event or audit entry carries. */
  readonly note?: Readonly<Record<string, unknown>>;
}

/** Writes history with one statement and hands events to the outbox, however many steps there are. */
export async function recordSteps(tx: Transaction, now: Date, steps: readonly CaseStep[]): Promise<void> {
  const { actor } = tx.context;
  await tx.insertRows(
    'review_case_history',
    ['id', 'case_id', 'version', 'at', 'actor_kind', 'actor_id', 'action', 'from_state', 'to_state', 'data'],
    steps.map(({ after, from, action, data, note }) => [
      idBytes(newId()),
      idBytes(after.id),
      after.version,
      now,
      actor.kind,
      actor.id,
      action,
      from,
      after.state,
      JSON.stringify({ ...data, ...note }),
    ]),
  );
  for (const step of steps) announce(tx, step);
}

function announce(tx: Transaction, { after, event, internal, action, data }: CaseStep): void {
  if (event) {
    const audience = [after.operatorId, internal ? null : after.applicantOrganisationId];
    tx.emit({
      name: `review_case.${event}`,
      subjectType: 'review_case',
      subjectId: after.id,
      version: after.version,
      audience: audience.filter((id) => id !== null),
      payload: {
        kind: after.kind,
        subjectType: after.subjectType,
        subjectId: after.subjectId,
        state: after.state,
        dueAt: after.dueAt?.toISOString() ?? null,
        ...data,
      },
    });
  }
  tx.audit({
    action: `review_case.${action}`,
    subjectType: 'review_case',
    subjectId: after.id,
    data: { state: after.state, version: after.version, ...data },
  });
}
