import { Body, Controller, Get, HttpCode, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  type CommandContext,
  Context,
  IdParam,
  Idempotent,
  IfMatch,
  PageQuery,
  Requires,
  RequiresStepUp,
} from '#platform';
import { AcceptOffer } from '../application/accept-offer.js';
import { AskBindingOffer } from '../application/ask-binding-offer.js';
import { BriefReader } from '../application/brief.reader.js';
import { ComparisonReader } from '../application/comparison.reader.js';
import { DiscloseIdentity } from '../application/disclose-identity.js';
import { AttachDocument, CreateRequest, SaveDraft } from '../application/draft-request.js';
import { EnterpriseMarketReader } from '../application/enterprise-market.reader.js';
import { MarketReader } from '../application/market.reader.js';
import { AnswerQuestion } from '../application/questions.js';
import { ReviewRequest } from '../application/review-request.js';
import { SubmitRequest } from '../application/submit-request.js';
import { WithdrawRequest } from '../application/withdraw-request.js';
import {
  AcceptBody,
  MarketAnswerBody,
  AttachBody,
  DisclosureBody,
  DraftBody,
  NoteBody,
  MarketReasonBody,
} from './requests.js';

/** The enterprise's own funding requests, from the draft to the accepted offer. */
@ApiTags('Funding requests')
@Controller('v1')
export class RequestsController {
  constructor(
    private readonly create: CreateRequest,
    private readonly save: SaveDraft,
    private readonly attach: AttachDocument,
    private readonly submit: SubmitRequest,
    private readonly review: ReviewRequest,
    private readonly withdraw: WithdrawRequest,
    private readonly disclose: DiscloseIdentity,
    private readonly answer: AnswerQuestion,
    private readonly accept: AcceptOffer,
    private readonly askBinding: AskBindingOffer,
    private readonly market: MarketReader,
    private readonly own: EnterpriseMarketReader,
    private readonly comparison: ComparisonReader,
    private readonly briefs: BriefReader,
  ) {}

  @Post('requests')
  @Idempotent()
  @Requires('request.write')
  async begin(@Context() context: CommandContext, @Body() body: DraftBody) {
    return this.create.execute(context, body);
  }

  @Get('requests')
  @Requires('request.read')
  async list(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.market.ownRequests(actor.organisationId, query);
  }

  @Get('requests/:requestId')
  @Requires('request.read')
  async show(
    @Context() { actor }: CommandContext,
    @IdParam('requestId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = await this.market.ownRequest(actor.organisationId, id);
    void reply.header('etag', `"${request.version}"`);
    return request;
  }

  /** Saves a draft; needs If-Match, so that of two editors the second is told. */
  @Patch('requests/:requestId')
  @Requires('request.write')
  async edit(
    @Context() context: CommandContext,
    @IdParam('requestId') id: string,
    @IfMatch() version: number,
    @Body() body: DraftBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const saved = await this.save.execute(context, id, version, body);
    void reply.header('etag', `"${saved.version}"`);
    return saved;
  }

  @Get('requests/:requestId/checklist')
  @Requires('request.read')
  async checklist(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.own.checklist(actor.organisationId, id);
  }

  /** What financiers will read about the firm, what stays hidden because too few firms look like it, and what that costs in matches. */
  @Get('requests/:requestId/brief')
  @Requires('request.read')
  async brief(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.briefs.ofOwn(actor.organisationId, id);
  }

  @Get('requests/:requestId/documents')
  @Requires('request.read')
  async documents(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.own.documents(actor.organisationId, id);
  }

  @Post('requests/:requestId/documents')
  @Requires('request.write')
  async addDocument(@Context() context: CommandContext, @IdParam('requestId') id: string, @Body() body: AttachBody) {
    return this.attach.execute(context, id, body.kind, body.documentId);
  }

  @Post('requests/:requestId/submit')
  @HttpCode(200)
  @Idempotent()
  @Requires('request.submit')
  async send(@Context() context: CommandContext, @IdParam('requestId') id: string) {
    return this.submit.execute(context, id);
  }

  @Post('requests/:requestId/answer-information')
  @HttpCode(200)
  @Requires('request.submit')
  async answerInformation(
    @Context() context: CommandContext,
    @IdParam('requestId') id: string,
    @Body() body: NoteBody,
  ) {
    return this.review.answerInformation(context, id, body.note);
  }

  @Post('requests/:requestId/withdraw')
  @HttpCode(200)
  @Requires('request.submit')
  async takeBack(@Context() context: CommandContext, @IdParam('requestId') id: string, @Body() body: MarketReasonBody) {
    return this.withdraw.execute(context, id, body.reason);
  }

  @Get('requests/:requestId/timeline')
  @Requires('request.read')
  async timeline(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.own.timeline(actor.organisationId, id);
  }

  /** Which financiers were found and how they answered, and what would make more fit. */
  @Get('requests/:requestId/matches')
  @Requires('request.read')
  async matches(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.own.matches(actor.organisationId, id);
  }

  @Get('requests/:requestId/questions')
  @Requires('request.read')
  async questions(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.own.questions(actor.organisationId, id);
  }

  @Post('requests/:requestId/questions/:questionId/answer')
  @HttpCode(200)
  @Requires('request.write')
  async answerQuestion(
    @Context() context: CommandContext,
    @IdParam('requestId') id: string,
    @IdParam('questionId') questionId: string,
    @Body() body: MarketAnswerBody,
  ) {
    return this.answer.execute(context, id, questionId, body.answer);
  }

  @Post('requests/:requestId/disclosures')
  @Requires('request.submit')
  async discloseTo(@Context() context: CommandContext, @IdParam('requestId') id: string, @Body() body: DisclosureBody) {
    return this.disclose.execute(context, id, body.financierId);
  }

  /** Every offer side by side: total cost first, APR, schedule, early and late scenarios, and the rule of the ranking. */
  @Get('requests/:requestId/comparison')
  @Requires('request.read')
  async compare(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.comparison.forEnterprise(actor.organisationId, id);
  }

  @Get('requests/:requestId/awards')
  @Requires('request.read')
  async awards(@Context() { actor }: CommandContext, @IdParam('requestId') id: string) {
    return this.own.awards(actor.organisationId, id);
  }

  /** Asks a financier for a binding offer; it learns who the enterprise is. */
  @Post('offers/:offerId/ask-binding')
  @HttpCode(200)
  @Requires('request.submit')
  async askForBinding(@Context() context: CommandContext, @IdParam('offerId') id: string) {
    return this.askBinding.execute(context, id);
  }

  /** Accepts a binding offer as authorised signatory. */
  @Post('offers/:offerId/accept')
  @HttpCode(200)
  @Idempotent()
  @RequiresStepUp()
  @Requires('offer.accept')
  async acceptOffer(@Context() context: CommandContext, @IdParam('offerId') id: string, @Body() body: AcceptBody) {
    return this.accept.execute(context, id, body.enough ?? false);
  }
}
