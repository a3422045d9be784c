import { Body, Controller, Get, HttpCode, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, IdParam, IfMatch, PageQuery, Public, Requires } from '#platform';
import { AnchorReader } from '../application/anchor.reader.js';
import { Branches } from '../application/branches.js';
import { SaveAnchor } from '../application/save-anchor.js';
import { Suppliers } from '../application/suppliers.js';
import { VerifyAnchor } from '../application/verify-anchor.js';
import {
  AnchorBody,
  AnchorDecisionBody,
  AnchorReasonsBody,
  AnchorVerificationQuery,
  AnchorWhyBody,
  BranchBody,
  BranchChangeBody,
  SupplierBody,
  SupplierChangeBody,
} from './anchor-requests.js';
import { tagged } from './etag.js';

/** Anchors: their profile and verification, branches, suppliers; what others see of them. */
@ApiTags('Anchors')
@Controller('v1')
export class AnchorsController {
  constructor(
    private readonly reader: AnchorReader,
    private readonly save: SaveAnchor,
    private readonly verification: VerifyAnchor,
    private readonly branches: Branches,
    private readonly suppliers: Suppliers,
  ) {}

  /** Verified anchors that show themselves to everybody, with their median time to confirm. */
  @Get('anchors')
  @Public()
  async all(@Query() query: PageQuery) {
    return this.reader.publicAnchors(query);
  }

  /** The anchors that have the own firm on their list of suppliers. */
  @Get('my-anchors')
  @Requires('receivable.upload')
  async mine(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.reader.anchorsOf(actor.organisationId, query);
  }

  @Get('anchor')
  @Requires('anchor.manage')
  async show(@Context() { actor }: CommandContext, @Res({ passthrough: true }) reply: FastifyReply) {
    return tagged(reply, await this.reader.profile(actor.organisationId));
  }

  /** Saves any part of the profile; If-Match "0" begins it. */
  @Patch('anchor')
  @Requires('anchor.manage')
  async change(
    @Context() context: CommandContext,
    @IfMatch() version: number,
    @Body() body: AnchorBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.save.execute(context, version, body));
  }

  /** Hands the profile in for verification. */
  @Post('anchor/verification')
  @Requires('anchor.manage')
  async submit(@Context() context: CommandContext) {
    return this.verification.submit(context);
  }

  /** What was asked for is complete: the review goes on. */
  @Post('anchor/verification/answer')
  @HttpCode(200)
  @Requires('anchor.manage')
  async answer(@Context() context: CommandContext) {
    return this.verification.answer(context);
  }

  @Post('anchor/verification/withdraw')
  @HttpCode(200)
  @Requires('anchor.manage')
  async withdraw(@Context() context: CommandContext) {
    return this.verification.withdraw(context);
  }

  @Get('anchor/branches')
  @Requires('receivable.read')
  async branchList(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.branches.list(actor.organisationId, query);
  }

  @Post('anchor/branches')
  @Requires('anchor.manage')
  async addBranch(@Context() context: CommandContext, @Body() body: BranchBody) {
    return this.branches.add(context, body);
  }

  /** Changes a branch or who works for it. */
  @Patch('anchor/branches/:branchId')
  @Requires('anchor.manage')
  async changeBranch(
    @Context() context: CommandContext,
    @IdParam('branchId') id: string,
    @IfMatch() version: number,
    @Body() body: BranchChangeBody,
  ) {
    return this.branches.change(context, id, version, body);
  }

  /** The own list of suppliers; nobody else reads it. */
  @Get('anchor/suppliers')
  @Requires('supplier.manage')
  async supplierList(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.suppliers.list(actor.organisationId, query);
  }

  /** Puts a supplier on the list, by its organisation or its registration number. */
  @Post('anchor/suppliers')
  @Requires('supplier.manage')
  async addSupplier(@Context() context: CommandContext, @Body() body: SupplierBody) {
    return this.suppliers.add(context, body);
  }

  @Patch('anchor/suppliers/:entryId')
  @Requires('supplier.manage')
  async changeSupplier(
    @Context() context: CommandContext,
    @IdParam('entryId') id: string,
    @IfMatch() version: number,
    @Body() body: SupplierChangeBody,
  ) {
    return this.suppliers.change(context, id, version, body);
  }

  /** For the operator: anchors by state of their verification. */
  @Get('operator/anchors')
  @Requires('review.read')
  async forReview(@Query() query: AnchorVerificationQuery) {
    return this.reader.forReview(query);
  }

  @Get('operator/anchors/:anchorId')
  @Requires('review.read')
  async oneForReview(@IdParam('anchorId') id: string) {
    return this.reader.profile(id);
  }

  /** One bundled request; the clock stands still until the answer. */
  @Post('operator/anchors/:anchorId/information-request')
  @HttpCode(200)
  @Requires('review.work')
  async ask(@Context() context: CommandContext, @IdParam('anchorId') id: string, @Body() body: AnchorReasonsBody) {
    return this.verification.requestInformation(context, id, body.reasons);
  }

  @Post('operator/anchors/:anchorId/decision')
  @HttpCode(200)
  @Requires('review.work')
  async decide(@Context() context: CommandContext, @IdParam('anchorId') id: string, @Body() body: AnchorDecisionBody) {
    return this.verification.decide(context, id, body);
  }

  /** There is cause to look again. */
  @Post('operator/anchors/:anchorId/reopen')
  @HttpCode(200)
  @Requires('registry.manage')
  async reopen(@Context() context: CommandContext, @IdParam('anchorId') id: string, @Body() body: AnchorWhyBody) {
    return this.verification.reopen(context, id, body.reason);
  }
}
