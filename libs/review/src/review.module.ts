import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { AssignmentDesk } from './application/assignment.js';
import { BusinessCalendars } from './application/business-calendars.js';
import { CaseClocks } from './application/case-clocks.js';
import { ReviewCases } from './application/review-cases.js';

const useCases = [AssignmentDesk, BusinessCalendars, CaseClocks, ReviewCases];

/** Review cases, their clocks and the business calendar. */
@Module({ imports: [IdentityModule], providers: useCases, exports: useCases })
export class ReviewModule {}
