import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, Idempotent, IdParam, PageQuery, Requires } from '#platform';
import { ComplaintReader } from '../application/complaint.reader.js';
import {
  AnswerComplaint,
  AnswerReviewer,
  AskComplainant,
  FileAppeal,
  FileComplaint,
  WithdrawComplaint,
} from '../application/complaints.js';
import {
  AppealBody,
  ComplainantAnswerBody,
  ComplaintBody,
  ComplaintQuestionsBody,
  ReviewAnswerBody,
} from './requests.js';

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
    private readonly askComplainant: AskComplainant,
    private readonly answerReviewer: AnswerReviewer,
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

  /** Asks the complainant for all that is missing, once; the clock stands still until the answer. */
  @Post('complaints/:complaintId/request-information')
  @HttpCode(200)
  @Requires('review.work')
  async ask(
    @Context() context: CommandContext,
    @IdParam('complaintId') complaintId: string,
    @Body() body: ComplaintQuestionsBody,
  ) {
    return this.askComplainant.execute(context, complaintId, body.reasons);
  }

  /** The complainant answers what was asked. */
  @Post('complaints/:complaintId/information')
  @HttpCode(200)
  @Requires('case.open')
  async inform(
    @Context() context: CommandContext,
    @IdParam('complaintId') complaintId: string,
    @Body() body: ComplainantAnswerBody,
  ) {
    return this.answerReviewer.execute(context, complaintId, body.answer);
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
