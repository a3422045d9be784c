import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  type CommandContext,
  Context,
  documentMediaTypes,
  IdParam,
  Idempotent,
  PageQuery,
  Requires,
  tableMediaTypes,
} from '#platform';
import { ReceivableReader } from '../application/receivable.reader.js';
import { ReceivableSteps } from '../application/receivable-steps.js';
import { StartBatch } from '../application/start-batch.js';
import { UploadReceivable } from '../application/upload-receivable.js';
import { tagged } from './etag.js';
import {
  BatchQuery,
  BatchRowsQuery,
  CreditNoteBody,
  DeliveryBody,
  ReceivablesQuery,
  UploadReceivableBody,
  WithdrawReceivableBody,
} from './receivable-requests.js';

/** Invoices, orders and refund claims between sellers and anchors: upload, read, hand over, take back. */
@ApiTags('Receivables')
@Controller('v1')
export class ReceivablesController {
  constructor(
    private readonly reader: ReceivableReader,
    private readonly upload: UploadReceivable,
    private readonly steps: ReceivableSteps,
    private readonly startBatch: StartBatch,
  ) {}

  /** Uploads one receivable, from either side. The same claim sent again answers the one that is there. */
  @Post('receivables')
  @Idempotent()
  @Requires('receivable.upload')
  async add(@Context() context: CommandContext, @Body() body: UploadReceivableBody) {
    return this.upload.execute(context, body);
  }

  /** The own receivables by their day of payment. */
  @Get('receivables')
  @Requires('receivable.read')
  async list(@Context() { actor }: CommandContext, @Query() query: ReceivablesQuery) {
    return this.reader.list(actor.organisationId, actor.organisationKind, query);
  }

  @Get('receivables/:receivableId')
  @Requires('receivable.read')
  async show(
    @Context() { actor }: CommandContext,
    @IdParam('receivableId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.reader.show(actor.organisationId, id));
  }

  /** Who did what with it, newest first. */
  @Get('receivables/:receivableId/history')
  @Requires('receivable.read')
  async history(@Context() { actor }: CommandContext, @IdParam('receivableId') id: string, @Query() query: PageQuery) {
    return this.reader.history(actor.organisationId, id, query);
  }

  /** Hands a draft, or what was disputed, to the anchor. */
  @Post('receivables/:receivableId/submit')
  @HttpCode(200)
  @Requires('receivable.upload')
  async submit(@Context() context: CommandContext, @IdParam('receivableId') id: string) {
    return this.steps.submit(context, id);
  }

  /** Takes it back before it is confirmed. */
  @Post('receivables/:receivableId/withdraw')
  @HttpCode(200)
  @Requires('receivable.upload')
  async withdraw(
    @Context() context: CommandContext,
    @IdParam('receivableId') id: string,
    @Body() body: WithdrawReceivableBody,
  ) {
    return this.steps.withdraw(context, id, body.reason);
  }

  /** The seller’s credit note lowers what is owed, before anything was passed on or sold. */
  @Post('receivables/:receivableId/credit-note')
  @HttpCode(200)
  @Idempotent()
  @Requires('receivable.upload')
  async creditNote(
    @Context() context: CommandContext,
    @IdParam('receivableId') id: string,
    @Body() body: CreditNoteBody,
  ) {
    return this.steps.creditNote(context, id, body);
  }

  /** The seller states that a confirmed order was delivered and invoiced. */
  @Post('receivables/:receivableId/delivery')
  @HttpCode(200)
  @Requires('receivable.upload')
  async delivery(@Context() context: CommandContext, @IdParam('receivableId') id: string, @Body() body: DeliveryBody) {
    return this.steps.stateDelivery(context, id, body);
  }

  /** Keeps a document beside it, such as the invoice as PDF; its bytes are the body, up to 10 MiB. */
  @Post('receivables/:receivableId/documents')
  @Requires('receivable.upload')
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async attach(@Context() context: CommandContext, @IdParam('receivableId') id: string, @Body() content: Buffer) {
    return this.steps.attach(context, id, content);
  }

  /**
   * Takes a file of receivables: CSV or XML (UBL 2.1, CII) up to 32 MiB, XLSX up to 10 MiB; its bytes are the body. It is read by a worker, each
   * row is answered. The same file sent again is the same batch.
   */
  @Post('receivable-batches')
  @HttpCode(202)
  @Requires('receivable.upload')
  @ApiConsumes(...tableMediaTypes, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async addBatch(@Context() context: CommandContext, @Query() query: BatchQuery, @Body() content: Buffer) {
    return this.startBatch.execute(context, query, content);
  }

  @Get('receivable-batches')
  @Requires('receivable.read')
  async batches(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.reader.batches(actor.organisationId, query);
  }

  /** A batch with its progress. */
  @Get('receivable-batches/:batchId')
  @Requires('receivable.read')
  async batch(@Context() { actor }: CommandContext, @IdParam('batchId') id: string) {
    return this.reader.batch(actor.organisationId, id);
  }

  /** The answer of every row, in the order of the file. */
  @Get('receivable-batches/:batchId/rows')
  @Requires('receivable.read')
  async batchRows(
    @Context() { actor }: CommandContext,
    @IdParam('batchId') id: string,
    @Query() query: BatchRowsQuery,
  ) {
    return this.reader.batchRows(actor.organisationId, id, query);
  }
}
