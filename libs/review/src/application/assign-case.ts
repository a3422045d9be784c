import { Injectable } from '@nestjs/common';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { reviewError } from '../domain/errors.js';
import { lifecycleError } from '#kernel';
import type { ReviewCase } from '../domain/review-case.js';
import { conflictsOf, lockCase, updateCase } from '../persistence/review-case.store.js';
import { AssignmentDesk } from './assignment.js';
import { excludePeople } from './conflicts.js';
import { type CaseStep, recordSteps } from './record-steps.js';
import { tellAssignee, tellOfVacancy } from './tell-of-clocks.js';

/** What one who works on a case gets back. */
export interface AssignedCase {
  readonly caseId: string;
  readonly assigneeId: string | null;
  readonly escalated: boolean;
  readonly version: number;
}

/** A reviewer takes a case that nobody has; from the lead's queue only a lead takes. */
@Injectable()
export class TakeCase {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, caseId: string): Promise<AssignedCase> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockLive(tx, caseId);
      const { actor } = context;
      if (actor.kind !== 'person') throw reviewError('review_assignee_unfit');
      if (before.escalated && !actor.permissions.has('review.lead')) throw reviewError('review_lead_needed');
      if (before.assigneeId === actor.id) return shown(before);
      if (before.assigneeId !== null) throw reviewError('review_case_taken');
      if ((await conflictsOf(tx, caseId)).has(actor.id)) throw reviewError('review_conflict');
      return give(tx, before, { assigneeId: actor.id, escalated: before.escalated }, { reason: 'taken' });
    });
  }
}

/** A review lead gives a case to a reviewer or a lead without a conflict. */
@Injectable()
export class AssignCase {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly desk: AssignmentDesk,
  ) {}

  async execute(
    context: CommandContext,
    caseId: string,
    { personId, reason }: { readonly personId: string; readonly reason: string },
  ): Promise<AssignedCase> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockLive(tx, caseId);
      const fit = await this.desk.fit(tx, await conflictsOf(tx, caseId));
      if (!fit.some((person) => person.personId === personId))
        throw reviewError('review_assignee_unfit', {
          data: { fit },
          fields: [{ pointer: '/personId', rule: 'fit', message: 'is not a reviewer without conflict' }],
        });
      const after = await give(tx, before, { assigneeId: personId, escalated: false }, { reason });
      tellAssignee(tx, { ...before, assigneeId: personId });
      return after;
    });
  }
}

/**
 * A reviewer declares a conflict of interest and may never work on the case again; when it was theirs, it goes to
 * the colleague with the least load, or to the review lead when nobody is left.
 */
@Injectable()
export class DeclareConflict {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly desk: AssignmentDesk,
  ) {}

  async execute(context: CommandContext, caseId: string, reason: string): Promise<AssignedCase> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockLive(tx, caseId);
      const personId = context.actor.id;
      const now = await tx.now();
      await excludePeople(tx, caseId, [{ personId, reason }], now);
      const excluded = await conflictsOf(tx, caseId);
      const to =
        before.assigneeId !== personId
          ? before
          : before.escalated
            ? { assigneeId: null, escalated: true }
            : await this.desk.choose(tx, caseId, excluded);
      const { assigneeId, escalated } = to;
      const after = { ...before, assigneeId, escalated, version: before.version + 1 };
      await updateCase(tx, before, after);
      const data = { assigneeId, escalated, personId };
      await recordSteps(tx, now, [
        {
          after,
          from: before.state,
          action: 'declare_conflict',
          event: 'assigned',
          internal: true,
          data,
          note: { reason },
        },
      ]);
      if (assigneeId !== before.assigneeId) {
        tellAssignee(tx, after);
        tellOfVacancy(tx, after);
      }
      return shown(after);
    });
  }
}

async function lockLive(tx: Transaction, caseId: string): Promise<ReviewCase> {
  const found = await lockCase(tx, caseId);
  // The work on another organisation's case is that organisation's own affair.
  const foreign = found && found.handlerId !== null && found.handlerId !== tx.context.actor.organisationId;
  if (!found || foreign) throw reviewError('review_case_unknown');
  if (found.closedAt !== null)
    throw lifecycleError('transition_not_allowed', {
      detail: `The case is ${found.state}.`,
      data: { state: found.state },
    });
  return found;
}

async function give(
  tx: Transaction,
  before: ReviewCase,
  to: Pick<ReviewCase, 'assigneeId' | 'escalated'>,
  note: Readonly<Record<string, unknown>>,
): Promise<AssignedCase> {
  const after = { ...before, ...to, version: before.version + 1 };
  await updateCase(tx, before, after);
  const data = { assigneeId: to.assigneeId, escalated: to.escalated };
  const step: CaseStep = { after, from: before.state, action: 'assign', event: 'assigned', internal: true, data, note };
  await recordSteps(tx, await tx.now(), [step]);
  return shown(after);
}

function shown({ id, assigneeId, escalated, version }: ReviewCase): AssignedCase {
  return { caseId: id, assigneeId, escalated, version };
}
