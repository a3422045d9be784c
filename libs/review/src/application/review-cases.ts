import { Inject, Injectable } from '@nestjs/common';
import { notify } from '#notices';
import {
  clearTimers,
  ENVIRONMENT,
  type Environment,
  idBytes,
  isDuplicateKey,
  newId,
  type Transaction,
} from '#platform';
import { endOfSilence, timeTaken } from '../domain/clock.calculation.js';
import { reviewError } from '../domain/errors.js';
import { reviewCaseLifecycle } from '../domain/review-case.lifecycle.js';
import { clockStage, type Reason, type ReviewCase } from '../domain/review-case.js';
import {
  insertCase,
  insertInformationRequest,
  lockCase,
  lockLiveCase,
  updateCase,
} from '../persistence/review-case.store.js';
import { AssignmentDesk } from './assignment.js';
import { assertMayPause, assertReasons, assertReviewer } from './case-rights.js';
import { CaseClocks, clockTimer, type RunningClock } from './case-clocks.js';
import { excludePeople } from './conflicts.js';
import type { DecidedCase, Decision, NewReviewCase, OpenedCase } from './review-case.commands.js';
import { recordSteps } from './record-steps.js';
import { tellAssignee, tellOfVacancy } from './tell-of-clocks.js';

/**
 * What the context of a subject calls in its own transaction. Review decides nothing: the caller has judged who may
 * ask for a step by its own rules; here only the clock, the assignment and the rules against gaming are kept.
 */
@Injectable()
export class ReviewCases {
  private readonly country: string;

  constructor(
    private readonly clocks: CaseClocks,
    private readonly desk: AssignmentDesk,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.country = environment.country;
  }

  /** Opens a case, starts its clock by Rule L and assigns it. Refuses a second open case of one subject. */
  async open(tx: Transaction, input: NewReviewCase): Promise<OpenedCase> {
    const now = await tx.now();
    const kept = await this.clocks.calendars.current(tx);
    const id = newId();
    const excluded = input.excluded ?? [];
    const assignment = await this.desk.choose(tx, id, new Set(excluded.map(({ personId }) => personId)), input.handler);
    const { kind, subjectType, subjectId, applicantOrganisationId } = input;
    const unclocked: ReviewCase = {
      id,
      kind,
      subjectType,
      subjectId,
      applicantOrganisationId,
      ...assignment,
      handlerId: input.handler?.organisationId ?? null,
      state: reviewCaseLifecycle.initial,
      serviceDays: input.serviceDays ?? this.clocks.level.workingDays[kind],
      openedAt: input.submittedAt && input.submittedAt < now ? input.submittedAt : now,
      dueAt: null,
      returnAt: null,
      stage: clockStage.running,
      breachedAt: null,
      informationRequests: 0,
      calendarVersion: kept.version,
      provisional: false,
      closedAt: null,
      outcome: null,
      decidedBy: null,
      version: 1,
    };
    const running = this.clocks.under(kept, unclocked, []);
    const opened = { ...unclocked, ...this.clocks.shown(running) };
    const assigned = { ...opened, version: 2 };
    await insertCase(tx, assigned, this.country).catch((error: unknown) => {
      throw isDuplicateKey(error) ? reviewError('review_case_open', { data: { subjectType, subjectId } }) : error;
    });
    await excludePeople(tx, id, excluded, now);
    await this.clocks.arm(tx, [{ after: assigned, running }], now);
    await recordSteps(tx, now, [
      { after: opened, from: null, action: 'open', event: 'opened' },
      {
        after: assigned,
        from: 'open',
        action: 'assign',
        event: 'assigned',
        internal: true,
        data: { assigneeId: assigned.assigneeId, escalated: assigned.escalated },
      },
    ]);
    tellAssignee(tx, assigned);
    tellOfVacancy(tx, assigned);
    return { caseId: id, dueAt: assigned.dueAt as Date, provisional: assigned.provisional };
  }

  /** The subject's case that is not closed, locked for this transaction; undefined when there is none. */
  async openCaseOf(tx: Transaction, subjectType: string, subjectId: string): Promise<ReviewCase | undefined> {
    return lockLiveCase(tx, subjectType, subjectId);
  }

  /** Stops the clock with one bundled request for information. */
  async requestInformation(
    tx: Transaction,
    caseId: string,
    { reasons }: { readonly reasons: readonly Reason[] },
  ): Promise<{ returnAt: Date }> {
    assertReasons(reasons);
    const before = await this.lock(tx, caseId);
    const role = await assertReviewer(tx, before);
    const state = reviewCaseLifecycle.after(before.state, 'request_information', role);
    const now = await tx.now();
    const running = await this.clocks.read(tx, before);
    assertMayPause(before, running, now, role, this.clocks.level.pauseNeedsLeadFrom / 100);
    const returnAt = new Date(endOfSilence(running.kept.calendar, now.getTime(), this.clocks.level.silenceDays));
    const after: ReviewCase = {
      ...before,
      state,
      dueAt: null,
      returnAt,
      informationRequests: before.informationRequests + 1,
      calendarVersion: running.kept.version,
      version: before.version + 1,
    };
    await updateCase(tx, before, after);
    await insertInformationRequest(tx, caseId, reasons, now);
    await this.clocks.arm(tx, [{ after, running }], now);
    const data = { reasons, returnAt: returnAt.toISOString() };
    await recordSteps(tx, now, [{ after, from: before.state, action: 'request_information', event: 'paused', data }]);
    notify(tx, {
      organisationId: after.applicantOrganisationId,
      template: 'review_information_requested',
      parameters: { reasons: reasons.map(({ message }) => message).join(' '), returnAt: returnAt.toISOString() },
    });
    return { returnAt };
  }

  /** The applicant answered: the clock goes on with the working time that remained. */
  async resume(tx: Transaction, caseId: string): Promise<{ dueAt: Date }> {
    const before = await this.lock(tx, caseId);
    const state = reviewCaseLifecycle.after(before.state, 'resume', 'subject');
    const now = await tx.now();
    if (before.returnAt && before.returnAt <= now)
      throw reviewError('review_silence_over', { data: { returnAt: before.returnAt.toISOString() } });
    await tx.execute('UPDATE review_information_request SET answered_at = ? WHERE case_id = ? AND waiting = 1', [
      now,
      idBytes(caseId),
    ]);
    const running = await this.clocks.read(tx, before);
    const after: ReviewCase = {
      ...before,
      ...this.clocks.shown(running),
      state,
      returnAt: null,
      version: before.version + 1,
    };
    await updateCase(tx, before, after);
    await this.clocks.arm(tx, [{ after, running }], now);
    await recordSteps(tx, now, [{ after, from: before.state, action: 'resume', event: 'resumed' }]);
    const dueAt = after.dueAt as Date;
    if (after.assigneeId)
      notify(tx, {
        personId: after.assigneeId,
        template: 'review_resumed',
        parameters: { due: dueAt.toISOString() },
        link: `/review/${caseId}`,
      });
    return { dueAt };
  }

  /** Closes the case with the decision that its subject's context takes in the same transaction. */
  async decide(tx: Transaction, caseId: string, decision: Decision): Promise<DecidedCase> {
    const before = await this.lock(tx, caseId);
    const role = await assertReviewer(tx, before);
    const state = reviewCaseLifecycle.after(before.state, 'decide', role);
    return this.close(tx, before, { state, decidedBy: tx.context.actor.id }, 'decide', 'decided', decision);
  }

  /** Refuses a caller who may not work on the case; for steps of the subject that leave the clock alone. */
  async assertReviewer(tx: Transaction, caseId: string): Promise<void> {
    await assertReviewer(tx, await this.lock(tx, caseId));
  }

  /** Closes the case because the applicant takes the subject back. */
  async withdraw(tx: Transaction, caseId: string): Promise<void> {
    const before = await this.lock(tx, caseId);
    const state = reviewCaseLifecycle.after(before.state, 'withdraw', 'subject');
    await this.close(tx, before, { state, decidedBy: null }, 'withdraw', 'withdrawn', { outcome: null, reasons: [] });
  }

  private async close(
    tx: Transaction,
    before: ReviewCase,
    end: Pick<ReviewCase, 'state' | 'decidedBy'>,
    action: string,
    event: 'decided' | 'withdrawn',
    { outcome, reasons }: { readonly outcome: string | null; readonly reasons: readonly Reason[] },
  ): Promise<DecidedCase> {
    const now = await tx.now();
    const running = await this.clocks.read(tx, before);
    const after = closed(before, running, now, { ...end, outcome });
    const taken = timeTaken(running.kept.calendar, running.facts, now.getTime());
    await updateCase(tx, before, after, { reasons, ...taken });
    await clearTimers(tx, before.id, [clockTimer]);
    const data = { outcome, reasons, netMs: taken.net, grossMs: taken.gross, calendarVersion: after.calendarVersion };
    await recordSteps(tx, now, [{ after, from: before.state, action, event, data }]);
    return { decidedAt: now, calendarVersion: after.calendarVersion, netMs: taken.net, grossMs: taken.gross };
  }

  private async lock(tx: Transaction, caseId: string): Promise<ReviewCase> {
    const found = await lockCase(tx, caseId);
    if (!found) throw reviewError('review_case_unknown');
    return found;
  }
}

function closed(
  before: ReviewCase,
  { kept }: RunningClock,
  closedAt: Date,
  end: Pick<ReviewCase, 'state' | 'decidedBy' | 'outcome'>,
): ReviewCase {
  return { ...before, ...end, closedAt, calendarVersion: kept.version, version: before.version + 1 };
}
