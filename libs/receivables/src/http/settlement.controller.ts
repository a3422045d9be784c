import { Body, Controller, Get, Header, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CalendarDate } from '#kernel';
import { type CommandContext, Context, Idempotent, IdParam, PageQuery, Requires, RequiresStepUp } from '#platform';
import { AcknowledgeAssignment } from '../application/acknowledge-assignment.js';
import { DeclarePaymentAccount } from '../application/declare-payment-account.js';
import { InstructPayments } from '../application/instruct-payments.js';
import { Repurchase } from '../application/repurchase.js';
import { SettlementReader } from '../application/settlement.reader.js';
import {
  AssignmentQuery,
  ObligationQuery,
  PaymentAccountBody,
  PaymentFileBody,
  PayoutQuery,
  SettlementWhyBody,
} from './settlement-requests.js';

/** What the caller's organisation has sold or bought, owes and is paid. */
@ApiTags('Settlement')
@Controller('v1')
export class SettlementController {
  constructor(
    private readonly reader: SettlementReader,
    private readonly instruct: InstructPayments,
    private readonly accounts: DeclarePaymentAccount,
    private readonly acknowledge: AcknowledgeAssignment,
    private readonly repurchase: Repurchase,
  ) {}

  @Get('settlement/obligations')
  @Requires('settlement.read')
  async obligations(@Context() { actor }: CommandContext, @Query() query: ObligationQuery) {
    return this.reader.obligations(actor.organisationId, query.state, query);
  }

  @Get('settlement/payouts')
  @Requires('settlement.read')
  async payouts(@Context() { actor }: CommandContext, @Query() query: PayoutQuery) {
    return this.reader.payouts(actor.organisationId, query.state, query);
  }

  /** Makes one payment file (pain.001.001.09) of all that is owed up to a day. */
  @Post('settlement/payment-files')
  @Requires('settlement.instruct')
  @Idempotent()
  @RequiresStepUp()
  async paymentFile(@Context() context: CommandContext, @Body() { until, currency }: PaymentFileBody) {
    return this.instruct.payIn(context, until as CalendarDate, currency);
  }

  /** The payment file as it was made. */
  @Get('settlement/payment-files/:fileId')
  @Requires('settlement.instruct')
  @Header('content-type', 'application/xml; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="payments.xml"')
  async file(@Context() context: CommandContext, @IdParam('fileId') id: string): Promise<string> {
    return (await this.instruct.content(context, id, false)).content;
  }

  @Get('settlement/account')
  @Requires('settlement.read')
  async account(@Context() { actor }: CommandContext) {
    return this.reader.account(actor.organisationId);
  }

  /** Declares the account of an anchor or a financier; its ownership is checked before money goes there. */
  @Put('settlement/account')
  @Requires('payment_account.declare')
  @RequiresStepUp()
  async declare(@Context() context: CommandContext, @Body() body: PaymentAccountBody) {
    return this.accounts.execute(context, body);
  }

  /** The organisation has supplied what the operator asked for. */
  @Post('settlement/account/answer')
  @HttpCode(200)
  @Requires('payment_account.declare')
  async answer(@Context() context: CommandContext) {
    return this.accounts.answer(context);
  }

  @Get('assignments')
  @Requires('settlement.read')
  async assignments(@Context() { actor }: CommandContext, @Query() query: AssignmentQuery) {
    return this.reader.assignments(actor.organisationId, query.state, query);
  }

  @Get('assignments/:assignmentId')
  @Requires('settlement.read')
  async assignment(@Context() { actor }: CommandContext, @IdParam('assignmentId') id: string) {
    return this.reader.assignment(actor.organisationId, id);
  }

  /** With recourse: the financier calls on the seller after the debtor's default. */
  @Post('assignments/:assignmentId/repurchase')
  @HttpCode(200)
  @Requires('offer.approve')
  @Idempotent()
  async callRepurchase(
    @Context() context: CommandContext,
    @IdParam('assignmentId') id: string,
    @Body() { reason }: SettlementWhyBody,
  ) {
    return this.repurchase.claim(context, id, reason);
  }

  /** The notices of assignment that the anchor has got. */
  @Get('assignment-notices')
  @Requires('receivable.read')
  async notices(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.reader.notices(actor.organisationId, query);
  }

  @Post('assignment-notices/:noticeId/acknowledge')
  @HttpCode(200)
  @Requires('receivable.confirm')
  async acknowledgeNotice(@Context() context: CommandContext, @IdParam('noticeId') id: string) {
    return this.acknowledge.execute(context, id);
  }

  /** Where and under which reference the anchor pays a receivable. */
  @Get('receivables/:receivableId/pay-to')
  @Requires('receivable.confirm')
  async payTo(@Context() { actor }: CommandContext, @IdParam('receivableId') id: string) {
    return this.reader.payTo(actor.organisationId, id);
  }
}
