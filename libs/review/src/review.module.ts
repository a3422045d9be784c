import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { AdoptCalendar } from './application/adopt-calendar.js';
import { AssignCase, DeclareConflict, TakeCase } from './application/assign-case.js';
import { AssignmentDesk } from './application/assignment.js';
import { BusinessCalendars } from './application/business-calendars.js';
import { CalendarReader } from './application/calendar.reader.js';
import { CaseClocks } from './application/case-clocks.js';
import { ComplaintReader } from './application/complaint.reader.js';
import { AssignWaiting } from './application/assign-waiting.js';
import {
  AnswerComplaint,
  AnswerReviewer,
  AskComplainant,
  FileAppeal,
  FileComplaint,
  ReturnComplaint,
  WithdrawComplaint,
} from './application/complaints.js';
import { EditCalendar } from './application/edit-calendar.js';
import { PassClockPoints } from './application/pass-clock-points.js';
import { RecomputeCases } from './application/recompute-cases.js';
import { ReviewCases } from './application/review-cases.js';
import { ReviewFigures } from './application/review-figures.js';
import { ReviewQueue } from './application/review-queue.js';
import { ReviewReader } from './application/review.reader.js';
import { BusinessCalendarController } from './http/business-calendar.controller.js';
import { ComplaintsController } from './http/complaints.controller.js';
import { ReviewCasesController } from './http/review-cases.controller.js';
import { ReviewClockTimer } from './jobs/clock.timer.js';
import { OnCalendarChanged } from './jobs/on-calendar-changed.handler.js';
import { OnComplaintReturned } from './jobs/on-complaint-returned.handler.js';
import { OnMembershipChanged } from './jobs/on-membership-changed.handler.js';

const useCases = [
  AdoptCalendar,
  AnswerComplaint,
  AnswerReviewer,
  AskComplainant,
  AssignCase,
  AssignWaiting,
  AssignmentDesk,
  BusinessCalendars,
  CalendarReader,
  CaseClocks,
  ComplaintReader,
  DeclareConflict,
  EditCalendar,
  FileAppeal,
  FileComplaint,
  OnCalendarChanged,
  OnComplaintReturned,
  OnMembershipChanged,
  PassClockPoints,
  RecomputeCases,
  ReviewCases,
  ReviewClockTimer,
  ReviewFigures,
  ReviewQueue,
  ReturnComplaint,
  ReviewReader,
  TakeCase,
  WithdrawComplaint,
];

/** Review cases, their clocks, the business calendar and complaints. */
@Module({ imports: [IdentityModule], providers: useCases, exports: useCases })
export class ReviewModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [ReviewModule],
  controllers: [ReviewCasesController, BusinessCalendarController, ComplaintsController],
  exports: [ReviewModule],
})
export class ReviewHttpModule {}
