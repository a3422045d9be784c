// size: one line a route.
import { Body, Controller, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type CommandContext,
  Context,
  documentMediaTypes,
  Idempotent,
  IdParam,
  Requires,
  RequiresStepUp,
} from '#platform';
import { ClaimDocuments } from '../application/claim-documents.js';
import { ClaimReader } from '../application/claim.reader.js';
import { CloseClaim } from '../application/close-claim.js';
import { AppealClaim, DecideClaim, ProposeClaimDecision } from '../application/decide-claim.js';
import { NotifyClaim } from '../application/notify-claim.js';
import { ConfirmClaimPayment, PrepareClaimPayment } from '../application/pay-claim.js';
import { DecideRecovery, EnterRecovery } from '../application/recover-claim.js';
import { ReviewClaim } from '../application/review-claim.js';
import { SettleClaim } from '../application/settle-claim.js';
import {
  ClaimBody,
  ClaimDecisionBody,
  ClaimDocumentQuery,
  ClaimNoteBody,
  ClaimPaymentBody,
  ClaimProposalBody,
  ClaimReasonsBody,
  ClaimsPageQuery,
  ConfirmationBody,
  RecoveryBody,
  SettlementBody,
} from './claim-requests.js';

/** Claims on guarantees, from the lender's notice to the last recovery. */
@ApiTags('Guarantee claims')
@Controller('v1')
export class ClaimsController {
  constructor(
    private readonly reader: ClaimReader,
    private readonly notify: NotifyClaim,
    private readonly documents: ClaimDocuments,
    private readonly review: ReviewClaim,
    private readonly propose: ProposeClaimDecision,
    private readonly decision: DecideClaim,
    private readonly appeals: AppealClaim,
    private readonly preparePayment: PrepareClaimPayment,
    private readonly confirmPayment: ConfirmClaimPayment,
    private readonly recoveries: EnterRecovery,
    private readonly decideRecoveries: DecideRecovery,
    private readonly settlements: SettleClaim,
    private readonly closing: CloseClaim,
  ) {}

  /** Claims that the caller is a party of, newest first; the supervisor sees all. */
  @Get('guarantee-claims')
  @Requires('guarantee.read')
  async all(@Context() { actor }: CommandContext, @Query() query: ClaimsPageQuery) {
    return this.reader.list(actor, query);
  }

  @Get('guarantee-claims/:claimId')
  @Requires('guarantee.read')
  async one(@Context() { actor }: CommandContext, @IdParam('claimId') id: string) {
    return this.reader.one(actor, id);
  }

  /** Who took each step, when and why. */
  @Get('guarantee-claims/:claimId/history')
  @Requires('guarantee.read')
  async history(@Context() { actor }: CommandContext, @IdParam('claimId') id: string) {
    return this.reader.history(actor, id);
  }

  /** The lender tells of a default and asks for payment. Refused before the days past due that a clause names were reported. */
  @Post('guarantees/:guaranteeId/claims')
  @Requires('claim.apply')
  @Idempotent()
  async create(@Context() context: CommandContext, @IdParam('guaranteeId') id: string, @Body() body: ClaimBody) {
    return this.notify.execute(context, id, body);
  }

  /** The lender adds a document; the body is the file itself. */
  @Post('guarantee-claims/:claimId/documents/:documentKind')
  @Requires('claim.apply')
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ description: 'The file itself.', schema: { type: 'string', format: 'binary' } })
  async addDocument(
    @Context() context: CommandContext,
    @IdParam('claimId') id: string,
    @Param('documentKind') kind: string,
    @Query() query: ClaimDocumentQuery,
    @Body() content: Buffer,
  ) {
    return this.documents.add(context, id, { kind, fileName: query.fileName ?? kind }, content);
  }

  /** The guarantor adds the bank's advice of a payment; the body is the file itself. */
  @Post('guarantee-claims/:claimId/payment-evidence')
  @Requires('claim.decide')
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ description: 'The file itself.', schema: { type: 'string', format: 'binary' } })
  async addEvidence(
    @Context() context: CommandContext,
    @IdParam('claimId') id: string,
    @Query() query: ClaimDocumentQuery,
    @Body() content: Buffer,
  ) {
    const fileName = query.fileName ?? 'payment-evidence';
    return this.documents.add(context, id, { kind: 'payment_evidence', fileName }, content);
  }

  @Get('guarantee-claims/:claimId/documents/:documentId')
  @Requires('guarantee.read')
  async document(
    @Context() { actor }: CommandContext,
    @IdParam('claimId') id: string,
    @IdParam('documentId') documentId: string,
  ) {
    const { document, content } = await this.documents.read(actor, id, documentId);
    return new StreamableFile(content, {
      type: document.mediaType,
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(document.fileName)}`,
    });
  }

  /** The lender handed in what was asked for: the clock goes on. */
  @Post('guarantee-claims/:claimId/answer')
  @HttpCode(200)
  @Requires('claim.apply')
  async answer(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimNoteBody) {
    return this.review.answer(context, id, body.reason);
  }

  /** The arrears were paid: the claim ends and the guarantee is in force again. */
  @Post('guarantee-claims/:claimId/withdrawal')
  @HttpCode(200)
  @Requires('claim.apply')
  async withdraw(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimNoteBody) {
    return this.review.withdraw(context, id, body.reason);
  }

  /** The lender appeals against a denial; others than before decide. */
  @Post('guarantee-claims/:claimId/appeal')
  @HttpCode(200)
  @Requires('claim.apply')
  async appeal(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimNoteBody) {
    return this.appeals.execute(context, id, body.reason);
  }

  /** A reviewer of the guarantor takes the claim up. */
  @Post('guarantee-claims/:claimId/review')
  @HttpCode(200)
  @Requires('claim.decide')
  async takeUp(@Context() context: CommandContext, @IdParam('claimId') id: string) {
    return this.review.takeUp(context, id);
  }

  /** One bundled request; the clock stands still until the answer. */
  @Post('guarantee-claims/:claimId/information-request')
  @HttpCode(200)
  @Requires('claim.decide')
  async ask(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimReasonsBody) {
    return this.review.requestInformation(context, id, body.reasons);
  }

  /** Prepares the decision with the clauses that it rests on. */
  @Post('guarantee-claims/:claimId/proposal')
  @HttpCode(200)
  @Requires('claim.decide')
  async prepare(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimProposalBody) {
    return this.propose.execute(context, id, body);
  }

  /** A second person within their limit takes the prepared decision, or sends it back. */
  @Post('guarantee-claims/:claimId/decision')
  @HttpCode(200)
  @Requires('claim.decide.approve')
  @RequiresStepUp()
  @Idempotent()
  async decide(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimDecisionBody) {
    return this.decision.execute(context, id, body.agree, body.reason);
  }

  /** Writes the payment instruction to the lender's checked account. */
  @Post('guarantee-claims/:claimId/payment')
  @HttpCode(200)
  @Requires('claim.decide')
  async instruct(@Context() context: CommandContext, @IdParam('claimId') id: string) {
    return this.preparePayment.execute(context, id);
  }

  /** A second person confirms the payment by the bank's reference and advice; re-guarantors are billed at once. */
  @Post('guarantee-claims/:claimId/payment/confirmation')
  @HttpCode(200)
  @Requires('claim.decide.approve')
  @RequiresStepUp()
  @Idempotent()
  async pay(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimPaymentBody) {
    return this.confirmPayment.execute(context, id, body);
  }

  /** The lender enters what it recovered. */
  @Post('guarantee-claims/:claimId/recoveries')
  @Requires('claim.apply')
  @Idempotent()
  async recover(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: RecoveryBody) {
    return this.recoveries.execute(context, id, body);
  }

  /** The guarantor enters what it recovered itself. */
  @Post('guarantee-claims/:claimId/scheme-recoveries')
  @Requires('claim.decide')
  @Idempotent()
  async recoverDirectly(
    @Context() context: CommandContext,
    @IdParam('claimId') id: string,
    @Body() body: RecoveryBody,
  ) {
    return this.recoveries.execute(context, id, body);
  }

  /** A second person confirms or rejects a recovery; confirmed, it is shared by the loss that each party bears. */
  @Post('guarantee-claims/:claimId/recoveries/:recoveryId/decision')
  @HttpCode(200)
  @Requires('claim.decide.approve')
  @Idempotent()
  async decideRecovery(
    @Context() context: CommandContext,
    @IdParam('claimId') id: string,
    @IdParam('recoveryId') recoveryId: string,
    @Body() body: ConfirmationBody,
  ) {
    return this.decideRecoveries.execute(context, id, recoveryId, body.confirmed);
  }

  /** Takes a confirmed recovery back, as long as nobody was paid out of it. */
  @Post('guarantee-claims/:claimId/recoveries/:recoveryId/reversal')
  @HttpCode(200)
  @Requires('claim.decide.approve')
  @Idempotent()
  async reverseRecovery(
    @Context() context: CommandContext,
    @IdParam('claimId') id: string,
    @IdParam('recoveryId') recoveryId: string,
    @Body() body: ClaimNoteBody,
  ) {
    return this.decideRecoveries.reverse(context, id, recoveryId, body.reason);
  }

  /** Enters a re-guarantor's payment, or a part of a recovery that is paid out. */
  @Post('guarantee-claims/:claimId/settlements')
  @Requires('claim.decide')
  @Idempotent()
  async settle(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: SettlementBody) {
    return this.settlements.enter(context, id, body);
  }

  @Post('guarantee-claims/:claimId/settlements/:settlementId/decision')
  @HttpCode(200)
  @Requires('claim.decide.approve')
  @Idempotent()
  async decideSettlement(
    @Context() context: CommandContext,
    @IdParam('claimId') id: string,
    @IdParam('settlementId') settlementId: string,
    @Body() body: ConfirmationBody,
  ) {
    return this.settlements.decide(context, id, settlementId, body.confirmed);
  }

  /** Nothing more is expected: prepares the write-off of what is left. */
  @Post('guarantee-claims/:claimId/closing')
  @HttpCode(200)
  @Requires('claim.decide')
  async close(@Context() context: CommandContext, @IdParam('claimId') id: string, @Body() body: ClaimNoteBody) {
    return this.closing.prepare(context, id, body.reason);
  }

  /** A second person writes off what is left; the guarantee ends. */
  @Post('guarantee-claims/:claimId/closing/confirmation')
  @HttpCode(200)
  @Requires('claim.decide.approve')
  @Idempotent()
  async confirmClosing(@Context() context: CommandContext, @IdParam('claimId') id: string) {
    return this.closing.confirm(context, id);
  }
}
