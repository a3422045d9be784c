import { Module } from '@nestjs/common';
import { EnterprisesModule } from '#enterprises';
import { IdentityModule } from '#identity';
import { InstitutionsModule } from '#institutions';
import { LedgerModule } from '#ledger';
import { ReviewModule } from '#review';
import { Capacity } from './application/capacity.js';
import { Guarantees } from './application/guarantees.js';

export const guaranteeEventHandlers = [];
export const guaranteeTimerHandlers = [];
export const guaranteeLoops = [];

const useCases = [Capacity, Guarantees, ...guaranteeEventHandlers, ...guaranteeTimerHandlers, ...guaranteeLoops];

/** Schemes, capacity, applications, guarantees and their fees; claims and risk. */
@Module({
  imports: [IdentityModule, ReviewModule, LedgerModule, EnterprisesModule, InstitutionsModule],
  providers: useCases,
  exports: useCases,
})
export class GuaranteeModule {}

/** The same with its routes, for the api. */
@Module({ imports: [GuaranteeModule], controllers: [], exports: [GuaranteeModule] })
export class GuaranteeHttpModule {}
