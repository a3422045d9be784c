import { Body, Controller, Get, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, IdParam, Idempotent, IfMatch, Public, Requires } from '#platform';
import { ListReceivables } from '../application/list-receivables.js';
import { MarketReader } from '../application/market.reader.js';
import { MarketRuleBook } from '../application/market-rules.js';
import { type BidInput, PlaceBid } from '../application/place-bid.js';
import { ReceivableBriefs } from '../application/receivable-briefs.js';
import { priceOf } from './offer-input.js';
import { UnsoldReceivables } from '../application/unsold-receivables.js';
import { BidBody, ListReceivablesBody } from './receivable-requests.js';

/** Receivables that an anchor has confirmed, as requests: listing them, and bidding a discount rate for them. */
@ApiTags('Receivables market')
@Controller('v1')
export class ReceivableRequestsController {
  constructor(
    private readonly list: ListReceivables,
    private readonly bids: PlaceBid,
    private readonly unsold: UnsoldReceivables,
    private readonly market: MarketReader,
    private readonly briefs: ReceivableBriefs,
    private readonly book: MarketRuleBook,
  ) {}

  /** Offers own certificates on the market: one, or several as a pool. Invoices open at once; orders and refund claims are reviewed. */
  @Post('receivable-requests')
  @Idempotent()
  @Requires('request.submit')
  async offer(@Context() context: CommandContext, @Body() body: ListReceivablesBody) {
    return this.list.execute(context, { certificateIds: body.certificateIds, mode: body.mode ?? 'ranked' });
  }

  /** The certificates behind an own request; once it has ended unsold, `waysOn` names what can be done with them. */
  @Get('receivable-requests/:requestId')
  @Requires('request.read')
  async show(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    const request = await this.market.ownRequest(actor.organisationId, id);
    const receivables = await this.briefs.own(id, request.amount.currency);
    const waysOn =
      request.state === 'expired' && receivables ? (await this.unsold.alternatives(actor.organisationId, id)).ways : [];
    return { ...request, receivables, waysOn };
  }

  /**
   * What can be done with receivables that were not sold: early payment by the anchor, a pool with others, the same again as a
   * guaranteed candidate, another listing. Only what is possible now.
   */
  @Get('receivable-requests/:requestId/alternatives')
  @Requires('request.read')
  async alternatives(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.unsold.alternatives(actor.organisationId, id);
  }

  /** Offers them with everything else that is free as a pool. */
  @Post('receivable-requests/:requestId/pool')
  @Idempotent()
  @Requires('request.submit')
  async pool(@Context() context: CommandContext, @IdParam('requestId') id: string) {
    return this.unsold.pool(context, id);
  }

  /** Offers what was not sold again as a guaranteed candidate, where a scheme's mandate covers it for some lender here. */
  @Post('receivable-requests/:requestId/guaranteed')
  @Idempotent()
  @Requires('request.submit')
  async guaranteed(@Context() context: CommandContext, @IdParam('requestId') id: string) {
    return this.unsold.guaranteed(context, id);
  }

  /** Whether the market for receivables is open, and when it opens next. */
  @Get('market/hours')
  @Public()
  async hours() {
    const { opensAt } = await this.briefs.marketHours();
    return { open: opensAt === undefined, opensAt: opensAt?.toISOString() ?? null };
  }

  /** Bids for receivables; binding. Needs a limit on every anchor, in the market's hours. */
  @Post('market/requests/:requestId/bids')
  @Idempotent()
  @Requires('offer.write')
  async bid(@Context() context: CommandContext, @IdParam('requestId') id: string, @Body() body: BidBody) {
    return this.bids.execute(context, id, this.bidOf(body));
  }

  /** Betters the own bid in a ranked competition: more is paid out, or it costs less. */
  @Put('offers/:offerId/bid')
  @Idempotent()
  @Requires('offer.write')
  async revise(
    @Context() context: CommandContext,
    @IdParam('offerId') id: string,
    @IfMatch() version: number,
    @Body() body: BidBody,
  ) {
    return this.bids.revise(context, id, version, this.bidOf(body));
  }

  private bidOf({ price, recourse, holdbackPercent, fees, guarantee, expiresAt }: BidBody): BidInput {
    return {
      price: priceOf(price, '/price', this.book.rules.referenceRates),
      recourse,
      holdbackPercent: holdbackPercent ?? '0',
      fees: fees ?? [],
      ...(guarantee ? { guarantee } : {}),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  }
}
