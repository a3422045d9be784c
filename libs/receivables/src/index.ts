import type { Persistence } from '#platform';
import { certificateEntities } from './persistence/certificate.entities.js';
import { receivableEntities } from './persistence/entities.js';
import { settlementEntities } from './persistence/settlement.entities.js';
import { Receivables1790000006500 } from './persistence/migrations/1790000006500-receivables.js';
import { Registry1790000006510 } from './persistence/migrations/1790000006510-registry.js';
import { HeldForItsOrder1790000006570 } from './persistence/migrations/1790000006570-held-for-its-order.js';
import { Certificates1790000006550 } from './persistence/migrations/1790000006550-certificates.js';
import { SettlementMatches1790000006560 } from './persistence/migrations/1790000006560-settlement-matches.js';

export { AnchorReader, type AnchorSummary } from './application/anchor.reader.js';
export { AskRegistries } from './application/ask-registries.js';
export { DecideHold, type HoldDecision } from './application/decide-hold.js';
export { DecideProposal } from './application/decide-proposal.js';
export { IssueCertificate, type ConfirmedAmount } from './application/issue-certificate.js';
export { LienRegister, type LienQuery, type PriorLien } from './application/ports/lien-register.js';
export { DiscountProgrammes } from './application/discount-programmes.js';
export { ReceivableSteps } from './application/receivable-steps.js';
export { Repurchase } from './application/repurchase.js';
export { ProposeSteps, type ProposalInput } from './application/propose-steps.js';
export { receivableWebhookEvents } from './application/receivable-events.js';
export { ReceivableReader } from './application/receivable.reader.js';
export { ReceivableRuleBook } from './application/receivable-rule-book.js';
export { Receivables, type ReceivableStep } from './application/receivables.js';
export { type FinanceObstacle, type FinanceVerdict, Registry } from './application/registry.js';
export { SaveAnchor, type AnchorInput } from './application/save-anchor.js';
export { Suppliers } from './application/suppliers.js';
export { UploadReceivable, type UploadInput } from './application/upload-receivable.js';
export { VerifyAnchor } from './application/verify-anchor.js';
export { receivableError } from './domain/errors.js';
export * from './application/check-receivables.js';
export { InstructPayments } from './application/instruct-payments.js';
export { CertificateReader } from './application/certificate.reader.js';
export { BookStatement } from './application/book-statement.js';
export { UndoAssignment } from './application/undo-assignment.js';
export { DeclarePaymentAccount, CheckPaymentAccount } from './application/declare-payment-account.js';
export {
  MarketCertificateReader,
  type MarketCertificate,
  type AssignmentSnapshot,
} from './application/market-certificate.reader.js';
export { AssignmentRegister, type AssignmentFiling } from './application/ports/assignment-register.js';
export * from './application/receivable-market.js';
export {
  assignmentLifecycle,
  type AssignmentState,
  repurchaseGrounds,
  type RepurchaseGround,
} from './domain/assignment.lifecycle.js';
export { certificateLifecycle, type CertificateState } from './domain/certificate.lifecycle.js';
export { discountAskLifecycle, discountProgrammeLifecycle } from './domain/discount.lifecycle.js';
export * from './domain/settlement.lifecycle.js';
export { transferLifecycle } from './domain/transfer.lifecycle.js';
export * from './domain/receivable.js';
export * from './domain/receivable.lifecycle.js';
export { BatchLoop } from './jobs/receivable.loops.js';
export * from './receivables.module.js';

export const receivablePersistence: Persistence = {
  entities: [...receivableEntities, ...certificateEntities, ...settlementEntities],
  migrations: [
    Receivables1790000006500,
    Registry1790000006510,
    Certificates1790000006550,
    SettlementMatches1790000006560,
    HeldForItsOrder1790000006570,
  ],
};
