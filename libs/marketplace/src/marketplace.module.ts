import { Module } from '@nestjs/common';
import { EnterprisesModule } from '#enterprises';
import { IdentityModule } from '#identity';
import { InstitutionsModule } from '#institutions';
import { ReviewModule } from '#review';
import { AcceptOffer } from './application/accept-offer.js';
import { AskBindingOffer } from './application/ask-binding-offer.js';
import { AnonymousBriefs } from './application/anonymous-briefs.js';
import { AwardSteps } from './application/award-steps.js';
import { BidAutomatically } from './application/bid-automatically.js';
import { BriefReader } from './application/brief.reader.js';
import { MarketClocks } from './application/market-clocks.js';
import { NumberMarketChanges } from './application/number-market-changes.js';
import { CheckOffer, ReviseOffer, WithdrawOffer } from './application/change-offer.js';
import { ComparisonReader } from './application/comparison.reader.js';
import { DiscloseIdentity } from './application/disclose-identity.js';
import { AttachDocument, CreateRequest, SaveDraft } from './application/draft-request.js';
import { EnterpriseMarketReader } from './application/enterprise-market.reader.js';
import { FinancierMarketReader } from './application/financier-market.reader.js';
import { ListingCatalogue } from './application/listing-catalogue.js';
import { MandateCatalogue } from './application/mandate-catalogue.js';
import { MarketListReader } from './application/market-list.reader.js';
import { LapseAward } from './application/lapse-award.js';
import { MarketReader } from './application/market.reader.js';
import { MarketRuleBook } from './application/market-rules.js';
import { MatchMandate } from './application/match-mandate.js';
import { DeclineRequest, MatchRequest } from './application/match-request.js';
import { MurabahaSales } from './application/murabaha-sales.js';
import { OperatorMarketReader } from './application/operator-market.reader.js';
import { PlaceOffer } from './application/place-offer.js';
import { AnswerQuestion, AskQuestion } from './application/questions.js';
import { ReviewRequest } from './application/review-request.js';
import { RequestChecklist, SubmitRequest } from './application/submit-request.js';
import { TellOfMarket } from './application/tell-of-market.js';
import { WithdrawRequest } from './application/withdraw-request.js';
import { MarketController } from './http/market.controller.js';
import { MurabahaController } from './http/murabaha.controller.js';
import { MarketOperatorController } from './http/operator.controller.js';
import { RequestsController } from './http/requests.controller.js';
import {
  AutoBid,
  MatchChangedMandate,
  MatchOpenedRequest,
  NumberMarketChange,
  ReturnSilentRequest,
} from './jobs/market-events.handler.js';
import { marketTimerHandlers } from './jobs/market-timers.handler.js';
import { TellMarket } from './jobs/tell-of-market.handler.js';

export const marketplaceEventHandlers = [
  MatchOpenedRequest,
  MatchChangedMandate,
  NumberMarketChange,
  ReturnSilentRequest,
  AutoBid,
  TellMarket,
] as const;
export const marketplaceTimerHandlers = marketTimerHandlers;

const providers = [
  AcceptOffer,
  AnonymousBriefs,
  AnswerQuestion,
  AskBindingOffer,
  AskQuestion,
  AttachDocument,
  AwardSteps,
  BidAutomatically,
  BriefReader,
  CheckOffer,
  ComparisonReader,
  CreateRequest,
  DeclineRequest,
  DiscloseIdentity,
  EnterpriseMarketReader,
  FinancierMarketReader,
  ListingCatalogue,
  MandateCatalogue,
  MarketListReader,
  LapseAward,
  MarketClocks,
  MarketReader,
  NumberMarketChanges,
  MarketRuleBook,
  MatchMandate,
  MatchRequest,
  MurabahaSales,
  OperatorMarketReader,
  PlaceOffer,
  RequestChecklist,
  ReviewRequest,
  ReviseOffer,
  SaveDraft,
  SubmitRequest,
  TellOfMarket,
  WithdrawOffer,
  WithdrawRequest,
  ...marketplaceEventHandlers,
  ...marketplaceTimerHandlers,
];

/** Requests, matching, offers and awards. */
@Module({
  imports: [IdentityModule, EnterprisesModule, InstitutionsModule, ReviewModule],
  providers,
  exports: providers,
})
export class MarketplaceModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [MarketplaceModule],
  controllers: [RequestsController, MarketController, MarketOperatorController, MurabahaController],
  exports: [MarketplaceModule],
})
export class MarketplaceHttpModule {}
