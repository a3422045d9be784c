import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  type CommandContext,
  Context,
  documentMediaTypes,
  IdParam,
  IfMatch,
  PageQuery,
  Requires,
  RequiresStepUp,
} from '#platform';
import { DeclareBankAccount } from '../application/declare-bank-account.js';
import { Documents } from '../application/documents.js';
import { EnterpriseLists } from '../application/enterprise-lists.reader.js';
import { SaveProfile } from '../application/save-profile.js';
import { SaveStatement } from '../application/save-statement.js';
import { VerifyEnterprise } from '../application/verify-enterprise.js';
import { download, fiscalYear } from './document-answer.js';
import { tagged } from './etag.js';
import { profileInput } from './profile-input.js';
import { BankAccountBody, DocumentQuery, ProfileBody, StatementBody } from './requests.js';

/** The own enterprise: profile, statements, documents, bank account, verification. */
@ApiTags('Enterprise')
@Controller('v1/enterprise')
export class EnterpriseController {
  constructor(
    private readonly lists: EnterpriseLists,
    private readonly save: SaveProfile,
    private readonly saveStatement: SaveStatement,
    private readonly documents: Documents,
    private readonly declareAccount: DeclareBankAccount,
    private readonly verification: VerifyEnterprise,
  ) {}

  @Get()
  @Requires('enterprise.read')
  async show(@Context() { actor }: CommandContext, @Res({ passthrough: true }) reply: FastifyReply) {
    return tagged(reply, await this.lists.profile(actor.organisationId));
  }

  /** Saves any part of the profile; If-Match "0" begins it. */
  @Patch()
  @Requires('enterprise.write')
  async change(
    @Context() context: CommandContext,
    @IfMatch() version: number,
    @Body() body: ProfileBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.save.execute(context, version, profileInput(body)));
  }

  /** What remains before the profile can be handed in. */
  @Get('tasks')
  @Requires('enterprise.read')
  async tasks(@Context() { actor }: CommandContext) {
    return this.lists.tasks(actor.organisationId);
  }

  /** Legal forms, identifiers and currency of the country. */
  @Get('choices')
  @Requires('enterprise.read')
  choices() {
    return this.lists.choices();
  }

  /** Declares the account to which money may go. Another account is checked anew and waits a cooling time. */
  @Put('bank-account')
  @Requires('request.submit')
  @RequiresStepUp()
  async account(
    @Context() context: CommandContext,
    @IfMatch() version: number,
    @Body() body: BankAccountBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.declareAccount.execute(context, version, body));
  }

  @Get('statements')
  @Requires('enterprise.read')
  async statements(@Context() { actor }: CommandContext) {
    return this.lists.statements(actor.organisationId);
  }

  /** Every version of one year's statement. */
  @Get('statements/:year')
  @Requires('enterprise.read')
  @ApiParam({ name: 'year', schema: { type: 'integer', minimum: 1990, maximum: 2199 } })
  async statement(@Context() { actor }: CommandContext, @Param('year') year: string) {
    return this.lists.statementVersions(actor.organisationId, fiscalYear(year));
  }

  /** Saves a year's statement as a new version; If-Match "0" for a year without one. */
  @Put('statements/:year')
  @Requires('enterprise.write')
  @ApiParam({ name: 'year', schema: { type: 'integer', minimum: 1990, maximum: 2199 } })
  async changeStatement(
    @Context() context: CommandContext,
    @Param('year') year: string,
    @IfMatch() version: number,
    @Body() body: StatementBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.saveStatement.execute(context, fiscalYear(year), version, body));
  }

  @Get('documents')
  @Requires('enterprise.read')
  async documentList(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.lists.documents(actor.organisationId, query);
  }

  /** Takes a file as it is: its bytes are the body, up to 10 MiB. Answers with checksum and receipt. */
  @Post('documents')
  @Requires('enterprise.write')
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async upload(@Context() context: CommandContext, @Query() query: DocumentQuery, @Body() content: Buffer) {
    return this.documents.upload(context, { ...query, content });
  }

  @Get('documents/:documentId/content')
  @Requires('enterprise.read')
  @ApiProduces(...documentMediaTypes)
  async content(@Context() { actor }: CommandContext, @IdParam('documentId') id: string): Promise<StreamableFile> {
    return download(await this.documents.read(actor.organisationId, id));
  }

  @Delete('documents/:documentId')
  @HttpCode(204)
  @Requires('enterprise.write')
  async removeDocument(@Context() context: CommandContext, @IdParam('documentId') id: string) {
    await this.documents.remove(context, id);
  }

  /** Hands the profile in for verification. */
  @Post('verification')
  @Requires('request.submit')
  async submit(@Context() context: CommandContext) {
    return this.verification.submit(context);
  }

  /** What was asked for is complete: the review goes on. */
  @Post('verification/answer')
  @HttpCode(200)
  @Requires('request.submit')
  async answer(@Context() context: CommandContext) {
    return this.verification.answer(context);
  }

  @Post('verification/withdraw')
  @HttpCode(200)
  @Requires('request.submit')
  async withdraw(@Context() context: CommandContext) {
    return this.verification.withdraw(context);
  }

  /** Every step of the verification, newest first. */
  @Get('history')
  @Requires('enterprise.read')
  async history(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.lists.history(actor.organisationId, query);
  }
}
