// size: every step of a complaint's life, which share how it is locked, written and announced
import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import { type CommandContext, isDuplicateKey, newId, type Transaction, UnitOfWork } from '#platform';
import { dueAt } from '#finance';
import { complaintLifecycle, type ComplaintOutcome, type ComplaintState } from '../domain/complaint.lifecycle.js';
import { reviewError } from '../domain/errors.js';
import type { Reason, ReviewCase } from '../domain/review-case.js';
import {
  answerInformation,
  type Complaint,
  insertComplaint,
  insertInformation,
  lockComplaint,
  updateComplaint,
  writeComplaintHistory,
} from '../persistence/complaint.store.js';
import { lockCase } from '../persistence/review-case.store.js';
import { CaseClocks } from './case-clocks.js';
import { ReviewCases } from './review-cases.js';

const subjectType = 'complaint';

export interface NewComplaint {
  readonly text: string;
  /** What it is about, such as `organisation` or `funding_request`, and which. */
  readonly about: { readonly type: string; readonly id?: string | undefined };
}

export interface FiledComplaint {
  readonly complaintId: string;
  readonly caseId: string;
  readonly dueAt: string;
}

/** An organisation complains about anybody or anything of the market; the operator owes an answer in time. */
@Injectable()
export class FileComplaint {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
  ) {}

  async execute(context: CommandContext, { text, about }: NewComplaint): Promise<FiledComplaint> {
    return this.unitOfWork.run(context, (tx) =>
      file(tx, this.cases, {
        kind: 'complaint',
        text,
        aboutType: about.type,
        aboutId: about.id ?? null,
        appealOf: null,
      }),
    );
  }
}

/** An applicant appeals against the decision on a case of its own: once, in time, to another reviewer. */
@Injectable()
export class FileAppeal {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
    private readonly clocks: CaseClocks,
  ) {}

  async execute(context: CommandContext, caseId: string, text: string): Promise<FiledComplaint> {
    return this.unitOfWork.run(context, async (tx) => {
      const decided = await lockCase(tx, caseId);
      if (decided?.applicantOrganisationId !== context.actor.organisationId) throw reviewError('review_case_unknown');
      await this.assertAppealable(tx, decided);
      const { subjectType: aboutType, subjectId: aboutId, decidedBy } = decided;
      return file(
        tx,
        this.cases,
        { kind: 'appeal', text, aboutType, aboutId, appealOf: caseId },
        decidedBy ?? undefined,
      ).catch((error: unknown) => {
        throw isDuplicateKey(error) ? reviewError('appeal_not_possible', { data: { rule: 'once' } }) : error;
      });
    });
  }

  private async assertAppealable(tx: Transaction, decided: ReviewCase): Promise<void> {
    const refuse = (rule: string) => reviewError('appeal_not_possible', { data: { rule } });
    if (decided.state !== 'decided' || decided.closedAt === null) throw refuse('decided');
    if (decided.kind === 'appeal') throw refuse('once');
    const { calendar } = await this.clocks.calendars.current(tx);
    const last = dueAt(calendar, decided.closedAt.getTime(), this.clocks.level.appealDays).dueAt;
    if ((await tx.now()).getTime() > last) throw refuse('in_time');
  }
}

/** The operator answers; the case closes with the ruling in one step. */
@Injectable()
export class AnswerComplaint {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
  ) {}

  async execute(
    context: CommandContext,
    complaintId: string,
    ruling: { readonly outcome: ComplaintOutcome; readonly answer: string },
  ): Promise<{ complaintId: string; state: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lock(tx, complaintId);
      const state = complaintLifecycle.after(before.state, 'answer', 'operator');
      const { id } = (await this.cases.openCaseOf(tx, subjectType, complaintId)) as ReviewCase;
      const reasons = [{ code: ruling.outcome, message: ruling.answer.slice(0, 500) }];
      const { decidedAt } = await this.cases.decide(tx, id, { outcome: ruling.outcome, reasons });
      await close(tx, before, { ...before, ...ruling, state }, 'answer', decidedAt);
      notify(tx, {
        organisationId: before.organisationId,
        template: 'complaint_answered',
        parameters: { outcome: ruling.outcome, answer: ruling.answer },
        link: `/complaints/${complaintId}`,
      });
      return { complaintId, state };
    });
  }
}

/** The reviewer asks the complainant once for what is missing; the clock stands still meanwhile. */
@Injectable()
export class AskComplainant {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
  ) {}

  async execute(
    context: CommandContext,
    complaintId: string,
    reasons: readonly Reason[],
  ): Promise<{ complaintId: string; state: string; returnAt: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lock(tx, complaintId);
      const state = complaintLifecycle.after(before.state, 'request_information', 'operator');
      const { id } = (await this.cases.openCaseOf(tx, subjectType, complaintId)) as ReviewCase;
      const { returnAt } = await this.cases.requestInformation(tx, id, { reasons });
      const now = await tx.now();
      await insertInformation(tx, complaintId, reasons, now);
      await move(tx, before, state, 'request_information', now);
      return { complaintId, state, returnAt: returnAt.toISOString() };
    });
  }
}

/** The complainant answers; the clock goes on with the working time that remained. */
@Injectable()
export class AnswerReviewer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
  ) {}

  async execute(
    context: CommandContext,
    complaintId: string,
    answer: string,
  ): Promise<{ complaintId: string; state: string; dueAt: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lock(tx, complaintId);
      if (before.organisationId !== context.actor.organisationId) throw reviewError('complaint_unknown');
      const state = complaintLifecycle.after(before.state, 'answer_information', 'complainant');
      const { id } = (await this.cases.openCaseOf(tx, subjectType, complaintId)) as ReviewCase;
      const { dueAt: due } = await this.cases.resume(tx, id);
      const now = await tx.now();
      await answerInformation(tx, complaintId, answer, now);
      await move(tx, before, state, 'answer_information', now);
      return { complaintId, state, dueAt: due.toISOString() };
    });
  }
}

/** Silence returned the case of a complaint: the complaint is over with it. */
@Injectable()
export class ReturnComplaint {
  async within(tx: Transaction, complaintId: string): Promise<void> {
    const before = await lock(tx, complaintId);
    // Its event may come twice, or after the complaint was taken back.
    if (before.state !== 'information_requested') return;
    const state = complaintLifecycle.after(before.state, 'return', 'clock');
    await close(tx, before, { ...before, state }, 'return', await tx.now());
  }
}

/** Who filed it takes it back. */
@Injectable()
export class WithdrawComplaint {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
  ) {}

  async execute(context: CommandContext, complaintId: string): Promise<{ complaintId: string; state: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lock(tx, complaintId);
      if (before.organisationId !== context.actor.organisationId) throw reviewError('complaint_unknown');
      const state = complaintLifecycle.after(before.state, 'withdraw', 'complainant');
      const live = await this.cases.openCaseOf(tx, subjectType, complaintId);
      if (live) await this.cases.withdraw(tx, live.id);
      await close(tx, before, { ...before, state }, 'withdraw', await tx.now());
      return { complaintId, state };
    });
  }
}

async function lock(tx: Transaction, id: string): Promise<Complaint> {
  const found = await lockComplaint(tx, id);
  if (!found) throw reviewError('complaint_unknown');
  return found;
}

async function file(
  tx: Transaction,
  cases: ReviewCases,
  said: Pick<Complaint, 'kind' | 'text' | 'aboutType' | 'aboutId' | 'appealOf'>,
  decidedBy?: string,
): Promise<FiledComplaint> {
  const { organisationId } = tx.context.actor;
  const now = await tx.now();
  const made: Complaint = {
    ...said,
    id: newId(),
    organisationId,
    state: complaintLifecycle.initial,
    outcome: null,
    answer: null,
    filedAt: now,
    closedAt: null,
    version: 1,
  };
  await insertComplaint(tx, made);
  await writeComplaintHistory(tx, made, 'file', null, now);
  const { caseId, dueAt: due } = await cases.open(tx, {
    kind: made.kind,
    subjectType,
    subjectId: made.id,
    applicantOrganisationId: organisationId,
    excluded: decidedBy ? [{ personId: decidedBy, reason: 'decided the case that is appealed against' }] : [],
  });
  announce(tx, made, 'file', 'filed');
  return { complaintId: made.id, caseId, dueAt: due.toISOString() };
}

async function move(
  tx: Transaction,
  before: Complaint,
  state: ComplaintState,
  action: string,
  now: Date,
): Promise<void> {
  const after = { ...before, state, version: before.version + 1 };
  await updateComplaint(tx, after);
  await writeComplaintHistory(tx, after, action, before.state, now);
  announce(tx, after, action, state);
}

async function close(tx: Transaction, before: Complaint, ended: Complaint, action: string, now: Date): Promise<void> {
  const after = { ...ended, closedAt: now, version: before.version + 1 };
  await updateComplaint(tx, after);
  await writeComplaintHistory(tx, after, action, before.state, now);
  announce(tx, after, action, after.state);
}

function announce(tx: Transaction, complaint: Complaint, action: string, event: string): void {
  const { id, kind, organisationId, aboutType, aboutId, appealOf, outcome, version } = complaint;
  tx.emit({
    name: `complaint.${event}`,
    subjectType,
    subjectId: id,
    version,
    audience: [organisationId],
    payload: { kind, aboutType, aboutId, appealOf, outcome },
  });
  tx.audit({ action: `complaint.${action}`, subjectType, subjectId: id, data: { kind, appealOf, outcome } });
}
