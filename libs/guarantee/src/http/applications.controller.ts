import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, Idempotent, IdParam, PageQuery, Requires, RequiresStepUp } from '#platform';
import { ApplyForGuarantee } from '../application/apply-for-guarantee.js';
import { Consents } from '../application/consents.js';
import { DrawLetters } from '../application/draw-letters.js';
import { GuaranteeReader } from '../application/guarantee.reader.js';
import { ReviewApplication } from '../application/review-application.js';
import {
  ConsentBody,
  GuaranteeApplicationBody,
  GuaranteeApplicationsQuery,
  GuaranteeAsksBody,
  GuaranteeNoteBody,
  GuaranteeProposalBody,
  GuaranteeReasonBody,
} from './requests.js';

/** The enterprise's consent, the lender's application, the guarantor's decision, the letter of intent. */
@ApiTags('Guarantees')
@Controller('v1')
export class GuaranteeApplicationsController {
  constructor(
    private readonly reader: GuaranteeReader,
    private readonly consents: Consents,
    private readonly apply: ApplyForGuarantee,
    private readonly review: ReviewApplication,
    private readonly letters: DrawLetters,
  ) {}

  /** A signatory consents in writing for the enterprise. */
  @Post('guarantee-consents')
  @RequiresStepUp()
  @Requires('guarantee.consent')
  async consent(@Context() context: CommandContext, @Body() body: ConsentBody) {
    return this.consents.give(context, body.schemeId, body);
  }

  /** The enterprise's own consents. */
  @Get('guarantee-consents')
  @Requires('guarantee.read')
  async ownConsents(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.reader.consents(actor, query);
  }

  @Post('guarantee-consents/:consentId/withdraw')
  @HttpCode(200)
  @Requires('guarantee.consent')
  async withdrawConsent(@Context() context: CommandContext, @IdParam('consentId') id: string) {
    return this.consents.withdraw(context, id);
  }

  /** The lender's accreditations and portfolio agreements. */
  @Get('guarantee-standing')
  @Requires('guarantee.apply')
  async standing(@Context() { actor }: CommandContext) {
    return this.reader.ownStanding(actor);
  }

  @Get('guarantee-applications')
  @Requires('guarantee.read')
  async list(@Context() { actor }: CommandContext, @Query() query: GuaranteeApplicationsQuery) {
    return this.reader.applications(actor, query);
  }

  /** Makes a draft for a loan outside the market; the answer shows broken clauses and the fee. */
  @Post('guarantee-applications')
  @Idempotent()
  @Requires('guarantee.apply')
  async create(@Context() context: CommandContext, @Body() body: GuaranteeApplicationBody) {
    return this.apply.create(context, body);
  }

  @Get('guarantee-applications/:applicationId')
  @Requires('guarantee.read')
  async show(@Context() { actor }: CommandContext, @IdParam('applicationId') id: string) {
    return this.reader.application(actor, id);
  }

  /** Hands it in: the review in three working days begins. */
  @Post('guarantee-applications/:applicationId/submit')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.apply')
  async submit(@Context() context: CommandContext, @IdParam('applicationId') id: string) {
    return this.apply.submit(context, id);
  }

  @Post('guarantee-applications/:applicationId/answer')
  @HttpCode(200)
  @Requires('guarantee.apply')
  async answer(
    @Context() context: CommandContext,
    @IdParam('applicationId') id: string,
    @Body() body: GuaranteeNoteBody,
  ) {
    return this.apply.answer(context, id, body.note);
  }

  @Post('guarantee-applications/:applicationId/withdraw')
  @HttpCode(200)
  @Requires('guarantee.apply')
  async withdraw(
    @Context() context: CommandContext,
    @IdParam('applicationId') id: string,
    @Body() body: GuaranteeReasonBody,
  ) {
    return this.apply.withdraw(context, id, body.reason);
  }

  /** Asks the lender for what is missing; the clock stands still. */
  @Post('guarantee-applications/:applicationId/request-information')
  @HttpCode(200)
  @Requires('guarantee.decide')
  async requestInformation(
    @Context() context: CommandContext,
    @IdParam('applicationId') id: string,
    @Body() body: GuaranteeAsksBody,
  ) {
    return this.review.requestInformation(context, id, body.reasons);
  }

  /** Prepares the decision. */
  @Post('guarantee-applications/:applicationId/proposal')
  @HttpCode(200)
  @Requires('guarantee.decide')
  async propose(
    @Context() context: CommandContext,
    @IdParam('applicationId') id: string,
    @Body() body: GuaranteeProposalBody,
  ) {
    return this.review.propose(context, id, body);
  }

  /** Decides, as the second person. */
  @Post('guarantee-applications/:applicationId/decision')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.decide.approve')
  async decide(
    @Context() context: CommandContext,
    @IdParam('applicationId') id: string,
    @Body() body: GuaranteeProposalBody,
  ) {
    return this.review.decide(context, id, body);
  }

  /** Draws the letter of intent: reserves the scheme's headroom until the letter's day. */
  @Post('guarantee-applications/:applicationId/letter')
  @Idempotent()
  @Requires('guarantee.apply')
  async draw(@Context() context: CommandContext, @IdParam('applicationId') id: string) {
    return this.letters.execute(context, id);
  }
}
