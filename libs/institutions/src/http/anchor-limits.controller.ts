import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, Idempotent, IdParam, PageQuery, Requires } from '#platform';
import { AnchorLimitReader, ChangeAnchorLimits } from '../application/anchor-limits.js';
import { AnchorLimitBody, InstitutionWhyBody } from './requests.js';

/** How much an institution takes on one anchor: without a limit it cannot bid on that anchor's receivables. */
@ApiTags('Mandates')
@Controller('v1/institution')
export class AnchorLimitsController {
  constructor(
    private readonly change: ChangeAnchorLimits,
    private readonly reader: AnchorLimitReader,
  ) {}

  @Get('anchor-limits')
  @Requires('institution.read')
  async list(@Context() { actor }: CommandContext) {
    return this.reader.own(actor.organisationId);
  }

  @Get('anchor-limit-changes')
  @Requires('institution.read')
  async changes(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.reader.changes(actor.organisationId, query);
  }

  /** A maker proposes a limit; it holds when a checker has approved it. */
  @Post('anchor-limit-changes')
  @Idempotent()
  @Requires('institution.write')
  async propose(@Context() context: CommandContext, @Body() body: AnchorLimitBody) {
    return this.change.propose(context, body);
  }

  @Post('anchor-limit-changes/:anchorLimitChangeId/approve')
  @HttpCode(200)
  @Idempotent()
  @Requires('institution.approve')
  async approve(
    @Context() context: CommandContext,
    @IdParam('anchorLimitChangeId') id: string,
    @Body() body: InstitutionWhyBody,
  ) {
    return this.change.decide(context, id, 'approve', body.reason);
  }

  @Post('anchor-limit-changes/:anchorLimitChangeId/reject')
  @HttpCode(200)
  @Requires('institution.approve')
  async reject(
    @Context() context: CommandContext,
    @IdParam('anchorLimitChangeId') id: string,
    @Body() body: InstitutionWhyBody,
  ) {
    return this.change.decide(context, id, 'reject', body.reason);
  }

  @Post('anchor-limit-changes/:anchorLimitChangeId/withdraw')
  @HttpCode(200)
  @Requires('institution.write')
  async withdraw(
    @Context() context: CommandContext,
    @IdParam('anchorLimitChangeId') id: string,
    @Body() body: InstitutionWhyBody,
  ) {
    return this.change.decide(context, id, 'withdraw', body.reason);
  }
}
