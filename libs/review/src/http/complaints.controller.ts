import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, Idempotent, IdParam, PageQuery, Requires } from '#platform';
import { ComplaintReader } from '../application/complaint.reader.js';
import { AnswerComplaint, FileAppeal, FileComplaint, WithdrawComplaint } from '../application/complaints.js';
import { ReviewAnswerBody, AppealBody, ComplaintBody } from './requests.js';

/** Complaints and appeals: cases with a clock of their own. */
@ApiTags('Complaints')
@Controller('v1')
export class ComplaintsController {
  constructor(
    private readonly reader: ComplaintReader,
    private readonly fileComplaint: FileComplaint,
    private readonly fileAppeal: FileAppeal,
    private readonly answerComplaint: AnswerComplaint,
    private readonly withdrawComplaint: WithdrawComplaint,
  ) {}

  /** The own organisation's complaints and appeals, newest first. */
  @Get('complaints')
  @Requires('case.open')
  async list(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.reader.own(actor.organisationId, query);
  }

  @Get('complaints/:complaintId')
  @Requires('case.open')
  async show(@Context() { actor }: CommandContext, @IdParam('complaintId') complaintId: string) {
    return this.reader.one(complaintId, actor.organisationId);
  }

  /** The same for who reviews it. */
  @Get('reviewed-complaints/:complaintId')
  @Requires('review.read')
  async showToReviewer(@IdParam('complaintId') complaintId: string) {
    return this.reader.one(complaintId);
  }

  /** Complains about anybody or anything of the market. */
  @Post('complaints')
  @Requires('case.open')
  @Idempotent()
  async file(@Context() context: CommandContext, @Body() body: ComplaintBody) {
    return this.fileComplaint.execute(context, body);
  }

  /** Appeals against the decision on an own case; another reviewer looks at it. */
  @Post('own-review-cases/:caseId/appeal')
  @Requires('case.open')
  @Idempotent()
  async appeal(@Context() context: CommandContext, @IdParam('caseId') caseId: string, @Body() body: AppealBody) {
    return this.fileAppeal.execute(context, caseId, body.text);
  }

  @Post('complaints/:complaintId/withdraw')
  @HttpCode(200)
  @Requires('case.open')
  async withdraw(@Context() context: CommandContext, @IdParam('complaintId') complaintId: string) {
    return this.withdrawComplaint.execute(context, complaintId);
  }

  /** Answers a complaint or an appeal, which closes its case. */
  @Post('complaints/:complaintId/answer')
  @HttpCode(200)
  @Requires('review.work')
  async answer(
    @Context() context: CommandContext,
    @IdParam('complaintId') complaintId: string,
    @Body() body: ReviewAnswerBody,
  ) {
    return this.answerComplaint.execute(context, complaintId, body);
  }
}
