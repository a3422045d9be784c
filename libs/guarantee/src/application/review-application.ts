import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import { type CommandContext, httpError, type Transaction, UnitOfWork } from '#platform';
import { type Reason, ReviewCases } from '#review';
import { applicationLifecycle } from '../domain/application.lifecycle.js';
import { brokenClauses } from '../domain/clauses.policy.js';
import { guaranteeError } from '../domain/errors.js';
import { GuaranteeApplication } from '../persistence/entities.js';
import { applicationView, caseOf, loanOf, lockApplication, move, returnOnSilence } from './apply-for-guarantee.js';
import { ApprovalLimits } from './approval-limits.js';
import { Board } from './board.js';
import { SchemeBook } from './scheme-book.js';

export interface ProposalInput {
  readonly outcome: 'approve' | 'decline';
  /** Clauses by their ids; a refusal cites at least one. */
  readonly clauses: readonly string[];
  readonly reason: string;
}

const dayMs = 86_400_000;

/** The guarantor's side of an application: one person proposes, another approves within the limit. Review keeps the clock. */
@Injectable()
export class ReviewApplication {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly board: Board,
    private readonly limits: ApprovalLimits,
    private readonly cases: ReviewCases,
  ) {}

  /** One bundled request for information; the clock stands still. */
  async requestInformation(context: CommandContext, id: string, reasons: readonly Reason[]) {
    return this.unitOfWork.run(context, async (tx) => {
      const row = await this.lock(tx, id);
      const said = reasons.map(({ message }) => message).join(' ');
      const after = await move(tx, row, 'request_information', 'guarantor', said);
      const { returnAt } = await this.cases.requestInformation(tx, caseOf(row), { reasons });
      return { ...applicationView(after, []), returnAt: returnAt.toISOString() };
    });
  }

  /** A reviewer prepares the decision; it binds nobody before the approval. */
  async propose(context: CommandContext, id: string, input: ProposalInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const row = await this.lock(tx, id);
      applicationLifecycle.after(row.status, input.outcome, 'guarantor');
      await this.cases.assertReviewer(tx, caseOf(row));
      await this.assertClauses(tx, row, input);
      const taken = row.status === 'submitted' ? await move(tx, row, 'take_up', 'guarantor', '') : row;
      const changes = {
        proposal: input.outcome,
        proposedBy: context.actor.id,
        proposalClauses: [...input.clauses],
        proposalReason: input.reason,
        version: taken.version + 1,
      };
      await tx.manager.update(GuaranteeApplication, { id }, changes);
      tx.audit({
        action: 'guarantee_application.propose',
        subjectType: 'guarantee_application',
        subjectId: id,
        data: { outcome: input.outcome, clauses: input.clauses, reason: input.reason },
      });
      const scheme = await this.book.scheme(tx, row.schemeId);
      notify(tx, {
        organisationId: scheme.guarantorId,
        roles: ['checker'],
        template: 'approval_waits',
        parameters: { what: scheme.names.en },
        link: `/guarantee-applications/${id}`,
      });
      return applicationView({ ...taken, ...changes }, []);
    });
  }

  /**
   * The second person makes the proposal the decision, or overrules it with a refusal of its own. An approval above the
   * person's limit needs a carried motion; a declared conflict excludes.
   */
  async decide(context: CommandContext, id: string, input: ProposalInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const row = await this.lock(tx, id);
      if (context.actor.kind !== 'person') throw guaranteeError('scheme_person_required');
      if (row.proposal === null) throw guaranteeError('decision_not_prepared');
      if (row.proposedBy === context.actor.id) throw guaranteeError('scheme_two_people');
      await this.board.assertNoConflict(tx, row.schemeId, [row.id, row.lenderId, row.enterpriseId]);
      await this.assertClauses(tx, row, input);
      if (input.outcome === 'approve') {
        if (row.proposal !== 'approve') throw guaranteeError('decision_not_prepared');
        await this.limits.assertMayBind(tx, {
          schemeId: row.schemeId,
          kind: 'application',
          subjectId: row.id,
          currency: row.currency,
          amountMinor: row.guaranteedMinor,
          action: 'approve_application',
        });
      }
      const { approvalDays } = await this.book.terms(tx, row.schemeId, row.schemeVersion);
      const now = await tx.now();
      const after = await move(tx, row, input.outcome, 'guarantor', input.reason, {
        decidedBy: context.actor.id,
        decidedAt: now,
        citedClauses: [...input.clauses],
        letterUntil: input.outcome === 'approve' ? new Date(now.getTime() + approvalDays * dayMs) : null,
      });
      await this.cases.decide(tx, caseOf(row), {
        outcome: after.status,
        reasons:
          input.clauses.length > 0
            ? input.clauses.map((code) => ({ code, message: input.reason }))
            : [{ code: after.status, message: input.reason || after.status }],
      });
      await this.tell(tx, after, input);
      return applicationView(after, []);
    });
  }

  /** A reviewer has the case, or silence returned it; a step that came too late changes nothing. */
  async followCase(tx: Transaction, id: string, event: 'assigned' | 'returned'): Promise<void> {
    if (event === 'returned') return returnOnSilence(tx, id);
    const row = await lockApplication(tx, id);
    if (row?.status === 'submitted') await move(tx, row, 'take_up', 'guarantor', '');
  }

  private async lock(tx: Transaction, id: string): Promise<GuaranteeApplication> {
    const row = await lockApplication(tx, id);
    const scheme = row && (await this.book.scheme(tx, row.schemeId));
    if (!row || row.status === 'draft' || scheme?.guarantorId !== tx.context.actor.organisationId)
      throw httpError('record_unknown');
    return row;
  }

  private async assertClauses(tx: Transaction, row: GuaranteeApplication, input: ProposalInput): Promise<void> {
    const { clauses } = await this.book.terms(tx, row.schemeId, row.schemeVersion);
    const unknown = input.clauses.filter((id) => !clauses.some((clause) => clause.id === id));
    if (unknown.length > 0) throw guaranteeError('clause_unknown', { data: { unknown } });
    if (input.outcome === 'decline' && input.clauses.length === 0) throw guaranteeError('refusal_without_clause');
    if (input.outcome === 'decline') return;
    const broken = brokenClauses(clauses, loanOf(row), row.facts);
    if (broken.length > 0) throw guaranteeError('clauses_broken', { data: { clauses: broken } });
  }

  private async tell(tx: Transaction, row: GuaranteeApplication, { reason, clauses }: ProposalInput): Promise<void> {
    const scheme = await this.book.scheme(tx, row.schemeId);
    const parameters = { scheme: scheme.names.en, reason, clauses: clauses.join(', ') };
    const template = row.status === 'approved' ? 'guarantee_approved' : 'guarantee_declined';
    for (const organisationId of [row.lenderId, row.enterpriseId])
      notify(tx, { organisationId, template, parameters, link: '/guarantees' });
  }
}
