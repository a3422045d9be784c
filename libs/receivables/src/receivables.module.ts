import { Module } from '@nestjs/common';
import { EnterprisesModule } from '#enterprises';
import { IdentityModule } from '#identity';
import { LedgerModule } from '#ledger';
import { ReviewModule } from '#review';
import { AnchorReader } from './application/anchor.reader.js';
import { AnchorReminders } from './application/anchor-reminders.js';
import { AnchorStanding } from './application/anchor-standing.js';
import { AnswerRegistry } from './application/answer-registry.js';
import { AskRegistries } from './application/ask-registries.js';
import { Branches } from './application/branches.js';
import { CarryOutProposal } from './application/carry-out-proposal.js';
import { Counterparties } from './application/counterparties.js';
import { DecideHold } from './application/decide-hold.js';
import { DecideProposal } from './application/decide-proposal.js';
import { Fingerprints } from './application/fingerprints.js';
import { FollowDueDays } from './application/follow-due-days.js';
import { IssueCertificate } from './application/issue-certificate.js';
import { OperatorReceivables } from './application/operator-receivables.reader.js';
import { ProcessBatches } from './application/process-batches.js';
import { ProposeSteps } from './application/propose-steps.js';
import { ReceivableIntake } from './application/receivable-intake.js';
import { ReceivableReader } from './application/receivable.reader.js';
import { ReceivableRuleBook } from './application/receivable-rule-book.js';
import { ReceivableSteps } from './application/receivable-steps.js';
import { Receivables } from './application/receivables.js';
import { Registry } from './application/registry.js';
import { RegistryPeers } from './application/registry-peers.js';
import { SaveAnchor } from './application/save-anchor.js';
import { StartBatch } from './application/start-batch.js';
import { Suppliers } from './application/suppliers.js';
import { Undertakings } from './application/undertakings.js';
import { UploadReceivable } from './application/upload-receivable.js';
import { VerifyAnchor } from './application/verify-anchor.js';
import { VoidCertificate } from './application/void-certificate.js';
import { CertificatesController } from './http/certificates.controller.js';
import { DiscountController } from './http/discount.controller.js';
import { SettlementController } from './http/settlement.controller.js';
import { SettlementDeskController } from './http/settlement-desk.controller.js';
import { settlementEventHandlers } from './jobs/settlement-events.handler.js';
import { settlementLoops } from './jobs/settlement.loops.js';
import { settlementTimerHandlers } from './jobs/settlement-timers.handler.js';
import { settlementProviders } from './settlement.providers.js';
import { AnchorsController } from './http/anchors.controller.js';
import { ProposalsController } from './http/proposals.controller.js';
import { ReceivablesController } from './http/receivables.controller.js';
import { RegistryController } from './http/registry.controller.js';
import { BatchLoop, ProposalLoop, RegistryLoop } from './jobs/receivable.loops.js';
import {
  CureAnchor,
  ReceivableDay,
  ReceivableDefault,
  ReceivableGrace,
  RemindAnchor,
} from './jobs/receivable.timers.js';
import { OnAnchorPayment, OnAnchorReview, OnSupplierRegistered } from './jobs/receivable-events.handler.js';

export const receivableEventHandlers = [
  OnAnchorReview,
  OnAnchorPayment,
  OnSupplierRegistered,
  ...settlementEventHandlers,
];
export const receivableTimerHandlers = [
  ReceivableDay,
  ReceivableGrace,
  ReceivableDefault,
  RemindAnchor,
  CureAnchor,
  ...settlementTimerHandlers,
];
export const receivableLoops = [BatchLoop, ProposalLoop, RegistryLoop, ...settlementLoops];

const useCases = [
  AnchorReader,
  AnchorReminders,
  AnchorStanding,
  AnswerRegistry,
  AskRegistries,
  Branches,
  CarryOutProposal,
  Counterparties,
  DecideHold,
  DecideProposal,
  Fingerprints,
  FollowDueDays,
  IssueCertificate,
  OperatorReceivables,
  ProcessBatches,
  ProposeSteps,
  ReceivableIntake,
  ReceivableReader,
  ReceivableRuleBook,
  ReceivableSteps,
  Receivables,
  Registry,
  RegistryPeers,
  SaveAnchor,
  StartBatch,
  Suppliers,
  Undertakings,
  UploadReceivable,
  VerifyAnchor,
  VoidCertificate,
  ...settlementProviders,
  ...receivableEventHandlers,
  ...receivableTimerHandlers,
  ...receivableLoops,
];

/** Anchors, receivables, confirmation, the registry against double financing, and certificates. */
@Module({
  imports: [IdentityModule, EnterprisesModule, LedgerModule, ReviewModule],
  providers: useCases,
  exports: useCases,
})
export class ReceivablesModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [ReceivablesModule],
  controllers: [
    AnchorsController,
    ReceivablesController,
    ProposalsController,
    RegistryController,
    CertificatesController,
    DiscountController,
    SettlementController,
    SettlementDeskController,
  ],
  exports: [ReceivablesModule],
})
export class ReceivablesHttpModule {}
