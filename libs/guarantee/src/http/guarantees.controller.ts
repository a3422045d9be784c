import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { parseDate } from '#kernel';
import {
  type CommandContext,
  Context,
  httpError,
  Idempotent,
  IdParam,
  PdfPrinter,
  printedFile,
  Public,
  Requires,
} from '#platform';
import { AmendGuarantee } from '../application/amend-guarantee.js';
import { Certificate } from '../application/certificate.js';
import { EndGuarantee } from '../application/end-guarantee.js';
import { Fees } from '../application/fees.js';
import { GuaranteeMarket } from '../application/guarantee-market.js';
import { GuaranteeReader } from '../application/guarantee.reader.js';
import { readReportTable } from '../application/read-report-table.js';
import { ReportOutstanding } from '../application/report-outstanding.js';
import {
  FeeOverrideBody,
  FeePaymentBody,
  GuaranteeAmendmentBody,
  GuaranteeAmendmentDecisionBody,
  GuaranteeDisbursementBody,
  GuaranteeReasonBody,
  GuaranteeReportBody,
  GuaranteesQuery,
} from './requests.js';

/** Guarantees from the letter of intent to their end, their fees, reports and certificates. */
@ApiTags('Guarantees')
@Controller('v1')
export class GuaranteesController {
  constructor(
    private readonly reader: GuaranteeReader,
    private readonly market: GuaranteeMarket,
    private readonly amend: AmendGuarantee,
    private readonly ending: EndGuarantee,
    private readonly reports: ReportOutstanding,
    private readonly fees: Fees,
    private readonly certificates: Certificate,
    private readonly printer: PdfPrinter,
  ) {}

  /** What anybody who holds a certificate may check: whether it is genuine, and whether it stands. */
  @Get('public/guarantee-certificates/:code')
  @Public()
  @ApiParam({ name: 'code', schema: { type: 'string' } })
  async verify(@Param('code') code: string) {
    if (!/^[2-9A-HJ-NP-Z-]{19}$/.test(code)) throw httpError('record_unknown');
    return this.reader.certificate(code);
  }

  /** The portfolio, newest first. */
  @Get('guarantees')
  @Requires('guarantee.read')
  async list(@Context() { actor }: CommandContext, @Query() query: GuaranteesQuery) {
    return this.reader.guarantees(actor, query);
  }

  /** One guarantee with its fees, amendments, reports and all that happened. */
  @Get('guarantees/:guaranteeId')
  @Requires('guarantee.read')
  async show(@Context() { actor }: CommandContext, @IdParam('guaranteeId') id: string) {
    return this.reader.guarantee(actor, id);
  }

  /** The certificate as PDF in the caller's language, or as the same page to print from the browser. */
  @Get('guarantees/:guaranteeId/certificate')
  @Requires('guarantee.read')
  @ApiProduces('application/pdf', 'text/html')
  async certificate(@Context() { actor }: CommandContext, @IdParam('guaranteeId') id: string) {
    const language = actor.locale === 'ar' || actor.locale === 'zh' ? actor.locale : 'en';
    const { name, page } = await this.certificates.page(actor, id, language);
    return printedFile(this.printer, name, [page]);
  }

  /** The enterprise has accepted a loan outside the market: the letter becomes the guarantee. */
  @Post('guarantees/:guaranteeId/issue')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.apply')
  async issue(@Context() context: CommandContext, @IdParam('guaranteeId') id: string) {
    return this.market.issueOwn(context, id);
  }

  /** A loan outside the market was disbursed. */
  @Post('guarantees/:guaranteeId/disbursement')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.apply')
  async disburse(
    @Context() context: CommandContext,
    @IdParam('guaranteeId') id: string,
    @Body() body: GuaranteeDisbursementBody,
  ) {
    return this.market.disburseOwn(context, id, parseDate(body.disbursedOn));
  }

  /** The lender gives the guarantee back. */
  @Post('guarantees/:guaranteeId/release')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.apply')
  async release(
    @Context() context: CommandContext,
    @IdParam('guaranteeId') id: string,
    @Body() body: GuaranteeReasonBody,
  ) {
    return this.ending.release(context, id, body.reason);
  }

  /** The lender asks for a change of the term or a lower amount. */
  @Post('guarantees/:guaranteeId/amendments')
  @Idempotent()
  @Requires('guarantee.apply')
  async propose(
    @Context() context: CommandContext,
    @IdParam('guaranteeId') id: string,
    @Body() body: GuaranteeAmendmentBody,
  ) {
    return this.amend.propose(context, id, body);
  }

  @Post('guarantees/:guaranteeId/amendments/:amendmentId/decision')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.decide.approve')
  async decide(
    @Context() context: CommandContext,
    @IdParam('guaranteeId') id: string,
    @IdParam('amendmentId') amendmentId: string,
    @Body() body: GuaranteeAmendmentDecisionBody,
  ) {
    return this.amend.decide(context, id, amendmentId, body.approved, body.reason);
  }

  /** Outstanding amounts and days past due of one month; each line is answered, the same again changes nothing. */
  @Put('guarantee-reports/:month')
  @Requires('guarantee.apply')
  @ApiParam({ name: 'month', schema: { type: 'string', example: '2026-01' } })
  async report(@Context() context: CommandContext, @Param('month') month: string, @Body() body: GuaranteeReportBody) {
    return this.reports.execute(context, monthOf(month), body.lines);
  }

  /** The same from a table: number, outstanding, daysPastDue. */
  @Put('guarantee-reports/:month/table')
  @Requires('guarantee.apply')
  @ApiParam({ name: 'month', schema: { type: 'string', example: '2026-01' } })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string' } })
  async reportTable(@Context() context: CommandContext, @Param('month') month: string, @Body() content: Buffer) {
    return this.reports.execute(context, monthOf(month), readReportTable(content));
  }

  /** A fee was paid, as the guarantor's bank statement shows. */
  @Post('guarantee-fees/:feeId/payment')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.decide')
  async pay(@Context() context: CommandContext, @IdParam('feeId') id: string, @Body() body: FeePaymentBody) {
    return this.fees.pay(context, id, parseDate(body.paidOn), body.bankReference);
  }

  /** Proposes another amount than the published fee. */
  @Post('guarantee-fees/:feeId/override')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.decide')
  async override(@Context() context: CommandContext, @IdParam('feeId') id: string, @Body() body: FeeOverrideBody) {
    return this.fees.proposeOverride(context, id, body.amount, body.reason);
  }

  @Post('guarantee-fees/:feeId/override/approve')
  @HttpCode(200)
  @Idempotent()
  @Requires('guarantee.decide.approve')
  async approveOverride(@Context() context: CommandContext, @IdParam('feeId') id: string) {
    return this.fees.approveOverride(context, id);
  }
}

function monthOf(text: string): string {
  if (!/^20\d{2}-(0[1-9]|1[0-2])$/.test(text))
    throw httpError('input_invalid', {
      fields: [{ pointer: '/path/month', rule: 'month', message: 'must be a month as 2026-01' }],
    });
  return text;
}
