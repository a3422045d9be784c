import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { ReviewModule } from '#review';
import { IssueCertificate } from './application/issue-certificate.js';
import { Receivables } from './application/receivables.js';
import { VoidCertificate } from './application/void-certificate.js';

export const receivableEventHandlers = [] as const;
export const receivableTimerHandlers = [] as const;
export const receivableLoops = [] as const;

const useCases = [IssueCertificate, Receivables, VoidCertificate];

/** Anchors, receivables, confirmation, the registry against double financing, and certificates. */
@Module({ imports: [IdentityModule, ReviewModule], providers: useCases, exports: useCases })
export class ReceivablesModule {}

/** The same with its routes, for the api. */
@Module({ imports: [ReceivablesModule], controllers: [], exports: [ReceivablesModule] })
export class ReceivablesHttpModule {}
