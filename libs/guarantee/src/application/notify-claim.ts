import { Injectable } from '@nestjs/common';
import type { FieldError, MoneyJson } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, isDuplicateKey, newId, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { ReviewCases } from '#review';
import { claimError } from '../domain/claim-errors.js';
import { claimLifecycle } from '../domain/claim.lifecycle.js';
import { ppmOfPercent } from '../domain/share.js';
import { GuaranteeClaim } from '../persistence/claim.entities.js';
import { type Guarantee, GuaranteeScheme } from '../persistence/entities.js';
import { amountOf, assertNotFuture, conflictsWith, recordClaimStep, subjectsOf } from './claim-steps.js';
import { ClaimRules } from './claim-rules.js';
import { claimView, type ClaimView } from './claim-views.js';
import { Guarantees } from './guarantees.js';

export interface ClaimInput {
  readonly defaultedOn: string;
  readonly principalAtDefault: MoneyJson;
  readonly principalAtClaim: MoneyJson;
  /** Accrued and unpaid; paid only where a clause grants it. */
  readonly interest: MoneyJson;
  /** Percent a year of the contract. */
  readonly interestRate: string;
  readonly costs: MoneyJson;
  readonly note: string;
}

/** A lender tells of a default and asks for payment: the guarantee is claimed and the review clock runs. */
@Injectable()
export class NotifyClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly guarantees: Guarantees,
    private readonly rules: ClaimRules,
    private readonly cases: ReviewCases,
  ) {}

  async execute(context: CommandContext, guaranteeId: string, input: ClaimInput): Promise<ClaimView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, guaranteeId, input));
  }

  async within(tx: Transaction, guaranteeId: string, input: ClaimInput): Promise<ClaimView> {
    const { actor } = tx.context;
    const guarantee = await this.guarantees.lock(tx, guaranteeId, actor);
    const now = await tx.now();
    const figures = this.figures(input, guarantee, now);
    const { amount, computed, clauses } = await this.rules.amountOf(tx, figures, guarantee);
    const { triggerDays, triggerClause, serviceDays } = clauses.terms;
    if (guarantee.reportedMonth === null || guarantee.daysPastDue < triggerDays)
      throw claimError('claim_too_early', {
        detail: `${guarantee.daysPastDue} days past due are reported; clause ${triggerClause} asks for ${triggerDays}.`,
        data: { daysPastDue: guarantee.daysPastDue, needed: triggerDays, clause: triggerClause },
      });
    const id = newId();
    const claim: GuaranteeClaim = {
      id,
      number: `${guarantee.number}-C${id.slice(-6)}`.toUpperCase(),
      guaranteeId,
      schemeId: guarantee.schemeId,
      lenderId: guarantee.lenderId,
      enterpriseId: guarantee.enterpriseId,
      currency: guarantee.currency,
      state: claimLifecycle.initial,
      defaultedOn: input.defaultedOn,
      daysPastDue: guarantee.daysPastDue,
      ...figures,
      note: input.note,
      computed,
      computedMinor: amount.totalMinor,
      reviewCaseId: null,
      ...nothingDecided,
      version: 1,
      createdBy: actor.id,
      createdAt: now,
      updatedAt: now,
    };
    const scheme = await tx.manager.findOneByOrFail(GuaranteeScheme, { id: guarantee.schemeId });
    const excluded = await conflictsWith(tx, scheme.id, subjectsOf(claim));
    // The claim's row first: a second claim at the same time is told so, not that the guarantee is in another state.
    await tx.manager.insert(GuaranteeClaim, claim).catch((error: unknown) => {
      throw isDuplicateKey(error) ? claimError('claim_live') : error;
    });
    await this.guarantees.move(tx, guarantee, 'claim', 'lender', input.note, {
      defaultedOn: guarantee.defaultedOn ?? input.defaultedOn,
    });
    const { caseId } = await this.cases.open(tx, {
      kind: 'claim',
      subjectType: 'guarantee_claim',
      subjectId: id,
      applicantOrganisationId: claim.lenderId,
      handler: { organisationId: scheme.guarantorId, roles: ['maker'] },
      serviceDays: serviceDays ?? undefined,
      excluded,
    });
    await tx.manager.update(GuaranteeClaim, { id }, { reviewCaseId: caseId });
    await recordClaimStep(tx, claim, 'notify', null, input.note, now);
    notify(tx, {
      organisationId: scheme.guarantorId,
      roles: ['maker', 'checker'],
      template: 'claim_notified',
      parameters: { number: claim.number },
      link: `/guarantor/claims/${id}`,
    });
    notify(tx, {
      organisationId: claim.enterpriseId,
      template: 'claim_on_your_guarantee',
      parameters: { number: guarantee.number },
    });
    return claimView({ ...claim, reviewCaseId: caseId });
  }

  private figures(input: ClaimInput, guarantee: Guarantee, now: Date) {
    const { currency } = guarantee;
    assertNotFuture(input.defaultedOn, countryDate(this.rules.country, now), '/defaultedOn');
    const figures = {
      coverPercent: guarantee.coverPercent,
      principalDefaultMinor: amountOf(input.principalAtDefault, currency, '/principalAtDefault'),
      principalClaimMinor: amountOf(input.principalAtClaim, currency, '/principalAtClaim'),
      interestMinor: amountOf(input.interest, currency, '/interest'),
      interestRatePpm: Number(ppmOfPercent(input.interestRate)),
      costsMinor: amountOf(input.costs, currency, '/costs'),
    };
    const { principalDefaultMinor, principalClaimMinor } = figures;
    const fields: FieldError[] = [];
    if (principalDefaultMinor <= 0n || principalDefaultMinor > guarantee.loanMinor)
      fields.push({ pointer: '/principalAtDefault', rule: 'loan', message: 'must be above zero and within the loan' });
    if (principalClaimMinor <= 0n || principalClaimMinor > guarantee.outstandingMinor)
      fields.push({
        pointer: '/principalAtClaim',
        rule: 'reported',
        message: 'must be above zero and at most the outstanding amount that was reported',
      });
    if (guarantee.disbursedOn !== null && input.defaultedOn < guarantee.disbursedOn)
      fields.push({ pointer: '/defaultedOn', rule: 'after', message: 'must not be before the disbursement' });
    if (fields.length > 0) throw claimError('claim_figures_incoherent', { fields });
    return figures;
  }
}

/** What a claim holds before anybody decided. */
const nothingDecided = {
  proposal: null,
  proposalMinor: null,
  proposalClauses: null,
  proposalReason: null,
  proposedBy: null,
  decidedBy: null,
  decidedAt: null,
  citedClauses: null,
  earlierDeciders: [],
  approvedMinor: 0n,
  lossMinor: 0n,
  payeeAccountId: null,
  paymentPreparedBy: null,
  paymentPreparedAt: null,
  paidMinor: 0n,
  paidBy: null,
  paidAt: null,
  bankReference: null,
  evidenceDocumentId: null,
  recoveredMinor: 0n,
  writtenOffMinor: 0n,
  closingPreparedBy: null,
  closingReason: null,
  closedAt: null,
};
