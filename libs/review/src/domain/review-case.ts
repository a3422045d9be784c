/** What may be reviewed; each kind's number of working days stands in the country's rule book. */
export const reviewKinds = [
  'funding_request',
  'verification',
  'guarantee_application',
  'claim',
  'appeal',
  'complaint',
  'tax_refund_advance',
] as const;
export type ReviewKind = (typeof reviewKinds)[number];

export const reviewStates = ['open', 'paused', 'decided', 'returned', 'withdrawn'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** How far the clock of a case has run: each stage is passed once and recorded with its time. */
export const clockStage = { running: 0, halfWarned: 1, lateWarned: 2, breached: 3 } as const;
export type ClockStage = (typeof clockStage)[keyof typeof clockStage];

/** Why something was asked, decided or returned: a code that programs read, and a sentence for people. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** A review case as it stands in the database. Instants are UTC. */
export interface ReviewCase {
  readonly id: string;
  readonly kind: ReviewKind;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly applicantOrganisationId: string;
  readonly operatorId: string | null;
  /** Another organisation than the operator whose people work on it, such as a guarantor; null: the operator's. */
  readonly handlerId: string | null;
  readonly state: ReviewState;
  /** The person who works on it; null while it waits in a queue. */
  readonly assigneeId: string | null;
  /** In the review lead's queue: breached, or nobody else may work on it. */
  readonly escalated: boolean;
  readonly serviceDays: number;
  readonly openedAt: Date;
  /** Null while paused, when the clock stands still. */
  readonly dueAt: Date | null;
  /** While paused: when silence returns the case. */
  readonly returnAt: Date | null;
  readonly stage: ClockStage;
  readonly breachedAt: Date | null;
  readonly informationRequests: number;
  readonly calendarVersion: number;
  /** The due time rests on days that the authority has not announced. */
  readonly provisional: boolean;
  readonly closedAt: Date | null;
  readonly outcome: string | null;
  readonly decidedBy: string | null;
  readonly version: number;
}
