// size: proposal, decision and appeal share their rules.
import { Injectable } from '@nestjs/common';
import { type MoneyJson, moneyToJson } from '#kernel';
import { Ledger, organisationAccount, schemeAccount } from '#ledger';
import { notify } from '#notices';
import { type CommandContext, idBytes, type Transaction, UnitOfWork } from '#platform';
import { ReviewCases } from '#review';
import { claimError } from '../domain/claim-errors.js';
import { type ClaimProposal, type GuaranteeClaim } from '../persistence/claim.entities.js';
import type { Guarantee } from '../persistence/entities.js';
import { ApprovalLimits } from './approval-limits.js';
import {
  amountOf,
  assertOther,
  assertPersonActs,
  assertUnconflicted,
  ClaimSteps,
  conflictsWith,
  type LockedClaim,
  subjectsOf,
} from './claim-steps.js';
import { assertCitable, ClaimRules } from './claim-rules.js';
import { claimView, type ClaimView } from './claim-views.js';
import { Guarantees } from './guarantees.js';
import { tellOfDenial } from './review-claim.js';

export interface ClaimProposalInput {
  readonly decision: ClaimProposal;
  /** What is not paid, for an approval in part. */
  readonly reduction?: MoneyJson | undefined;
  /** Clauses by id; needed for a reduction and a denial. */
  readonly clauses: readonly string[];
  readonly reason: string;
}

const noProposal = {
  proposal: null,
  proposalMinor: null,
  proposalClauses: null,
  proposalReason: null,
  proposedBy: null,
} as const;

const decidable = ['notified', 'in_review', 'appeal'];

/** A first person of the guarantor prepares the decision on a claim, with the clauses that it rests on. */
@Injectable()
export class ProposeClaimDecision {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly rules: ClaimRules,
    private readonly cases: ReviewCases,
  ) {}

  async execute(context: CommandContext, claimId: string, input: ClaimProposalInput): Promise<ClaimView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, claimId, input));
  }

  async within(tx: Transaction, claimId: string, input: ClaimProposalInput): Promise<ClaimView> {
    const { actor } = tx.context;
    const { claim, guarantee } = await this.steps.lock(tx, claimId, actor);
    assertPersonActs(actor);
    await assertUnconflicted(tx, claim);
    assertNotDecider(claim, actor.id);
    await this.cases.assertReviewer(tx, claim.reviewCaseId as string);
    const { amount, computed, clauses } = await this.rules.amountOf(tx, claim, guarantee);
    const minor = proposedAmount(input, amount.totalMinor, claim.currency);
    if (input.decision !== 'approve' || input.clauses.length > 0) assertCitable(input.clauses, clauses);
    if (input.decision !== 'deny') {
      const missing = await missingDocuments(tx, claim.id, clauses.terms.documents);
      if (missing.length > 0)
        throw claimError('claim_documents_missing', { data: { missing, clause: clauses.terms.documentsClause } });
    }
    // A claim that is decided was taken up, also when its reviewer goes straight to the proposal.
    const taken = claim.state === 'notified' ? await this.steps.move(tx, claim, 'take_up', 'guarantor', '') : claim;
    if (!decidable.includes(taken.state))
      throw claimError('claim_decision_not_prepared', { data: { state: taken.state } });
    const after = await this.steps.change(tx, taken, 'propose', input.reason, {
      proposal: input.decision,
      proposalMinor: minor,
      proposalClauses: [...input.clauses],
      proposalReason: input.reason,
      proposedBy: actor.id,
      computed,
      computedMinor: amount.totalMinor,
    });
    notify(tx, {
      organisationId: actor.organisationId,
      roles: ['checker'],
      template: 'approval_waits',
      parameters: { what: claim.number },
      link: `/guarantor/claims/${claim.id}`,
    });
    return claimView(after);
  }
}

function proposedAmount({ decision, reduction }: ClaimProposalInput, worth: bigint, currency: string): bigint {
  if (decision === 'deny') return 0n;
  if (worth === 0n) throw claimError('claim_worth_nothing');
  if (decision === 'approve') return worth;
  const less = reduction ? amountOf(reduction, currency, '/reduction') : 0n;
  if (less <= 0n || less >= worth)
    throw claimError('claim_reduction_invalid', {
      fields: [{ pointer: '/reduction', rule: 'within', message: 'must be above zero and below the computed amount' }],
      data: { computed: moneyToJson({ minor: worth, currency }) },
    });
  return worth - less;
}

async function missingDocuments(tx: Transaction, claimId: string, needed: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ kind: string }>('SELECT DISTINCT kind FROM claim_document WHERE claim_id = ?', [
    idBytes(claimId),
  ]);
  const held = new Set(rows.map(({ kind }) => kind));
  return needed.filter((kind) => !held.has(kind));
}

/** On appeal, those who decided before have no part. */
function assertNotDecider({ earlierDeciders }: GuaranteeClaim, personId: string): void {
  if (earlierDeciders.includes(personId)) throw claimError('claim_decision_by_others');
}

/**
 * A second person within their limit takes the prepared decision, or sends it back. An approval books the claim as payable; a denial puts
 * the guarantee in force again.
 */
@Injectable()
export class DecideClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly guarantees: Guarantees,
    private readonly rules: ClaimRules,
    private readonly limits: ApprovalLimits,
    private readonly cases: ReviewCases,
    private readonly ledger: Ledger,
  ) {}

  async execute(context: CommandContext, claimId: string, agree: boolean, reason: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, claimId, agree, reason));
  }

  async within(tx: Transaction, claimId: string, agree: boolean, reason: string): Promise<ClaimView> {
    const { actor } = tx.context;
    const locked = await this.steps.lock(tx, claimId, actor);
    const { claim, guarantee } = locked;
    assertPersonActs(actor);
    assertOther(claim.proposedBy, actor);
    await assertUnconflicted(tx, claim);
    assertNotDecider(claim, actor.id);
    if (!agree) return claimView(await this.steps.change(tx, claim, 'send_back', reason, noProposal));
    return claimView(
      claim.proposal === 'deny'
        ? await this.deny(tx, claim, guarantee)
        : await this.approve(tx, locked, claim.proposal === 'approve' ? 'approve' : 'approve_in_part'),
    );
  }

  private async deny(tx: Transaction, claim: GuaranteeClaim, guarantee: Guarantee): Promise<GuaranteeClaim> {
    const after = await this.steps.move(tx, claim, 'deny', 'guarantor', claim.proposalReason ?? '', {
      ...this.decision(tx, claim),
      decidedAt: await tx.now(),
    });
    await this.guarantees.move(tx, guarantee, 'cure', 'guarantor', 'The claim was denied.');
    await this.closeCase(tx, after, 'denied');
    tellOfDenial(tx, after);
    return after;
  }

  private async approve(
    tx: Transaction,
    { claim, guarantee }: LockedClaim,
    action: 'approve' | 'approve_in_part',
  ): Promise<GuaranteeClaim> {
    const approvedMinor = claim.proposalMinor as bigint;
    await this.limits.assertMayBind(tx, {
      schemeId: claim.schemeId,
      kind: 'claim',
      subjectId: claim.id,
      currency: claim.currency,
      amountMinor: approvedMinor,
      action: 'approve_claim',
    });
    const { amount } = await this.rules.amountOf(tx, claim, guarantee);
    if (amount.totalMinor !== claim.computedMinor)
      throw claimError('claim_facts_changed', {
        data: { computed: moneyToJson({ minor: amount.totalMinor, currency: claim.currency }) },
      });
    const after = await this.steps.move(tx, claim, action, 'guarantor', claim.proposalReason ?? '', {
      ...this.decision(tx, claim),
      approvedMinor,
      decidedAt: await tx.now(),
    });
    if (guarantee.agreementId !== null)
      await tx.execute('UPDATE portfolio_agreement SET losses_minor = losses_minor + ? WHERE id = ?', [
        approvedMinor.toString(),
        idBytes(guarantee.agreementId),
      ]);
    await this.closeCase(tx, after, after.state);
    notify(tx, {
      organisationId: claim.lenderId,
      roles: ['maker', 'checker'],
      template: action === 'approve' ? 'claim_approved' : 'claim_approved_in_part',
      parameters: { number: claim.number, clauses: (after.citedClauses ?? []).join(', ') },
      link: `/institution/claims/${claim.id}`,
    });
    await this.ledger.post(tx, {
      reference: `guarantee.claim:${claim.id}`,
      description: `Claim ${claim.number} approved`,
      subject: { type: 'guarantee_claim', id: claim.id },
      postings: [
        {
          debit: schemeAccount(claim.schemeId, 'claim_expense'),
          credit: organisationAccount(claim.lenderId, 'claim_payable'),
          amount: approvedMinor,
          currency: claim.currency,
        },
      ],
    });
    return after;
  }

  private decision(tx: Transaction, claim: GuaranteeClaim) {
    return {
      decidedBy: tx.context.actor.id,
      citedClauses: claim.proposalClauses,
      earlierDeciders: [...claim.earlierDeciders, claim.proposedBy as string, tx.context.actor.id],
    };
  }

  private async closeCase(tx: Transaction, claim: GuaranteeClaim, outcome: string): Promise<void> {
    const message = claim.proposalReason?.trim() || outcome;
    const reasons = (claim.citedClauses ?? []).map((code) => ({ code, message }));
    await this.cases.decide(tx, claim.reviewCaseId as string, { outcome, reasons });
  }
}

/** The lender appeals against a denial: others than before decide, under a clock of its own. */
@Injectable()
export class AppealClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly guarantees: Guarantees,
    private readonly cases: ReviewCases,
  ) {}

  async execute(context: CommandContext, claimId: string, reason: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim, guarantee, scheme } = await this.steps.lock(tx, claimId, context.actor);
      const conflicts = await conflictsWith(tx, scheme.id, subjectsOf(claim));
      const deciders = claim.earlierDeciders.map((personId) => ({ personId, reason: 'decided the claim before' }));
      const after = await this.steps.move(tx, claim, 'appeal', 'lender', reason, { ...noProposal, decidedBy: null });
      await this.guarantees.move(tx, guarantee, 'claim', 'lender', reason, {
        defaultedOn: guarantee.defaultedOn ?? claim.defaultedOn,
      });
      const { caseId } = await this.cases.open(tx, {
        kind: 'appeal',
        subjectType: 'guarantee_claim',
        subjectId: claim.id,
        applicantOrganisationId: claim.lenderId,
        handler: { organisationId: scheme.guarantorId, roles: ['maker'] },
        excluded: [...conflicts, ...deciders],
      });
      const final = await this.steps.change(tx, after, 'open_appeal', reason, { reviewCaseId: caseId });
      notify(tx, {
        organisationId: scheme.guarantorId,
        roles: ['maker', 'checker'],
        template: 'claim_appealed',
        parameters: { number: claim.number },
        link: `/guarantor/claims/${claim.id}`,
      });
      return claimView(final);
    });
  }
}
