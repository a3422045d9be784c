import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, Idempotent, IdParam, PageQuery, Public, Requires } from '#platform';
import { GuaranteeReader } from '../application/guarantee.reader.js';
import { RunAnnualFees } from '../application/run-annual-fees.js';
import { schemeTemplates } from '../application/scheme-templates.js';
import { Consents } from '../application/consents.js';
import { Contributions } from '../application/contributions.js';
import { Schemes } from '../application/schemes.js';
import { parseDate } from '#kernel';
import {
  ContributionBody,
  FeeRunBody,
  GuaranteeReasonBody,
  SchemeBody,
  SchemeMoveBody,
  SchemePaymentBody,
  SchemePaymentDecisionBody,
  SchemeVersionBody,
} from './requests.js';
import { schemeCodeOf, VersionParam } from './version-param.js';

/** Schemes: their mandate in versions, capital, headroom and fee runs. */
@ApiTags('Guarantee schemes')
@Controller('v1')
export class SchemesController {
  constructor(
    private readonly reader: GuaranteeReader,
    private readonly schemes: Schemes,
    private readonly contributions: Contributions,
    private readonly fees: RunAnnualFees,
    private readonly consents: Consents,
  ) {}

  /** Terms that are filed by country, with their sources: what a first version starts from. */
  @Get('guarantee-scheme-templates')
  @Requires('guarantee.read')
  templates() {
    return { items: [...schemeTemplates().values()], nextCursor: null };
  }

  /** Every scheme: what public money guarantees is public. */
  @Get('public/guarantee-schemes')
  @Public()
  async list(@Query() query: PageQuery) {
    return this.reader.schemes(query);
  }

  /** A scheme with the mandate in force: clauses, fee rule, covenant. */
  @Get('public/guarantee-schemes/:schemeCode')
  @Public()
  @ApiParam({ name: 'schemeCode', schema: { type: 'string' } })
  async show(@Param('schemeCode') code: string) {
    return this.reader.scheme(schemeCodeOf(code));
  }

  /** The text that an enterprise agrees to, in each language, with its hash. */
  @Get('public/guarantee-schemes/:schemeCode/consent-text')
  @Public()
  @ApiParam({ name: 'schemeCode', schema: { type: 'string' } })
  async consentText(@Param('schemeCode') code: string) {
    return this.consents.textOf(schemeCodeOf(code));
  }

  @Post('guarantee-schemes')
  @Idempotent()
  @Requires('scheme.manage')
  async create(@Context() context: CommandContext, @Body() body: SchemeBody) {
    return this.schemes.create(context, body);
  }

  /** Capital, headroom, covenant and the gauge of every cap. */
  @Get('guarantee-schemes/:schemeId/capacity')
  @Requires('guarantee.read')
  async capacity(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.reader.capacity(actor, id);
  }

  /** Board, motions, versions, contributions, accreditations, agreements and fee runs. */
  @Get('guarantee-schemes/:schemeId/governance')
  @Requires('guarantee.read')
  async governance(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.reader.governance(actor, id);
  }

  /** Opens, suspends, resumes or closes. */
  @Post('guarantee-schemes/:schemeId/status')
  @HttpCode(200)
  @Requires('scheme.govern')
  async move(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: SchemeMoveBody) {
    return this.schemes.move(context, id, body.action, body.reason);
  }

  /** Proposes new terms. */
  @Post('guarantee-schemes/:schemeId/versions')
  @Requires('scheme.manage')
  async propose(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: SchemeVersionBody) {
    return this.schemes.proposeVersion(context, id, body.terms, body.reason);
  }

  /** Puts terms in force that the board has carried. */
  @Post('guarantee-schemes/:schemeId/versions/:number/in-force')
  @HttpCode(200)
  @Requires('scheme.govern')
  async putInForce(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @VersionParam() number: number,
  ) {
    return this.schemes.putInForce(context, id, number);
  }

  @Post('guarantee-schemes/:schemeId/versions/:number/reject')
  @HttpCode(200)
  @Requires('scheme.govern')
  async reject(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @VersionParam() number: number,
    @Body() body: GuaranteeReasonBody,
  ) {
    return this.schemes.rejectVersion(context, id, number, body.reason);
  }

  /** Records what a source promises. */
  @Post('guarantee-schemes/:schemeId/contributions')
  @Idempotent()
  @Requires('scheme.manage')
  async promise(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: ContributionBody) {
    return this.contributions.promise(context, id, body);
  }

  /** Enters money that arrived on a promise; a second person confirms it. */
  @Post('guarantee-schemes/:schemeId/contributions/:contributionId/payments')
  @Idempotent()
  @Requires('scheme.manage')
  async pay(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('contributionId') contributionId: string,
    @Body() body: SchemePaymentBody,
  ) {
    return this.contributions.enterPayment(context, id, contributionId, body);
  }

  @Post('guarantee-schemes/:schemeId/payments/:paymentId/decision')
  @HttpCode(200)
  @Idempotent()
  @Requires('scheme.govern')
  async decidePayment(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('paymentId') paymentId: string,
    @Body() body: SchemePaymentDecisionBody,
  ) {
    return this.contributions.decidePayment(context, id, paymentId, body.confirmed);
  }

  /** Starts a run that bills the yearly fees due until a day. */
  @Post('guarantee-schemes/:schemeId/fee-runs')
  @Idempotent()
  @Requires('scheme.manage')
  async runFees(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: FeeRunBody) {
    return this.fees.start(context, id, parseDate(body.dueUntil));
  }
}
