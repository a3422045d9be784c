import { Body, Controller, Get, HttpCode, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, IdParam, IfMatch, PageQuery, Public, Requires } from '#platform';
import { InstitutionLists } from '../application/institution-lists.reader.js';
import { SaveFinancierProfile } from '../application/save-financier-profile.js';
import { VerifyFinancier } from '../application/verify-financier.js';
import {
  InstitutionDecisionBody,
  FinancierProfileBody,
  PublicProductQuery,
  InstitutionReasonsBody,
  InstitutionVerificationQuery,
  InstitutionWhyBody,
} from './requests.js';
import { tagged } from './etag.js';

/** The institution's profile and its verification; what the public sees of institutions. */
@ApiTags('Institutions')
@Controller('v1')
export class InstitutionController {
  constructor(
    private readonly lists: InstitutionLists,
    private readonly save: SaveFinancierProfile,
    private readonly verification: VerifyFinancier,
  ) {}

  /** Verified institutions. */
  @Get('institutions')
  @Public()
  async all(@Query() query: PageQuery) {
    return this.lists.publicInstitutions(query);
  }

  /** Published products of verified institutions. */
  @Get('products')
  @Public()
  async products(@Query() query: PublicProductQuery) {
    return this.lists.publicProducts(query);
  }

  @Get('institution')
  @Requires('institution.read')
  async show(@Context() { actor }: CommandContext, @Res({ passthrough: true }) reply: FastifyReply) {
    return tagged(reply, await this.lists.profile(actor.organisationId));
  }

  /** Saves any part of the profile; If-Match "0" begins it. */
  @Patch('institution')
  @Requires('institution.write')
  async change(
    @Context() context: CommandContext,
    @IfMatch() version: number,
    @Body() body: FinancierProfileBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.save.execute(context, version, body));
  }

  /** Who did what with the profile, newest first. */
  @Get('institution/history')
  @Requires('institution.read')
  async history(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.lists.history(actor.organisationId, actor.organisationId, query);
  }

  /** Hands the profile in for verification. */
  @Post('institution/verification')
  @Requires('institution.write')
  async submit(@Context() context: CommandContext) {
    return this.verification.submit(context);
  }

  /** What was asked for is complete: the review goes on. */
  @Post('institution/verification/answer')
  @HttpCode(200)
  @Requires('institution.write')
  async answer(@Context() context: CommandContext) {
    return this.verification.answer(context);
  }

  @Post('institution/verification/withdraw')
  @HttpCode(200)
  @Requires('institution.write')
  async withdraw(@Context() context: CommandContext) {
    return this.verification.withdraw(context);
  }

  /** For the operator: institutions by state of their verification. */
  @Get('operator/institutions')
  @Requires('review.read')
  async forReview(@Query() query: InstitutionVerificationQuery) {
    return this.lists.institutions(query);
  }

  @Get('operator/institutions/:institutionId')
  @Requires('review.read')
  async oneForReview(@IdParam('institutionId') id: string) {
    return this.lists.profile(id);
  }

  /** One bundled request; the clock stands still until the answer. */
  @Post('operator/institutions/:institutionId/information-request')
  @HttpCode(200)
  @Requires('review.work')
  async ask(
    @Context() context: CommandContext,
    @IdParam('institutionId') id: string,
    @Body() body: InstitutionReasonsBody,
  ) {
    return this.verification.requestInformation(context, id, body.reasons);
  }

  @Post('operator/institutions/:institutionId/decision')
  @HttpCode(200)
  @Requires('review.work')
  async decide(
    @Context() context: CommandContext,
    @IdParam('institutionId') id: string,
    @Body() body: InstitutionDecisionBody,
  ) {
    return this.verification.decide(context, id, body);
  }

  /** There is cause to look again. */
  @Post('operator/institutions/:institutionId/reopen')
  @HttpCode(200)
  @Requires('registry.manage')
  async reopen(
    @Context() context: CommandContext,
    @IdParam('institutionId') id: string,
    @Body() body: InstitutionWhyBody,
  ) {
    return this.verification.reopen(context, id, body.reason);
  }
}
