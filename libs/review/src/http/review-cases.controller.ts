import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, IdParam, PageQuery, Public, Requires } from '#platform';
import { AssignCase, DeclareConflict, TakeCase } from '../application/assign-case.js';
import { ReviewFigures } from '../application/review-figures.js';
import { ReviewQueue } from '../application/review-queue.js';
import { ReviewReader } from '../application/review.reader.js';
import { AssignBody, ConflictBody, QueueQuery } from './requests.js';

/** Reviews: the operator's queue, the applicants' clocks, and what the public may know. */
@ApiTags('Reviews')
@Controller('v1')
export class ReviewCasesController {
  constructor(
    private readonly queue: ReviewQueue,
    private readonly reader: ReviewReader,
    private readonly publicFigures: ReviewFigures,
    private readonly takeCase: TakeCase,
    private readonly assignCase: AssignCase,
    private readonly declareConflict: DeclareConflict,
  ) {}

  /** The operator's queue: least time left first. */
  @Get('review-cases')
  @Requires('review.read')
  async list(@Context() { actor }: CommandContext, @Query() query: QueueQuery) {
    return this.queue.list(actor, query);
  }

  /** One case with its clock and its timeline. */
  @Get('review-cases/:caseId')
  @Requires('review.read')
  async detail(@IdParam('caseId') caseId: string) {
    return this.queue.detail(caseId);
  }

  /** Takes a case that nobody has. */
  @Post('review-cases/:caseId/take')
  @HttpCode(200)
  @Requires('review.work')
  async take(@Context() context: CommandContext, @IdParam('caseId') caseId: string) {
    return this.takeCase.execute(context, caseId);
  }

  /** Gives a case to somebody else. */
  @Post('review-cases/:caseId/assign')
  @HttpCode(200)
  @Requires('review.lead')
  async assign(@Context() context: CommandContext, @IdParam('caseId') caseId: string, @Body() body: AssignBody) {
    return this.assignCase.execute(context, caseId, body);
  }

  /** Declares a conflict of interest; the case goes to somebody else. */
  @Post('review-cases/:caseId/conflict')
  @HttpCode(200)
  @Requires('review.work')
  async conflict(@Context() context: CommandContext, @IdParam('caseId') caseId: string, @Body() body: ConflictBody) {
    return this.declareConflict.execute(context, caseId, body.reason);
  }

  /** Who has how much to review. */
  @Get('review-workload')
  @Requires('review.read')
  async workload() {
    return this.queue.workload();
  }

  /** The own organisation's cases, newest first. */
  @Get('own-review-cases')
  @Requires('case.open')
  async own(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.queue.own(actor.organisationId, query);
  }

  /** The clock of an own case: time left in working time, and the time taken with and without waiting for you. */
  @Get('own-review-cases/:caseId')
  @Requires('case.open')
  async clock(@Context() { actor }: CommandContext, @IdParam('caseId') caseId: string) {
    return this.reader.clockOf(caseId, actor.organisationId);
  }

  /** How long reviews take and how often the promise is broken. */
  @Get('review-figures')
  @Public()
  async figures() {
    return this.publicFigures.execute();
  }
}
