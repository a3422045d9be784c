import type { Transaction } from '#platform';
import { shareUsed } from '../domain/clock.calculation.js';
import { reviewError } from '../domain/errors.js';
import { judgePause } from '../domain/information-request.policy.js';
import type { Reason, ReviewCase } from '../domain/review-case.js';
import { isConflicted } from '../persistence/review-case.store.js';
import type { RunningClock } from './case-clocks.js';

/** The caller as a party of the life cycle. Refuses who is neither the assigned reviewer nor a lead, or has a conflict. */
export async function assertReviewer(tx: Transaction, reviewCase: ReviewCase): Promise<'reviewer' | 'review_lead'> {
  const { actor } = tx.context;
  if (reviewCase.handlerId !== null) return assertHandler(tx, reviewCase);
  const isPerson = actor.kind === 'person';
  const isLead = isPerson && actor.permissions.has('review.lead');
  const isAssigned = isPerson && actor.permissions.has('review.work') && reviewCase.assigneeId === actor.id;
  if (!isLead && !isAssigned) throw reviewError('review_not_assigned', { data: { caseId: reviewCase.id } });
  if (await isConflicted(tx, reviewCase.id, actor.id))
    throw reviewError('review_conflict', { data: { caseId: reviewCase.id } });
  return isLead ? 'review_lead' : 'reviewer';
}

/** The handler's own context has judged by its permissions who may ask for the step: here only whose case it is, and conflicts. */
async function assertHandler(tx: Transaction, reviewCase: ReviewCase): Promise<'reviewer' | 'review_lead'> {
  const { actor } = tx.context;
  if (actor.kind !== 'person' || actor.organisationId !== reviewCase.handlerId)
    throw reviewError('review_not_assigned', { data: { caseId: reviewCase.id } });
  if (await isConflicted(tx, reviewCase.id, actor.id))
    throw reviewError('review_conflict', { data: { caseId: reviewCase.id } });
  return [...actor.permissions].some((permission) => permission.endsWith('.decide.approve'))
    ? 'review_lead'
    : 'reviewer';
}

/** Refuses an empty list of reasons, or one that says nothing. */
export function assertReasons(reasons: readonly Reason[]): void {
  const faulty = reasons.findIndex(({ code, message }) => code.trim() === '' || message.trim() === '');
  if (reasons.length > 0 && faulty === -1) return;
  const pointer = reasons.length === 0 ? '/reasons' : `/reasons/${faulty}`;
  throw reviewError('review_reasons_missing', {
    fields: [{ pointer, rule: 'required', message: 'needs a code and a sentence' }],
  });
}

/** The rules against gaming the clock. */
export function assertMayPause(
  reviewCase: ReviewCase,
  { kept, clock }: RunningClock,
  now: Date,
  role: 'reviewer' | 'review_lead',
  leadFrom: number,
): void {
  const share = shareUsed(kept.calendar, clock, now.getTime());
  const verdict = judgePause({
    earlierRequests: reviewCase.informationRequests,
    shareUsed: share,
    leadFrom,
    byLead: role === 'review_lead',
  });
  if (verdict === 'allowed') return;
  throw reviewError('review_lead_needed', {
    detail:
      verdict === 'second_request'
        ? 'A second request for information on one case needs a review lead.'
        : `From ${Math.round(leadFrom * 100)} % of the working time on, stopping the clock needs a review lead; ${Math.floor(share * 100)} % is used.`,
    data: { rule: verdict, sharePercent: Math.floor(share * 100) },
  });
}
