import type { Persistence } from '#platform';
import { claimEntities } from './persistence/claim.entities.js';
import { guaranteeEntities } from './persistence/entities.js';
import { Guarantee1790000006800 } from './persistence/migrations/1790000006800-guarantee.js';
import { GuaranteeClaims1790000006850 } from './persistence/migrations/1790000006850-guarantee-claims.js';
import { FeesEarnedByMonth1790000006870 } from './persistence/migrations/1790000006870-fees-earned-by-month.js';
import { MotionsServeOnce1790000006860 } from './persistence/migrations/1790000006860-motions-serve-once.js';

export * from './application/accreditations.js';
export * from './application/amend-guarantee.js';
export * from './application/apply-for-guarantee.js';
export { ApprovalLimits } from './application/approval-limits.js';
export * from './application/board.js';
export * from './application/capacity.js';
export * from './application/check-guarantees.js';
export { guaranteeSummary } from './application/guarantee-summary.js';
export * from './application/consents.js';
export * from './application/contributions.js';
export * from './application/draw-letters.js';
export { EarnFees } from './application/earn-fees.js';
export * from './application/end-guarantee.js';
export * from './application/fees.js';
export * from './application/fee-forecast.js';
export * from './application/fold-capacity.js';
export { guaranteeEvents } from './application/guarantee-events.js';
export * from './application/guarantee-market.js';
export * from './application/guarantee.reader.js';
export * from './application/guarantee-view.js';
export * from './application/guarantees.js';
export * from './application/offer-guarantee.reader.js';
export * from './application/portfolio-agreements.js';
export * from './application/report-outstanding.js';
export * from './application/review-application.js';
export * from './application/run-annual-fees.js';
export * from './application/scheme-book.js';
export * from './application/scheme-templates.js';
export * from './application/schemes.js';
export { AppealClaim, DecideClaim, ProposeClaimDecision } from './application/decide-claim.js';
export { ClaimDocuments } from './application/claim-documents.js';
export { ConfirmClaimPayment, PrepareClaimPayment } from './application/pay-claim.js';
export { DecideRecovery, EnterRecovery } from './application/recover-claim.js';
export { NotifyClaim } from './application/notify-claim.js';
export { PayeeAccounts } from './application/payee-accounts.js';
export { Reguarantees } from './application/reguarantees.js';
export * from './domain/errors.js';
export * from './guarantee.module.js';

export const guaranteePersistence: Persistence = {
  entities: [...guaranteeEntities, ...claimEntities],
  migrations: [
    Guarantee1790000006800,
    GuaranteeClaims1790000006850,
    MotionsServeOnce1790000006860,
    FeesEarnedByMonth1790000006870,
  ],
};
