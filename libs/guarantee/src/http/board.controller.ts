import { Body, Controller, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, documentMediaTypes, Idempotent, IdParam, Requires } from '#platform';
import { Accreditations } from '../application/accreditations.js';
import { Board } from '../application/board.js';
import { PortfolioAgreements } from '../application/portfolio-agreements.js';
import {
  AccreditationBody,
  AccreditationMoveBody,
  PortfolioAgreementBody,
  AgreementMoveBody,
  GuaranteeReasonBody,
  MinutesQuery,
  MotionBody,
  SchemeConflictBody,
  SeatBody,
  VoteBody,
} from './requests.js';

/** A scheme's governance: board, motions and minutes, conflicts, and which lenders take part. */
@ApiTags('Guarantee schemes')
@Controller('v1/guarantee-schemes/:schemeId')
export class BoardController {
  constructor(
    private readonly board: Board,
    private readonly accreditations: Accreditations,
    private readonly agreements: PortfolioAgreements,
  ) {}

  /** Seats a person, with the amount that its holder may approve alone. */
  @Post('board')
  @Requires('scheme.manage')
  async appoint(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: SeatBody) {
    return this.board.appoint(context, id, { ...body, approvalLimit: body.approvalLimit ?? null });
  }

  /** Ends a seat. */
  @Post('board/:personId/end')
  @HttpCode(200)
  @Requires('scheme.manage')
  async dismiss(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('personId') personId: string,
    @Body() body: GuaranteeReasonBody,
  ) {
    return this.board.dismiss(context, id, personId, body.reason);
  }

  /** Declares a conflict of interest: no vote and no approval on it any more. */
  @Post('conflicts')
  @Requires('conflict.declare')
  async conflict(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @Body() body: SchemeConflictBody,
  ) {
    return this.board.declareConflict(context, id, body.subjectId, body.reason);
  }

  @Post('motions')
  @Requires('scheme.manage')
  async propose(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: MotionBody) {
    return this.board.propose(context, id, body);
  }

  @Post('motions/:motionId/vote')
  @HttpCode(200)
  @Requires('scheme.govern')
  async vote(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('motionId') motionId: string,
    @Body() body: VoteBody,
  ) {
    return this.board.vote(context, id, motionId, body.vote, body.reason);
  }

  /** Attaches the minutes of the meeting. */
  @Put('motions/:motionId/minutes')
  @Requires('scheme.manage')
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async minutes(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('motionId') motionId: string,
    @Query() query: MinutesQuery,
    @Body() content: Buffer,
  ) {
    return this.board.attachMinutes(context, id, motionId, query.name ?? 'minutes', content);
  }

  /** Counts the votes. */
  @Post('motions/:motionId/close')
  @HttpCode(200)
  @Requires('scheme.govern')
  async close(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('motionId') motionId: string,
  ) {
    return this.board.close(context, id, motionId);
  }

  @Post('motions/:motionId/withdraw')
  @HttpCode(200)
  @Requires('scheme.manage')
  async withdraw(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('motionId') motionId: string,
  ) {
    return this.board.withdraw(context, id, motionId);
  }

  /** Proposes a lender. */
  @Post('accreditations')
  @Requires('scheme.manage')
  async accredit(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: AccreditationBody) {
    return this.accreditations.propose(context, id, body);
  }

  /** Approves, rejects, suspends, resumes or ends an accreditation. */
  @Post('accreditations/:accreditationId/status')
  @HttpCode(200)
  @Requires('scheme.govern')
  async moveAccreditation(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('accreditationId') accreditationId: string,
    @Body() body: AccreditationMoveBody,
  ) {
    return this.accreditations.move(context, id, accreditationId, body.action, body.reason);
  }

  /** Proposes a portfolio agreement with a lender. */
  @Post('agreements')
  @Idempotent()
  @Requires('scheme.manage')
  async agree(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @Body() body: PortfolioAgreementBody,
  ) {
    return this.agreements.propose(context, id, { ...body, clauses: body.clauses['items'] ?? [] });
  }

  @Post('agreements/:agreementId/status')
  @HttpCode(200)
  @Idempotent()
  @Requires('scheme.govern')
  async moveAgreement(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @IdParam('agreementId') agreementId: string,
    @Body() body: AgreementMoveBody,
  ) {
    return this.agreements.move(context, id, agreementId, body.action, body.reason);
  }
}
