import { Module } from '@nestjs/common';
import { EnterprisesModule } from '#enterprises';
import { IdentityModule } from '#identity';
import { InstitutionsModule } from '#institutions';
import { LedgerModule } from '#ledger';
import { ReviewModule } from '#review';
import { Capacity } from './application/capacity.js';
import { SchemeBook } from './application/scheme-book.js';
import { claimUseCases } from './application/claim-use-cases.js';
import { Guarantees } from './application/guarantees.js';
import { ClaimsController } from './http/claims.controller.js';
import { ReguaranteesController } from './http/reguarantees.controller.js';
import { OnClaimSilence } from './jobs/on-claim-silence.handler.js';

export const guaranteeEventHandlers = [OnClaimSilence];
export const guaranteeTimerHandlers = [];
export const guaranteeLoops = [];

const useCases = [
  SchemeBook,
  Capacity,
  Guarantees,
  ...claimUseCases,
  ...guaranteeEventHandlers,
  ...guaranteeTimerHandlers,
  ...guaranteeLoops,
];

/** Schemes, capacity, applications, guarantees and their fees; claims and risk. */
@Module({
  imports: [IdentityModule, ReviewModule, LedgerModule, EnterprisesModule, InstitutionsModule],
  providers: useCases,
  exports: useCases,
})
export class GuaranteeModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [GuaranteeModule],
  controllers: [ClaimsController, ReguaranteesController],
  exports: [GuaranteeModule],
})
export class GuaranteeHttpModule {}
