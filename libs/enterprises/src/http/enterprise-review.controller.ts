import { Body, Controller, Get, HttpCode, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, documentMediaTypes, IdParam, PageQuery, Requires } from '#platform';
import { Documents } from '../application/documents.js';
import { EnterpriseLists } from '../application/enterprise-lists.reader.js';
import { VerifyEnterprise } from '../application/verify-enterprise.js';
import { download } from './document-answer.js';
import { tagged } from './etag.js';
import {
  EnterpriseDecisionBody,
  EnterpriseReasonsBody,
  EnterpriseVerificationQuery,
  EnterpriseWhyBody,
} from './requests.js';

/** What the operator sees and decides of enterprises. */
@ApiTags('Operator')
@Controller('v1/operator/enterprises')
export class EnterpriseReviewController {
  constructor(
    private readonly lists: EnterpriseLists,
    private readonly documents: Documents,
    private readonly verification: VerifyEnterprise,
  ) {}

  @Get()
  @Requires('review.read')
  async list(@Query() query: EnterpriseVerificationQuery) {
    return this.lists.enterprises(query);
  }

  @Get(':enterpriseId')
  @Requires('review.read')
  async show(@IdParam('enterpriseId') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return tagged(reply, await this.lists.forReview(id));
  }

  @Get(':enterpriseId/statements')
  @Requires('review.read')
  async statements(@IdParam('enterpriseId') id: string) {
    return this.lists.statements(id);
  }

  @Get(':enterpriseId/documents')
  @Requires('review.read')
  async documentList(@IdParam('enterpriseId') id: string, @Query() query: PageQuery) {
    return this.lists.documents(id, query);
  }

  @Get(':enterpriseId/documents/:documentId/content')
  @Requires('review.read')
  @ApiProduces(...documentMediaTypes)
  async content(
    @IdParam('enterpriseId') id: string,
    @IdParam('documentId') documentId: string,
  ): Promise<StreamableFile> {
    return download(await this.documents.read(id, documentId));
  }

  @Get(':enterpriseId/history')
  @Requires('review.read')
  async history(@IdParam('enterpriseId') id: string, @Query() query: PageQuery) {
    return this.lists.history(id, query);
  }

  /** One bundled request; the clock stands still until the answer. */
  @Post(':enterpriseId/information-request')
  @HttpCode(200)
  @Requires('review.work')
  async ask(
    @Context() context: CommandContext,
    @IdParam('enterpriseId') id: string,
    @Body() body: EnterpriseReasonsBody,
  ) {
    return this.verification.requestInformation(context, id, body.reasons);
  }

  @Post(':enterpriseId/decision')
  @HttpCode(200)
  @Requires('review.work')
  async decide(
    @Context() context: CommandContext,
    @IdParam('enterpriseId') id: string,
    @Body() body: EnterpriseDecisionBody,
  ) {
    return this.verification.decide(context, id, body);
  }

  /** There is cause to look again. */
  @Post(':enterpriseId/reopen')
  @HttpCode(200)
  @Requires('registry.manage')
  async reopen(
    @Context() context: CommandContext,
    @IdParam('enterpriseId') id: string,
    @Body() body: EnterpriseWhyBody,
  ) {
    return this.verification.reopen(context, id, body.reason);
  }
}
