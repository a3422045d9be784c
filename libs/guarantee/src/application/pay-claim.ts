import { Injectable } from '@nestjs/common';
import { Ledger, organisationAccount, type Posting, schemeAccount } from '#ledger';
import { notify } from '#notices';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { claimError } from '../domain/claim-errors.js';
import { type Layer, shareLoss } from '../domain/loss-layers.calculation.js';
import { whole } from '../domain/share.js';
import { ClaimDocument, type GuaranteeClaim, PayeeAccount } from '../persistence/claim.entities.js';
import { insertLossShares, layersOn } from '../persistence/loss-share.store.js';
import { ApprovalLimits } from './approval-limits.js';
import { Capacity } from './capacity.js';
import { assertOther, assertPersonActs, assertUnconflicted, ClaimSteps, type LockedClaim } from './claim-steps.js';
import { ClaimRules } from './claim-rules.js';
import { claimView, type ClaimView } from './claim-views.js';
import { Guarantees } from './guarantees.js';

export interface ClaimPaymentInput {
  readonly bankReference: string;
  /** A document of this claim: the bank's advice. */
  readonly evidenceDocumentId: string;
}

/** A first person writes the instruction: how much to which checked account. */
@Injectable()
export class PrepareClaimPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
  ) {}

  async execute(context: CommandContext, claimId: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim } = await this.steps.lock(tx, claimId, context.actor);
      assertPersonActs(context.actor);
      await assertUnconflicted(tx, claim);
      if (claim.state !== 'approved' && claim.state !== 'partial')
        throw claimError('claim_decision_not_prepared', { data: { state: claim.state } });
      const account = await usableAccount(tx, claim);
      const after = await this.steps.change(tx, claim, 'prepare_payment', `to ${account.accountNumber}`, {
        payeeAccountId: account.id,
        paymentPreparedBy: context.actor.id,
        paymentPreparedAt: await tx.now(),
      });
      notify(tx, {
        organisationId: context.actor.organisationId,
        roles: ['checker'],
        template: 'approval_waits',
        parameters: { what: claim.number },
        link: `/guarantor/claims/${claim.id}`,
      });
      return claimView(after);
    });
  }
}

async function usableAccount(tx: Transaction, { schemeId, lenderId }: GuaranteeClaim): Promise<PayeeAccount> {
  const account = await tx.manager.findOneBy(PayeeAccount, { schemeId, lenderId, status: 'checked' });
  const now = await tx.now();
  if (!account || account.usableFrom === null || account.usableFrom > now)
    throw claimError('payee_account_missing', { data: { usableFrom: account?.usableFrom?.toISOString() ?? null } });
  return account;
}

/**
 * A second person confirms with the bank's reference and its advice that the claim was paid. In the same transaction the loss is shared to
 * the cent, the re-guarantors are billed, and the guarantee takes no more headroom.
 */
@Injectable()
export class ConfirmClaimPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly guarantees: Guarantees,
    private readonly capacity: Capacity,
    private readonly rules: ClaimRules,
    private readonly limits: ApprovalLimits,
    private readonly ledger: Ledger,
  ) {}

  async execute(context: CommandContext, claimId: string, input: ClaimPaymentInput): Promise<ClaimView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, claimId, input));
  }

  async within(tx: Transaction, claimId: string, input: ClaimPaymentInput): Promise<ClaimView> {
    const { actor } = tx.context;
    const locked = await this.steps.lock(tx, claimId, actor);
    const { claim, guarantee } = locked;
    assertPersonActs(actor);
    assertOther(claim.paymentPreparedBy, actor);
    await assertUnconflicted(tx, claim);
    await this.limits.assertMayBind(tx, {
      schemeId: claim.schemeId,
      kind: 'claim',
      subjectId: claim.id,
      currency: claim.currency,
      amountMinor: claim.approvedMinor,
      action: 'pay_claim',
      carriesOut: 'approve_claim',
    });
    const account = await usableAccount(tx, claim);
    // The account may have changed since the instruction was written: then it is written anew.
    if (account.id !== claim.payeeAccountId) throw claimError('claim_decision_not_prepared');
    const evidence = await tx.manager.findOneBy(ClaimDocument, { id: input.evidenceDocumentId, claimId });
    if (evidence?.kind !== 'payment_evidence') throw claimError('claim_evidence_missing');
    const { shares, lossMinor } = await this.split(tx, locked);
    const paidMinor = claim.approvedMinor;
    const after = await this.steps.move(tx, claim, 'pay', 'guarantor', input.bankReference, {
      paidMinor,
      lossMinor,
      paidBy: actor.id,
      paidAt: await tx.now(),
      bankReference: input.bankReference,
      evidenceDocumentId: input.evidenceDocumentId,
    });
    await insertLossShares(tx, claimId, shares);
    await this.guarantees.change(tx, guarantee, 'claim_paid', claim.number, { balanceMinor: 0n });
    await this.capacity.giveBack(tx, guarantee, guarantee.balanceMinor);
    await this.capacity.lowerBase(tx, claim.schemeId, paidMinor);
    notify(tx, {
      organisationId: claim.lenderId,
      roles: ['maker', 'checker'],
      template: 'claim_paid',
      parameters: { number: claim.number },
      link: `/institution/claims/${claim.id}`,
    });
    await this.ledger.post(tx, {
      reference: `guarantee.claim_payment:${claim.id}`,
      description: `Claim ${claim.number} paid`,
      subject: { type: 'guarantee_claim', id: claim.id },
      postings: [
        {
          debit: organisationAccount(claim.lenderId, 'claim_payable'),
          credit: schemeAccount(claim.schemeId, 'scheme_bank'),
          amount: paidMinor,
          currency: claim.currency,
        },
        ...shares
          .filter(({ billedMinor }) => billedMinor > 0n)
          .map(({ organisationId, billedMinor }): Posting => ({
            debit: organisationAccount(organisationId, 'reguarantee_receivable'),
            credit: schemeAccount(claim.schemeId, 'reguarantee_income'),
            amount: billedMinor,
            currency: claim.currency,
          })),
      ],
    });
    return claimView(after);
  }

  /** The loss by the layers that were agreed when the guarantee was issued. The lender bears what the claim does not pay. */
  private async split(tx: Transaction, { claim, guarantee, scheme }: LockedClaim) {
    const { interestPaid, costsPaid } = claim.computed;
    const interest = interestPaid === '0' ? 0n : claim.interestMinor;
    const costs = costsPaid === '0' ? 0n : claim.costsMinor;
    const lossMinor = claim.principalClaimMinor + interest + costs;
    const day = countryDate(this.rules.country, guarantee.issuedAt ?? guarantee.createdAt);
    const agreed = await layersOn(tx, claim.schemeId, day);
    const alone: Layer[] = [{ kind: 'scheme', organisationId: scheme.guarantorId, share: whole }];
    const parts = shareLoss(lossMinor, claim.approvedMinor, claim.lenderId, agreed.length > 0 ? agreed : alone);
    const shares = parts.map((part) => ({
      ...part,
      billedMinor: part.kind === 'scheme' || part.kind === 'lender' ? 0n : part.borneMinor,
    }));
    return { shares, lossMinor };
  }
}
