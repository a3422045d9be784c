import type { Reason, ReviewKind } from '../domain/review-case.js';
import type { ExcludedPerson } from './conflicts.js';

export interface NewReviewCase {
  readonly kind: ReviewKind;
  /** What is reviewed, by the words of its own context, such as `funding_request`. */
  readonly subjectType: string;
  readonly subjectId: string;
  readonly applicantOrganisationId: string;
  /** The organisation whose people work on it in the operator's place, such as a guarantor. */
  readonly handler?: CaseHandler | undefined;
  /** Working days promised; the rule book's when left out. */
  readonly serviceDays?: number | undefined;
  /** When the applicant submitted, if that was earlier than this transaction. */
  readonly submittedAt?: Date | undefined;
  /** People who must not work on it, such as the reviewer whose decision is appealed against. */
  readonly excluded?: readonly ExcludedPerson[] | undefined;
}

/** Who works on a case that is not the operator's. */
export interface CaseHandler {
  readonly organisationId: string;
  /** Roles of its people among whom the work is spread, such as `maker`. */
  readonly roles: readonly string[];
}

export interface OpenedCase {
  readonly caseId: string;
  readonly dueAt: Date;
  /** The due time rests on days that the authority has not announced. */
  readonly provisional: boolean;
}

export interface Decision {
  /** A word of the subject's context, such as `approved` or `rejected`. */
  readonly outcome: string;
  readonly reasons: readonly Reason[];
}

export interface DecidedCase {
  readonly decidedAt: Date;
  /** The calendar version that the decision stores. */
  readonly calendarVersion: number;
  /** Working milliseconds without and with the pauses. */
  readonly netMs: number;
  readonly grossMs: number;
}
