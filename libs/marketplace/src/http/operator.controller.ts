import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { moneyToJson } from '#kernel';
import { type CommandContext, Context, IdParam, PageQuery, Public, Requires } from '#platform';
import { AwardSteps } from '../application/award-steps.js';
import { MarketReader } from '../application/market.reader.js';
import { MarketRuleBook } from '../application/market-rules.js';
import { OperatorMarketReader } from '../application/operator-market.reader.js';
import { ReviewRequest } from '../application/review-request.js';
import { MarketReasonsBody, RulingBody } from './requests.js';

/** What the operator does with requests under review, and what the public sees of the market. */
@ApiTags('Market operation')
@Controller('v1')
export class MarketOperatorController {
  constructor(
    private readonly review: ReviewRequest,
    private readonly awards: AwardSteps,
    private readonly market: MarketReader,
    private readonly operation: OperatorMarketReader,
    private readonly book: MarketRuleBook,
  ) {}

  /** The rules of this market: periods, checklists, codes of rejection and of decline. */
  @Get('market/rules')
  @Public()
  rules() {
    const { amountAtMost, ...rules } = this.book.rules;
    return { ...rules, amountAtMost: moneyToJson(amountAtMost) };
  }

  /** How often each financier paid out what it had promised, and how fast it answers. */
  @Get('market/honour-rates')
  @Public()
  async honourRates() {
    return { items: await this.operation.honourRates(), nextCursor: null };
  }

  @Get('review/requests/:requestId')
  @Requires('review.read')
  async request(@IdParam('requestId') id: string) {
    return this.market.forReview(id);
  }

  @Get('review/requests/:requestId/timeline')
  @Requires('review.read')
  async timeline(@IdParam('requestId') id: string) {
    return { items: await this.market.timeline(id), nextCursor: null };
  }

  @Post('review/requests/:requestId/begin')
  @HttpCode(200)
  @Requires('review.work')
  async begin(@Context() context: CommandContext, @IdParam('requestId') id: string) {
    return this.review.begin(context, id);
  }

  @Post('review/requests/:requestId/open')
  @HttpCode(200)
  @Requires('review.work')
  async open(@Context() context: CommandContext, @IdParam('requestId') id: string) {
    return this.review.open(context, id);
  }

  @Post('review/requests/:requestId/reject')
  @HttpCode(200)
  @Requires('review.work')
  async reject(@Context() context: CommandContext, @IdParam('requestId') id: string, @Body() body: MarketReasonsBody) {
    return this.review.reject(context, id, body.reasons);
  }

  @Post('review/requests/:requestId/request-information')
  @HttpCode(200)
  @Requires('review.work')
  async requestInformation(
    @Context() context: CommandContext,
    @IdParam('requestId') id: string,
    @Body() body: MarketReasonsBody,
  ) {
    return this.review.askInformation(context, id, body.reasons);
  }

  /** Open requests that nobody's mandate fits, each with the nearest misses. */
  @Get('review/unmatched-requests')
  @Requires('review.read')
  async unmatched(@Query() query: PageQuery) {
    return this.operation.unmatched(query);
  }

  /** Rules on bank evidence, or on whose fault an award failed. */
  @Post('review/awards/:awardId/ruling')
  @HttpCode(200)
  @Requires('review.lead')
  async rule(@Context() context: CommandContext, @IdParam('awardId') id: string, @Body() body: RulingBody) {
    return this.awards.rule(context, id, body);
  }
}
