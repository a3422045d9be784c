import { Body, Controller, Get, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, Idempotent, IdParam, IfMatch, PageQuery, Requires } from '#platform';
import { DecideLimits, ProposeLimits } from '../application/change-limits.js';
import { InstitutionLists } from '../application/institution-lists.reader.js';
import { MoveMandate } from '../application/move-mandate.js';
import { SaveMandate } from '../application/save-mandate.js';
import { tagged } from './etag.js';
import { LimitChangeQuery, LimitsBody, MandateBody, MandateQuery, InstitutionWhyBody } from './requests.js';

/** What the institution funds, and how much of it: mandates, and their limits by maker and checker. */
@ApiTags('Mandates')
@Controller('v1/institution')
export class MandatesController {
  constructor(
    private readonly lists: InstitutionLists,
    private readonly save: SaveMandate,
    private readonly move: MoveMandate,
    private readonly propose: ProposeLimits,
    private readonly decide: DecideLimits,
  ) {}

  @Get('mandates')
  @Requires('institution.read')
  async list(@Context() { actor }: CommandContext, @Query() query: MandateQuery) {
    return this.lists.mandates(actor.organisationId, query);
  }

  @Post('mandates')
  @Requires('institution.write')
  async create(@Context() context: CommandContext, @Body() body: MandateBody) {
    return this.save.create(context, body);
  }

  @Get('mandates/:mandateId')
  @Requires('institution.read')
  async show(
    @Context() { actor }: CommandContext,
    @IdParam('mandateId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.lists.mandate(actor.organisationId, id));
  }

  /** Changes the terms; auto-bid rules of the mandate wait for a checker again. */
  @Put('mandates/:mandateId')
  @Requires('institution.write')
  async change(
    @Context() context: CommandContext,
    @IdParam('mandateId') id: string,
    @IfMatch() version: number,
    @Body() body: MandateBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.save.change(context, id, version, body));
  }

  @Post('mandates/:mandateId/publish')
  @HttpCode(200)
  @Requires('institution.write')
  async publish(@Context() context: CommandContext, @IdParam('mandateId') id: string) {
    return this.move.execute(context, id, 'publish');
  }

  @Post('mandates/:mandateId/pause')
  @HttpCode(200)
  @Requires('institution.write')
  async pause(@Context() context: CommandContext, @IdParam('mandateId') id: string, @Body() body: InstitutionWhyBody) {
    return this.move.execute(context, id, 'pause', body.reason);
  }

  @Post('mandates/:mandateId/resume')
  @HttpCode(200)
  @Requires('institution.write')
  async resume(@Context() context: CommandContext, @IdParam('mandateId') id: string) {
    return this.move.execute(context, id, 'resume');
  }

  @Post('mandates/:mandateId/end')
  @HttpCode(200)
  @Requires('institution.write')
  async end(@Context() context: CommandContext, @IdParam('mandateId') id: string, @Body() body: InstitutionWhyBody) {
    return this.move.execute(context, id, 'end', body.reason);
  }

  /** How much of each limit is used. */
  @Get('mandates/:mandateId/exposure')
  @Requires('institution.read')
  async exposure(@Context() { actor }: CommandContext, @IdParam('mandateId') id: string) {
    return this.lists.exposure(actor.organisationId, id);
  }

  /** Who did what with a mandate, newest first. */
  @Get('mandates/:mandateId/history')
  @Requires('institution.read')
  async history(@Context() { actor }: CommandContext, @IdParam('mandateId') id: string, @Query() query: PageQuery) {
    return this.lists.history(actor.organisationId, id, query);
  }

  /** A maker proposes limits; they hold when a checker has approved them. */
  @Post('mandates/:mandateId/limit-changes')
  @Idempotent()
  @Requires('institution.write')
  async proposeLimits(@Context() context: CommandContext, @IdParam('mandateId') id: string, @Body() body: LimitsBody) {
    return this.propose.execute(context, id, body);
  }

  /** Proposed and decided limits: the change history. */
  @Get('limit-changes')
  @Requires('institution.read')
  async limitChanges(@Context() { actor }: CommandContext, @Query() query: LimitChangeQuery) {
    return this.lists.limitChanges(actor.organisationId, query);
  }

  @Post('limit-changes/:changeId/approve')
  @HttpCode(200)
  @Idempotent()
  @Requires('institution.approve')
  async approveLimits(
    @Context() context: CommandContext,
    @IdParam('changeId') id: string,
    @Body() body: InstitutionWhyBody,
  ) {
    return this.decide.execute(context, id, 'approve', body.reason);
  }

  @Post('limit-changes/:changeId/reject')
  @HttpCode(200)
  @Requires('institution.approve')
  async rejectLimits(
    @Context() context: CommandContext,
    @IdParam('changeId') id: string,
    @Body() body: InstitutionWhyBody,
  ) {
    return this.decide.execute(context, id, 'reject', body.reason);
  }

  @Post('limit-changes/:changeId/withdraw')
  @HttpCode(200)
  @Requires('institution.write')
  async withdrawLimits(
    @Context() context: CommandContext,
    @IdParam('changeId') id: string,
    @Body() body: InstitutionWhyBody,
  ) {
    return this.decide.execute(context, id, 'withdraw', body.reason);
  }
}
