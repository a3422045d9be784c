import { Module } from '@nestjs/common';
import { EnterprisesModule } from '#enterprises';
import { IdentityModule } from '#identity';
import { LedgerModule } from '#ledger';
import { ReviewModule } from '#review';
import { IssueCertificate } from './application/issue-certificate.js';
import { Receivables } from './application/receivables.js';
import { VoidCertificate } from './application/void-certificate.js';
import { CertificatesController } from './http/certificates.controller.js';
import { DiscountController } from './http/discount.controller.js';
import { SettlementController } from './http/settlement.controller.js';
import { SettlementDeskController } from './http/settlement-desk.controller.js';
import { OnAccountReview } from './jobs/on-account-review.handler.js';
import { settlementLoops } from './jobs/settlement.loops.js';
import { settlementTimerHandlers } from './jobs/settlement-timers.handler.js';
import { settlementProviders } from './settlement.providers.js';

export const receivableEventHandlers = [OnAccountReview] as const;
export const receivableTimerHandlers = [...settlementTimerHandlers];
export const receivableLoops = [...settlementLoops];

const useCases = [
  IssueCertificate,
  Receivables,
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
  controllers: [CertificatesController, DiscountController, SettlementController, SettlementDeskController],
  exports: [ReceivablesModule],
})
export class ReceivablesHttpModule {}
