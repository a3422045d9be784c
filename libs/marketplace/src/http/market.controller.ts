import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CalendarDate, moneyFromJson, parseMoney } from '#kernel';
import { type CommandContext, Context, IdParam, Idempotent, IfMatch, PageQuery, Requires } from '#platform';
import { AwardSteps } from '../application/award-steps.js';
import { LapseAward } from '../application/lapse-award.js';
import { CheckOffer, ReviseOffer, WithdrawOffer } from '../application/change-offer.js';
import { ComparisonReader } from '../application/comparison.reader.js';
import { FinancierMarketReader } from '../application/financier-market.reader.js';
import { MarketListReader } from '../application/market-list.reader.js';
import { MarketReader } from '../application/market.reader.js';
import { MarketRuleBook } from '../application/market-rules.js';
import { DeclineRequest } from '../application/match-request.js';
import { PlaceOffer } from '../application/place-offer.js';
import { AskQuestion } from '../application/questions.js';
import { termsOf } from './offer-input.js';
import {
  DeclineBody,
  DisbursementBody,
  MarketQuery,
  OfferBody,
  QuestionBody,
  MarketReasonBody,
  ReceiptBody,
  RevisionBody,
} from './requests.js';

/** The market as a financier meets it: briefs, offers, awards. */
@ApiTags('Market')
@Controller('v1')
export class MarketController {
  constructor(
    private readonly place: PlaceOffer,
    private readonly revise: ReviseOffer,
    private readonly check: CheckOffer,
    private readonly withdraw: WithdrawOffer,
    private readonly decline: DeclineRequest,
    private readonly ask: AskQuestion,
    private readonly awards: AwardSteps,
    private readonly lapse: LapseAward,
    private readonly reader: MarketReader,
    private readonly market: MarketListReader,
    private readonly own: FinancierMarketReader,
    private readonly comparison: ComparisonReader,
    private readonly book: MarketRuleBook,
  ) {}

  /** Open requests that the institution was invited to. */
  @Get('market/requests')
  @Requires('market.read')
  async list(@Context() { actor }: CommandContext, @Query() query: MarketQuery) {
    const { currency } = this.book.rules;
    const { product, sector, region, size, grade, amountFrom, amountTo, anchor, dueFrom, dueTo, ...others } = query;
    const { sort, limit, cursor, ...flags } = others;
    const filter = {
      ...flags,
      productKinds: product,
      sectors: sector,
      regions: region,
      sizeClasses: size,
      grades: grade,
      anchorId: anchor,
      dueFrom: dueFrom as CalendarDate | undefined,
      dueTo: dueTo as CalendarDate | undefined,
      amountFrom: amountFrom === undefined ? undefined : parseMoney(amountFrom, flags.currency ?? currency).minor,
      amountTo: amountTo === undefined ? undefined : parseMoney(amountTo, flags.currency ?? currency).minor,
    };
    return this.market.page(actor.organisationId, filter, sort ?? 'newest', {
      ...(limit === undefined ? {} : { limit }),
      ...(cursor === undefined ? {} : { cursor }),
    });
  }

  @Get('market/requests/:requestId')
  @Requires('market.read')
  async brief(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.reader.brief(actor.organisationId, id);
  }

  @Get('market/requests/:requestId/questions')
  @Requires('market.read')
  async questions(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    await this.reader.assertInvited(actor.organisationId, id);
    return { items: await this.reader.questions(id), nextCursor: null };
  }

  @Post('market/requests/:requestId/questions')
  @Requires('offer.write')
  async askQuestion(@Context() context: CommandContext, @IdParam('requestId') id: string, @Body() body: QuestionBody) {
    return this.ask.execute(context, id, body.text);
  }

  @Post('market/requests/:requestId/decline')
  @HttpCode(200)
  @Requires('offer.write')
  async declineRequest(
    @Context() context: CommandContext,
    @IdParam('requestId') id: string,
    @Body() body: DeclineBody,
  ) {
    return this.decline.execute(context, id, body.reason);
  }

  /** What an offer would cost the enterprise, before it is made. */
  @Post('market/requests/:requestId/offer-preview')
  @HttpCode(200)
  @Requires('offer.read')
  async preview(@Context() { actor }: CommandContext, @IdParam('requestId') id: string, @Body() body: RevisionBody) {
    const amount = moneyFromJson(body.amount);
    return this.comparison.preview(actor.organisationId, id, {
      terms: termsOf(body.terms, this.book.rules.referenceRates),
      tenorMonths: body.tenorMonths,
      amountMinor: amount.minor,
      currency: amount.currency,
    });
  }

  @Post('market/requests/:requestId/offers')
  @Idempotent()
  @Requires('offer.write')
  async placeOffer(@Context() context: CommandContext, @IdParam('requestId') id: string, @Body() body: OfferBody) {
    return this.place.execute(context, id, { ...body, terms: termsOf(body.terms, this.book.rules.referenceRates) });
  }

  @Get('offers')
  @Requires('offer.read')
  async offers(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.own.offers(actor.organisationId, query);
  }

  /** The own offer with its schedule, its figures and its rank. */
  @Get('offers/:offerId')
  @Requires('offer.read')
  async offer(@Context() { actor }: CommandContext, @IdParam('offerId') id: string) {
    return this.comparison.forFinancier(actor.organisationId, id);
  }

  @Put('offers/:offerId')
  @Idempotent()
  @Requires('offer.write')
  async reviseOffer(
    @Context() context: CommandContext,
    @IdParam('offerId') id: string,
    @IfMatch() version: number,
    @Body() body: RevisionBody,
  ) {
    return this.revise.execute(context, id, version, {
      ...body,
      terms: termsOf(body.terms, this.book.rules.referenceRates),
    });
  }

  @Post('offers/:offerId/approve')
  @HttpCode(200)
  @Requires('offer.approve')
  async approveOffer(@Context() context: CommandContext, @IdParam('offerId') id: string) {
    return this.check.approve(context, id);
  }

  @Post('offers/:offerId/refuse')
  @HttpCode(200)
  @Requires('offer.approve')
  async refuseOffer(
    @Context() context: CommandContext,
    @IdParam('offerId') id: string,
    @Body() body: MarketReasonBody,
  ) {
    return this.check.refuse(context, id, body.reason);
  }

  @Post('offers/:offerId/withdraw')
  @HttpCode(200)
  @Requires('offer.write')
  async withdrawOffer(@Context() context: CommandContext, @IdParam('offerId') id: string) {
    return this.withdraw.execute(context, id);
  }

  @Get('awards')
  @Requires('offer.read')
  async ownAwards(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.own.awards(actor.organisationId, query);
  }

  /** The financier's signature. */
  @Post('awards/:awardId/financier-signature')
  @HttpCode(200)
  @Idempotent()
  @Requires('offer.approve')
  async sign(@Context() context: CommandContext, @IdParam('awardId') id: string) {
    return this.awards.sign(context, id);
  }

  @Post('awards/:awardId/disbursement')
  @HttpCode(200)
  @Idempotent()
  @Requires('offer.write')
  async disbursed(@Context() context: CommandContext, @IdParam('awardId') id: string, @Body() body: DisbursementBody) {
    return this.awards.reportDisbursement(context, id, body.net, body.bankReference);
  }

  /** The enterprise's signature. */
  @Post('awards/:awardId/enterprise-signature')
  @HttpCode(200)
  @Idempotent()
  @Requires('offer.accept')
  async signAsEnterprise(@Context() context: CommandContext, @IdParam('awardId') id: string) {
    return this.awards.sign(context, id);
  }

  /** The enterprise says what arrived. */
  @Post('awards/:awardId/receipt')
  @HttpCode(200)
  @Idempotent()
  @Requires('offer.accept')
  async received(@Context() context: CommandContext, @IdParam('awardId') id: string, @Body() body: ReceiptBody) {
    return this.awards.confirmReceipt(context, id, body.received);
  }

  /** The enterprise steps back before it has signed. */
  @Post('awards/:awardId/step-back')
  @HttpCode(200)
  @Requires('offer.accept')
  async stepBack(@Context() context: CommandContext, @IdParam('awardId') id: string, @Body() body: MarketReasonBody) {
    return this.lapse.stepBack(context, id, body.reason);
  }
}
