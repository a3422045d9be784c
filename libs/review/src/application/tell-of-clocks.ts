import { notify } from '#notices';
import type { Transaction } from '#platform';
import { groupBy } from '../domain/group-by.js';
import type { ReviewCase } from '../domain/review-case.js';
import type { CaseStep } from './record-steps.js';

const queueOfLeads = '/review?assignee=none&escalated=true';

/** Tells the person who got a case. */
export function tellAssignee(tx: Transaction, { id, kind, assigneeId, dueAt }: ReviewCase): void {
  if (assigneeId === null || dueAt === null) return;
  notify(tx, {
    personId: assigneeId,
    template: 'review_assigned',
    parameters: { kind, due: dueAt.toISOString() },
    link: `/review/${id}`,
  });
}

/** Tells the leads of a case for which there is no reviewer: it waits in their queue. */
export function tellOfVacancy(tx: Transaction, { id, kind, assigneeId, dueAt }: ReviewCase): void {
  if (assigneeId !== null || dueAt === null) return;
  notify(tx, {
    roles: ['review_lead'],
    template: 'review_unassigned',
    parameters: { kind, due: dueAt.toISOString() },
    link: `/review/${id}`,
  });
}

interface Passed {
  readonly before: ReviewCase;
  readonly step: CaseStep;
}

/**
 * Tells reviewers and leads what their clocks passed: one notice a person and occasion for the whole batch, because
 * nobody reads the five hundredth.
 */
export function tellOfPassages(tx: Transaction, passed: readonly Passed[]): void {
  for (const [key, group] of groupBy(passed, ({ before, step }) => keyOf(before, step))) {
    const first = (group[0] as Passed).step;
    const [action, assigneeId] = key.split(' ') as [string, string];
    const count = group.length;
    const link = count === 1 ? `/review/${first.after.id}` : undefined;
    if (action === 'warn' && assigneeId) {
      const percent = Number(first.data?.percent);
      notify(tx, {
        personId: assigneeId,
        template: 'review_warned',
        parameters: { percent, count },
        link: link ?? '/review?assignee=me',
      });
    }
    if (action === 'breach' && assigneeId)
      notify(tx, {
        personId: assigneeId,
        template: 'review_breached',
        parameters: { count },
        link: link ?? '/review?breached=true',
      });
  }
  tellLeads(tx, passed, 'breach', 'review_breached');
  tellLeads(tx, passed, 'remind', 'review_overdue');
}

/** Tells the applicants whose case silence has returned. */
export function tellOfReturn(tx: Transaction, cases: readonly ReviewCase[], days: number): void {
  for (const { state, applicantOrganisationId } of cases)
    if (state === 'returned')
      notify(tx, { organisationId: applicantOrganisationId, template: 'review_returned', parameters: { days } });
}

function tellLeads(
  tx: Transaction,
  passed: readonly Passed[],
  action: string,
  template: 'review_breached' | 'review_overdue',
): void {
  const count = passed.filter(({ step }) => step.action === action).length;
  if (count > 0) notify(tx, { roles: ['review_lead'], template, parameters: { count }, link: queueOfLeads });
}

/** Warnings of 50 % and 80 % are two occasions. */
function keyOf(before: ReviewCase, { action, data }: CaseStep): string {
  return `${action} ${before.assigneeId ?? ''} ${typeof data?.percent === 'number' ? data.percent : ''}`;
}
