import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { ReviewModule } from '#review';
import { AnchorLimitReader, ChangeAnchorLimits } from './application/anchor-limits.js';
import { DecideLimits, ProposeLimits } from './application/change-limits.js';
import { FollowFinancierStanding } from './application/follow-financier-standing.js';
import { InstitutionLists } from './application/institution-lists.reader.js';
import { InstitutionReader } from './application/institution.reader.js';
import { Limits } from './application/limits.js';
import { MandateValidity } from './application/mandate-validity.js';
import { MandateReader } from './application/mandate.reader.js';
import { MoveMandate } from './application/move-mandate.js';
import { ManageProducts } from './application/products.js';
import { MoveAutoBidRule, ProposeAutoBidRule } from './application/propose-auto-bid-rule.js';
import { SaveFinancierProfile } from './application/save-financier-profile.js';
import { SaveMandate } from './application/save-mandate.js';
import { VerifyFinancier } from './application/verify-financier.js';
import { AnchorLimitsController } from './http/anchor-limits.controller.js';
import { AutoBidRulesController } from './http/auto-bid-rules.controller.js';
import { InstitutionController } from './http/institution.controller.js';
import { MandatesController } from './http/mandates.controller.js';
import { ProductsController } from './http/products.controller.js';
import { OnFinancierReview, OnFinancierStanding } from './jobs/institution-event-handlers.js';
import { BeginMandates, EndMandates } from './jobs/mandate-validity.timers.js';

export const institutionEventHandlers = [OnFinancierReview, OnFinancierStanding];
export const institutionTimerHandlers = [BeginMandates, EndMandates];

const useCases = [
  AnchorLimitReader,
  ChangeAnchorLimits,
  DecideLimits,
  FollowFinancierStanding,
  InstitutionLists,
  InstitutionReader,
  Limits,
  ManageProducts,
  MandateReader,
  MandateValidity,
  MoveAutoBidRule,
  MoveMandate,
  ProposeAutoBidRule,
  ProposeLimits,
  SaveFinancierProfile,
  SaveMandate,
  VerifyFinancier,
  ...institutionEventHandlers,
  ...institutionTimerHandlers,
];

/** Financiers, their products, mandates, limits and auto-bid rules. */
@Module({ imports: [IdentityModule, ReviewModule], providers: useCases, exports: useCases })
export class InstitutionsModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [InstitutionsModule],
  controllers: [
    InstitutionController,
    ProductsController,
    MandatesController,
    AnchorLimitsController,
    AutoBidRulesController,
  ],
  exports: [InstitutionsModule],
})
export class InstitutionsHttpModule {}
