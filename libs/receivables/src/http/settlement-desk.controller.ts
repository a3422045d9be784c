import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { moneyFromJson } from '#kernel';
import { type CommandContext, Context, Idempotent, IdParam, Requires, RequiresStepUp } from '#platform';
import { BookStatement } from '../application/book-statement.js';
import { DecideMatch } from '../application/decide-match.js';
import { CheckPaymentAccount } from '../application/declare-payment-account.js';
import { InstructPayments } from '../application/instruct-payments.js';
import { Repurchase } from '../application/repurchase.js';
import { SettlementDeskReader } from '../application/settlement-desk.reader.js';
import { SettlementReader } from '../application/settlement.reader.js';
import { UndoAssignment } from '../application/undo-assignment.js';
import {
  AccountDecisionBody,
  AccountInformationBody,
  EntryQuery,
  MatchDecisionBody,
  MatchProposalBody,
  OwedBackQuery,
  PayoutFileBody,
  PayoutQuery,
  RepurchaseGroundBody,
  SettlementWhyBody,
  StatementQuery,
} from './settlement-requests.js';

/** The operator's desk: bank statements, the worklist of unclear movements, payouts, and accounts to check. */
@ApiTags('Settlement desk')
@Controller('v1')
export class SettlementDeskController {
  constructor(
    private readonly statements: BookStatement,
    private readonly reader: SettlementReader,
    private readonly desk: SettlementDeskReader,
    private readonly matches: DecideMatch,
    private readonly instruct: InstructPayments,
    private readonly assignments: UndoAssignment,
    private readonly repurchase: Repurchase,
    private readonly accounts: CheckPaymentAccount,
  ) {}

  /** Takes a bank statement (camt.053.001.08) of the settlement account; the same again changes nothing. */
  @Post('settlement-desk/statements')
  @HttpCode(200)
  @Requires('settlement.operate')
  @ApiConsumes('application/xml')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async upload(@Context() context: CommandContext, @Body() content: unknown) {
    return this.statements.execute(context, Buffer.isBuffer(content) ? content : Buffer.alloc(0));
  }

  /** The imported statements, newest first, each with how many of its movements wait for a person or for the worker. */
  @Get('settlement-desk/statements')
  @Requires('settlement.operate')
  async statementList(@Query() query: StatementQuery) {
    return this.desk.statements(query);
  }

  /** What parties are to give back, because the bank took back the money that they were paid from or had paid. */
  @Get('settlement-desk/owed-back')
  @Requires('settlement.operate')
  async owedBack(@Query() query: OwedBackQuery) {
    return this.desk.owedBack(query.state, query);
  }

  /** Movements of the settlement account; `state=unclear` is the worklist. */
  @Get('settlement-desk/entries')
  @Requires('settlement.operate')
  async entries(@Query() query: EntryQuery) {
    return this.desk.entries(query.state, query);
  }

  /** Says what an unclear movement is; a second person decides. */
  @Post('settlement-desk/entries/:entryId/proposal')
  @HttpCode(200)
  @Requires('settlement.operate')
  async propose(
    @Context() context: CommandContext,
    @IdParam('entryId') id: string,
    @Body() proposal: MatchProposalBody,
  ) {
    const { parts: named, ...body } = proposal;
    const parts = named?.map(({ obligationId, amount }) => ({ obligationId, amount: moneyFromJson(amount) }));
    return this.matches.propose(context, id, { ...body, ...(parts ? { parts } : {}) });
  }

  @Post('settlement-desk/entries/:entryId/decision')
  @HttpCode(200)
  @Requires('settlement.operate')
  @Idempotent()
  @RequiresStepUp()
  async decide(
    @Context() context: CommandContext,
    @IdParam('entryId') id: string,
    @Body() { approved, version }: MatchDecisionBody,
  ) {
    return this.matches.decide(context, id, approved, version);
  }

  @Get('settlement-desk/payouts')
  @Requires('settlement.operate')
  async payouts(@Query() query: PayoutQuery) {
    return this.reader.payouts(undefined, query.state, query);
  }

  /** Makes one payment file (pain.001.001.09) of what may be paid out. */
  @Post('settlement-desk/payout-files')
  @Requires('settlement.operate')
  @Idempotent()
  @RequiresStepUp()
  async payoutFile(@Context() context: CommandContext, @Body() { currency }: PayoutFileBody) {
    return this.instruct.payout(context, currency);
  }

  @Get('settlement-desk/files/:fileId')
  @Requires('settlement.operate')
  @Header('content-type', 'application/xml; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="payments.xml"')
  async file(@Context() context: CommandContext, @IdParam('fileId') id: string): Promise<string> {
    return (await this.instruct.content(context, id, true)).content;
  }

  /** The bank refused a payout or did not answer: it is due again. */
  @Post('settlement-desk/payouts/:payoutId/fail')
  @HttpCode(200)
  @Requires('settlement.operate')
  @RequiresStepUp()
  async fail(
    @Context() context: CommandContext,
    @IdParam('payoutId') id: string,
    @Body() { reason }: SettlementWhyBody,
  ) {
    return this.instruct.fail(context, id, reason);
  }

  /** Undoes a sale whose first leg the financier's bank has not paid. */
  @Post('settlement-desk/assignments/:assignmentId/undo')
  @HttpCode(200)
  @Requires('settlement.operate')
  @Idempotent()
  @RequiresStepUp()
  async undo(
    @Context() context: CommandContext,
    @IdParam('assignmentId') id: string,
    @Body() { reason }: SettlementWhyBody,
  ) {
    return this.assignments.execute(context, id, reason);
  }

  /** Obliges a seller to buy back after fraud, double assignment or non-delivery. */
  @Post('settlement-desk/assignments/:assignmentId/repurchase')
  @HttpCode(200)
  @Requires('settlement.operate')
  @Idempotent()
  @RequiresStepUp()
  async callRepurchase(
    @Context() context: CommandContext,
    @IdParam('assignmentId') id: string,
    @Body() { ground, note }: RepurchaseGroundBody,
  ) {
    return this.repurchase.establish(context, id, ground, note);
  }

  @Get('review/payment-accounts/:paymentAccountId')
  @Requires('review.read')
  async account(@IdParam('paymentAccountId') id: string) {
    return this.reader.accountForReview(id);
  }

  @Post('review/payment-accounts/:paymentAccountId/request-information')
  @HttpCode(200)
  @Requires('review.work')
  async ask(
    @Context() context: CommandContext,
    @IdParam('paymentAccountId') id: string,
    @Body() { reasons }: AccountInformationBody,
  ) {
    return this.accounts.requestInformation(context, id, reasons);
  }

  /** Says whether the account is the organisation's own. */
  @Post('review/payment-accounts/:paymentAccountId/decision')
  @HttpCode(200)
  @Requires('review.work')
  async decideAccount(
    @Context() context: CommandContext,
    @IdParam('paymentAccountId') id: string,
    @Body() { confirmed, reasons }: AccountDecisionBody,
  ) {
    return this.accounts.decide(context, id, confirmed, reasons);
  }
}
