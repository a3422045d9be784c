import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, documentMediaTypes, Idempotent, IdParam, Requires } from '#platform';
import { EvaluateScheme } from '../application/evaluate-scheme.js';
import { RiskReader } from '../application/risk.reader.js';
import { RunProvision } from '../application/run-provision.js';
import { EvaluationBody, ProvisionBody } from './report-requests.js';

/** The risk of a scheme, for its guarantor and the supervisor. */
@ApiTags('Guarantee risk')
@Controller('v1/guarantee-schemes/:schemeId')
export class RiskController {
  constructor(
    private readonly risk: RiskReader,
    private readonly provision: RunProvision,
    private readonly evaluate: EvaluateScheme,
  ) {}

  /** Monthly provisions by expected loss, newest first. */
  @Get('provisions')
  @Requires('guarantee.read')
  async provisions(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.provision.list(actor, id);
  }

  /** Posts the provision of the present month or the one before; the worker posts each month's by itself. */
  @Post('provisions')
  @Requires('scheme.manage')
  @Idempotent()
  async run(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: ProvisionBody) {
    return this.provision.execute(context, id, body.month);
  }

  /** What each scenario of the rule book would do to the scheme. */
  @Get('stress')
  @Requires('guarantee.read')
  async stress(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.risk.stress(actor, id);
  }

  /** Defaults by quarter of disbursement and age, with early warnings. */
  @Get('vintages')
  @Requires('guarantee.read')
  async vintages(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.risk.vintages(actor, id);
  }

  /** What firms, lenders, sectors, regions and years take, against the caps of the mandate. */
  @Get('concentration')
  @Requires('guarantee.read')
  async concentration(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.risk.concentration(actor, id);
  }

  /** Evaluations with their drafts. */
  @Get('own-evaluations')
  @Requires('guarantee.read')
  async evaluations(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.evaluate.list(id, actor);
  }

  /** Computes the figures of a year that is over. */
  @Post('evaluations')
  @Requires('scheme.manage')
  async prepare(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: EvaluationBody) {
    return this.evaluate.prepare(context, id, body.year, body.findings);
  }

  /** Attaches the external auditor's report to the draft; the body is the PDF itself. */
  @Post('evaluations/:year/audit-report')
  @HttpCode(200)
  @Requires('scheme.manage')
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ description: 'The file itself.', schema: { type: 'string', format: 'binary' } })
  async attach(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @Param('year') year: string,
    @Body() content: Buffer,
  ) {
    return this.evaluate.attachAudit(context, id, Number(year), 'audit-report.pdf', content);
  }

  /** A second person publishes the evaluation; it is never changed then. */
  @Post('evaluations/:year/publication')
  @HttpCode(200)
  @Requires('scheme.govern')
  async publish(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Param('year') year: string) {
    return this.evaluate.publish(context, id, Number(year));
  }
}
