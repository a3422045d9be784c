import { Module } from '@nestjs/common';
import { EnterprisesModule } from '#enterprises';
import { IdentityModule } from '#identity';
import { InstitutionsModule } from '#institutions';
import { LedgerModule } from '#ledger';
import { ReviewModule } from '#review';
import { Accreditations } from './application/accreditations.js';
import { AmendGuarantee } from './application/amend-guarantee.js';
import { ApplyForGuarantee } from './application/apply-for-guarantee.js';
import { ApprovalLimits } from './application/approval-limits.js';
import { Board } from './application/board.js';
import { Capacity } from './application/capacity.js';
import { claimUseCases } from './application/claim-use-cases.js';
import { Certificate } from './application/certificate.js';
import { Consents } from './application/consents.js';
import { Contributions } from './application/contributions.js';
import { DrawLetters } from './application/draw-letters.js';
import { EarnFees } from './application/earn-fees.js';
import { EndGuarantee } from './application/end-guarantee.js';
import { EndLetters } from './application/end-letters.js';
import { Fees } from './application/fees.js';
import { FeeForecast } from './application/fee-forecast.js';
import { FoldCapacity } from './application/fold-capacity.js';
import { GuaranteeMarket } from './application/guarantee-market.js';
import { GuaranteeReader } from './application/guarantee.reader.js';
import { Guarantees } from './application/guarantees.js';
import { OfferGuaranteeReader } from './application/offer-guarantee.reader.js';
import { PortfolioAgreements } from './application/portfolio-agreements.js';
import { ReportOutstanding } from './application/report-outstanding.js';
import { ReviewApplication } from './application/review-application.js';
import { RunAnnualFees } from './application/run-annual-fees.js';
import { SchemeBook } from './application/scheme-book.js';
import { Schemes } from './application/schemes.js';
import { ClaimsController } from './http/claims.controller.js';
import { RiskController } from './http/risk.controller.js';
import { SchemeReportsController } from './http/scheme-reports.controller.js';
import { ReguaranteesController } from './http/reguarantees.controller.js';
import { GuaranteeApplicationsController } from './http/applications.controller.js';
import { BoardController } from './http/board.controller.js';
import { GuaranteesController } from './http/guarantees.controller.js';
import { SchemesController } from './http/schemes.controller.js';
import { EarnFeesLoop } from './jobs/earn-fees.loop.js';
import { FoldCapacityLoop } from './jobs/fold-capacity.loop.js';
import { EndCureTimer, EndLettersTimer, EndTermsTimer } from './jobs/guarantee-timers.handler.js';
import { GiveNoticesLoop } from './jobs/give-notices.loop.js';
import { OnApplicationReview } from './jobs/on-application-review.handler.js';
import { RunProvisionsLoop } from './jobs/run-provisions.loop.js';
import { OnClaimSilence } from './jobs/on-claim-silence.handler.js';
import { RunAnnualFeesLoop } from './jobs/run-annual-fees.loop.js';

export const guaranteeEventHandlers = [OnApplicationReview, OnClaimSilence];
export const guaranteeTimerHandlers = [EndCureTimer, EndLettersTimer, EndTermsTimer];
export const guaranteeLoops = [EarnFeesLoop, FoldCapacityLoop, GiveNoticesLoop, RunAnnualFeesLoop, RunProvisionsLoop];

const useCases = [
  Accreditations,
  AmendGuarantee,
  ApplyForGuarantee,
  ApprovalLimits,
  Board,
  Capacity,
  Certificate,
  Consents,
  Contributions,
  DrawLetters,
  EarnFees,
  EndGuarantee,
  EndLetters,
  Fees,
  FeeForecast,
  FoldCapacity,
  GuaranteeMarket,
  GuaranteeReader,
  Guarantees,
  OfferGuaranteeReader,
  PortfolioAgreements,
  ReportOutstanding,
  ReviewApplication,
  RunAnnualFees,
  SchemeBook,
  Schemes,
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
  controllers: [
    SchemesController,
    BoardController,
    GuaranteeApplicationsController,
    GuaranteesController,
    ClaimsController,
    ReguaranteesController,
    RiskController,
    SchemeReportsController,
  ],
  exports: [GuaranteeModule],
})
export class GuaranteeHttpModule {}
