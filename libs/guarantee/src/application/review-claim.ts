import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import { type CommandContext, type DeliveredEvent, type Transaction, UnitOfWork } from '#platform';
import { type Reason, ReviewCases } from '#review';
import type { GuaranteeClaim } from '../persistence/claim.entities.js';
import { assertPersonActs, assertUnconflicted, ClaimSteps } from './claim-steps.js';
import { ClaimRules } from './claim-rules.js';
import { claimView, type ClaimView } from './claim-views.js';
import { Guarantees } from './guarantees.js';

/** The steps of a claim's review that decide nothing: taking it up, asking, answering, taking it back. */
@Injectable()
export class ReviewClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly guarantees: Guarantees,
    private readonly cases: ReviewCases,
    private readonly rules: ClaimRules,
  ) {}

  async takeUp(context: CommandContext, claimId: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim } = await this.steps.lock(tx, claimId, context.actor);
      assertPersonActs(context.actor);
      await assertUnconflicted(tx, claim);
      await this.cases.assertReviewer(tx, claim.reviewCaseId as string);
      return claimView(await this.steps.move(tx, claim, 'take_up', 'guarantor', ''));
    });
  }

  /** One bundled request; the clock stands still until the lender answers. */
  async requestInformation(context: CommandContext, claimId: string, reasons: readonly Reason[]): Promise<ClaimView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim } = await this.steps.lock(tx, claimId, context.actor);
      assertPersonActs(context.actor);
      await assertUnconflicted(tx, claim);
      const after = await this.steps.move(
        tx,
        claim,
        'request_information',
        'guarantor',
        reasons.map(({ message }) => message).join(' '),
        { proposal: null, proposedBy: null, proposalMinor: null, proposalClauses: null, proposalReason: null },
      );
      await this.cases.requestInformation(tx, claim.reviewCaseId as string, { reasons });
      return claimView(after);
    });
  }

  /** What was asked for is handed in: the clock goes on. */
  async answer(context: CommandContext, claimId: string, note: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim } = await this.steps.lock(tx, claimId, context.actor);
      const after = await this.steps.move(tx, claim, 'answer', 'lender', note);
      await this.cases.resume(tx, claim.reviewCaseId as string);
      return claimView(after);
    });
  }

  /** The arrears were paid: the claim ends and the guarantee is in force again. */
  async withdraw(context: CommandContext, claimId: string, reason: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim, guarantee } = await this.steps.lock(tx, claimId, context.actor);
      const after = await this.steps.move(tx, claim, 'withdraw', 'lender', reason, { closedAt: await tx.now() });
      await this.guarantees.move(tx, guarantee, 'cure', 'lender', reason, { defaultedOn: null, daysPastDue: 0 });
      await this.cases.withdraw(tx, claim.reviewCaseId as string);
      notify(tx, {
        organisationId: claim.enterpriseId,
        template: 'claim_cured',
        parameters: { number: guarantee.number },
      });
      return claimView(after);
    });
  }

  /** Review returned the case because the lender stayed silent: the claim is denied by the clause about documents. */
  async silence(tx: Transaction, event: DeliveredEvent): Promise<void> {
    if (event.payload['subjectType'] !== 'guarantee_claim') return;
    const { claim, guarantee } = await this.steps.lock(tx, String(event.payload['subjectId']));
    if (claim.state !== 'information_requested') return;
    const { terms } = await this.rules.clausesOf(tx, guarantee);
    const after = await this.steps.move(tx, claim, 'return', 'clock', 'The lender stayed silent.', {
      citedClauses: [terms.documentsClause ?? terms.triggerClause],
      decidedAt: await tx.now(),
    });
    await this.guarantees.move(tx, guarantee, 'cure', 'guarantor', 'The claim was denied.');
    tellOfDenial(tx, after);
  }
}

/** Tells the lender which clauses its claim was denied by. */
export function tellOfDenial(tx: Transaction, { lenderId, number, id, citedClauses }: GuaranteeClaim): void {
  notify(tx, {
    organisationId: lenderId,
    roles: ['maker', 'checker'],
    template: 'claim_denied',
    parameters: { number, clauses: (citedClauses ?? []).join(', ') },
    link: `/institution/claims/${id}`,
  });
}
