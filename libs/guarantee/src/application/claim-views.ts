import { moneyToJson } from '#kernel';
import type { GuaranteeClaim } from '../persistence/claim.entities.js';
import { printedComputation } from './claim-rules.js';

export type ClaimView = ReturnType<typeof claimView>;

/** A claim as its parties see it. */
export function claimView(claim: GuaranteeClaim) {
  const { currency } = claim;
  const money = (minor: bigint) => moneyToJson({ minor, currency });
  return {
    id: claim.id,
    number: claim.number,
    guaranteeId: claim.guaranteeId,
    schemeId: claim.schemeId,
    lenderId: claim.lenderId,
    enterpriseId: claim.enterpriseId,
    state: claim.state,
    defaultedOn: claim.defaultedOn,
    daysPastDue: claim.daysPastDue,
    coverPercent: claim.coverPercent,
    principalAtDefault: money(claim.principalDefaultMinor),
    principalAtClaim: money(claim.principalClaimMinor),
    interest: money(claim.interestMinor),
    costs: money(claim.costsMinor),
    note: claim.note,
    computed: money(claim.computedMinor),
    computation: printedComputation(claim.computed, currency),
    reviewCaseId: claim.reviewCaseId,
    approved: money(claim.approvedMinor),
    citedClauses: claim.citedClauses,
    decidedAt: claim.decidedAt,
    paid: money(claim.paidMinor),
    paidAt: claim.paidAt,
    bankReference: claim.bankReference,
    loss: money(claim.lossMinor),
    recovered: money(claim.recoveredMinor),
    writtenOff: money(claim.writtenOffMinor),
    closedAt: claim.closedAt,
    createdAt: claim.createdAt,
    version: claim.version,
  };
}

/** What the guarantor's people see besides: the prepared steps. */
export function preparedView(claim: GuaranteeClaim) {
  const { currency, proposalMinor } = claim;
  return {
    proposal: claim.proposal,
    proposedAmount: proposalMinor === null ? null : moneyToJson({ minor: proposalMinor, currency }),
    proposedClauses: claim.proposalClauses,
    proposedReason: claim.proposalReason,
    proposedBy: claim.proposedBy,
    paymentPreparedBy: claim.paymentPreparedBy,
    closingPreparedBy: claim.closingPreparedBy,
  };
}
