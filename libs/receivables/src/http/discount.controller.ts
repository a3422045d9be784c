import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CalendarDate } from '#kernel';
import { type CommandContext, Context, Idempotent, IdParam, Requires, RequiresStepUp } from '#platform';
import { AskEarlyPayment } from '../application/ask-early-payment.js';
import { CertificateReader } from '../application/certificate.reader.js';
import { DiscountProgrammes } from '../application/discount-programmes.js';
import {
  DiscountAskBody,
  DiscountAskQuery,
  DiscountBudgetBody,
  DiscountProgrammeBody,
  DiscountProgrammeQuery,
} from './settlement-requests.js';

/** Early payment by the anchor: its programmes, and what suppliers ask for. */
@ApiTags('Early payment')
@Controller('v1')
export class DiscountController {
  constructor(
    private readonly programmes: DiscountProgrammes,
    private readonly asks: AskEarlyPayment,
    private readonly reader: CertificateReader,
  ) {}

  /** The anchor's own programmes. */
  @Get('discount-programmes')
  @Requires('discount.read')
  async list(@Context() { actor }: CommandContext, @Query() query: DiscountProgrammeQuery) {
    return this.reader.programmes(actor.organisationId, query.state, query);
  }

  @Post('discount-programmes')
  @Requires('discount.write')
  @Idempotent()
  async propose(@Context() context: CommandContext, @Body() body: DiscountProgrammeBody) {
    return this.programmes.propose(context, body);
  }

  @Post('discount-programmes/:programmeId/approve')
  @HttpCode(200)
  @Requires('discount.approve')
  @RequiresStepUp()
  async approve(@Context() context: CommandContext, @IdParam('programmeId') id: string) {
    return this.programmes.move(context, id, 'approve');
  }

  @Post('discount-programmes/:programmeId/reject')
  @HttpCode(200)
  @Requires('discount.approve')
  async reject(@Context() context: CommandContext, @IdParam('programmeId') id: string) {
    return this.programmes.move(context, id, 'reject');
  }

  @Post('discount-programmes/:programmeId/pause')
  @HttpCode(200)
  @Requires('discount.write')
  async pause(@Context() context: CommandContext, @IdParam('programmeId') id: string) {
    return this.programmes.move(context, id, 'pause');
  }

  @Post('discount-programmes/:programmeId/resume')
  @HttpCode(200)
  @Requires('discount.approve')
  async resume(@Context() context: CommandContext, @IdParam('programmeId') id: string) {
    return this.programmes.move(context, id, 'resume');
  }

  @Post('discount-programmes/:programmeId/end')
  @HttpCode(200)
  @Requires('discount.write')
  async end(@Context() context: CommandContext, @IdParam('programmeId') id: string) {
    return this.programmes.move(context, id, 'end');
  }

  /** The money of one day. */
  @Put('discount-programmes/:programmeId/budget')
  @Requires('discount.approve')
  @RequiresStepUp()
  async budget(
    @Context() context: CommandContext,
    @IdParam('programmeId') id: string,
    @Body() body: DiscountBudgetBody,
  ) {
    return this.programmes.setBudget(context, id, body.payOn, body.budget);
  }

  /** What suppliers have asked of the anchor. */
  @Get('discount-programme-asks')
  @Requires('discount.read')
  async asked(@Context() { actor }: CommandContext, @Query() query: DiscountAskQuery) {
    return this.reader.asks({ anchorId: actor.organisationId }, query.state, query);
  }

  /** Live programmes of the anchors whose certificates the caller holds. */
  @Get('discount-offers')
  @Requires('discount.ask')
  async offers(@Context() { actor }: CommandContext) {
    return this.reader.offersFor(actor.organisationId);
  }

  @Get('discount-asks')
  @Requires('discount.ask')
  async own(@Context() { actor }: CommandContext, @Query() query: DiscountAskQuery) {
    return this.reader.asks({ supplierId: actor.organisationId }, query.state, query);
  }

  /** Asks to be paid early; at the programme's rate or above it is agreed at once while the day has money. */
  @Post('discount-asks')
  @Requires('discount.ask')
  @Idempotent()
  @RequiresStepUp()
  async ask(@Context() context: CommandContext, @Body() body: DiscountAskBody) {
    return this.asks.execute(context, { ...body, payOn: body.payOn as CalendarDate });
  }

  @Post('discount-asks/:askId/withdraw')
  @HttpCode(200)
  @Requires('discount.ask')
  async withdraw(@Context() context: CommandContext, @IdParam('askId') id: string) {
    return this.asks.withdraw(context, id);
  }
}
