import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, Idempotent, IdParam, Requires, RequiresStepUp } from '#platform';
import { CertificateReader } from '../application/certificate.reader.js';
import { DecideTransfers } from '../application/decide-transfers.js';
import { PassCertificate } from '../application/pass-certificate.js';
import { CertificateQuery, PassBody, TransferDecisionBody, TransferQuery } from './settlement-requests.js';

/** Certificates in the caller's hands, and their way to the next supplier. */
@ApiTags('Certificates')
@Controller('v1')
export class CertificatesController {
  constructor(
    private readonly reader: CertificateReader,
    private readonly pass: PassCertificate,
    private readonly decide: DecideTransfers,
  ) {}

  @Get('certificates')
  @Requires('receivable.read')
  async list(@Context() { actor }: CommandContext, @Query() query: CertificateQuery) {
    return this.reader.certificates(actor.organisationId, query.status, query);
  }

  @Get('certificates/:certificateId')
  @Requires('receivable.read')
  async show(@Context() { actor }: CommandContext, @IdParam('certificateId') id: string) {
    return this.reader.certificate(actor.organisationId, id);
  }

  /** Passes parts on to the next suppliers; they are on hold until each has decided. */
  @Post('certificates/:certificateId/transfers')
  @Requires('certificate.transfer')
  @Idempotent()
  @RequiresStepUp()
  async passOn(@Context() context: CommandContext, @IdParam('certificateId') id: string, @Body() body: PassBody) {
    return this.pass.execute(context, id, body.parts);
  }

  @Get('certificate-transfers')
  @Requires('receivable.read')
  async transfers(@Context() { actor }: CommandContext, @Query() query: TransferQuery) {
    return this.reader.transfers(actor.organisationId, query.direction, query.state, query);
  }

  /** Approves, accepts, refuses or takes back transfers: all of them or none. */
  @Post('certificate-transfers/decisions')
  @HttpCode(200)
  @Requires('certificate.transfer')
  @Idempotent()
  @RequiresStepUp()
  async decideTransfers(@Context() context: CommandContext, @Body() { transferIds, action }: TransferDecisionBody) {
    return this.decide.execute(context, transferIds, action);
  }
}
