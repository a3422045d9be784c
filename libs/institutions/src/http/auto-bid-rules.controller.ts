import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, Idempotent, IdParam, PageQuery, Requires } from '#platform';
import { InstitutionLists } from '../application/institution-lists.reader.js';
import { MoveAutoBidRule, ProposeAutoBidRule } from '../application/propose-auto-bid-rule.js';
import { AutoBidQuery, AutoBidRuleBody, InstitutionWhyBody } from './requests.js';

/** Rules that bid by themselves, approved by maker and checker. */
@ApiTags('Mandates')
@Controller('v1/institution/auto-bid-rules')
export class AutoBidRulesController {
  constructor(
    private readonly lists: InstitutionLists,
    private readonly propose: ProposeAutoBidRule,
    private readonly move: MoveAutoBidRule,
  ) {}

  @Get()
  @Requires('institution.read')
  async list(@Context() { actor }: CommandContext, @Query() query: AutoBidQuery) {
    return this.lists.autoBidRules(actor.organisationId, query);
  }

  @Post()
  @Idempotent()
  @Requires('institution.write')
  async create(@Context() context: CommandContext, @Body() body: AutoBidRuleBody) {
    return this.propose.execute(context, body);
  }

  @Get(':ruleId/history')
  @Requires('institution.read')
  async history(@Context() { actor }: CommandContext, @IdParam('ruleId') id: string, @Query() query: PageQuery) {
    return this.lists.history(actor.organisationId, id, query);
  }

  @Post(':ruleId/approve')
  @HttpCode(200)
  @Idempotent()
  @Requires('institution.approve')
  async approve(@Context() context: CommandContext, @IdParam('ruleId') id: string, @Body() body: InstitutionWhyBody) {
    return this.move.execute(context, id, 'approve', body.reason);
  }

  @Post(':ruleId/reject')
  @HttpCode(200)
  @Requires('institution.approve')
  async reject(@Context() context: CommandContext, @IdParam('ruleId') id: string, @Body() body: InstitutionWhyBody) {
    return this.move.execute(context, id, 'reject', body.reason);
  }

  @Post(':ruleId/pause')
  @HttpCode(200)
  @Requires('institution.write')
  async pause(@Context() context: CommandContext, @IdParam('ruleId') id: string, @Body() body: InstitutionWhyBody) {
    return this.move.execute(context, id, 'pause', body.reason);
  }

  @Post(':ruleId/resume')
  @HttpCode(200)
  @Idempotent()
  @Requires('institution.approve')
  async resume(@Context() context: CommandContext, @IdParam('ruleId') id: string, @Body() body: InstitutionWhyBody) {
    return this.move.execute(context, id, 'resume', body.reason);
  }

  @Post(':ruleId/end')
  @HttpCode(200)
  @Requires('institution.write')
  async end(@Context() context: CommandContext, @IdParam('ruleId') id: string, @Body() body: InstitutionWhyBody) {
    return this.move.execute(context, id, 'end', body.reason);
  }
}
