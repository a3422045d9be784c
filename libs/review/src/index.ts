import type { Persistence } from '#platform';
import { ReviewClockTimer } from './jobs/clock.timer.js';
import { OnCalendarChanged } from './jobs/on-calendar-changed.handler.js';
import { OnComplaintReturned } from './jobs/on-complaint-returned.handler.js';
import { OnMembershipChanged } from './jobs/on-membership-changed.handler.js';
import { ReviewHandler1790000004010 } from './persistence/migrations/1790000004010-review-handler.js';
import { Review1790000004000 } from './persistence/migrations/1790000004000-review.js';
import { ComplaintInformation1790000004001 } from './persistence/migrations/1790000004001-complaint-information.js';
import { RegistryHold1790000004020 } from './persistence/migrations/1790000004020-registry-hold.js';

export { newerCalendar } from './application/adopt-calendar.js';
export * from './application/business-calendars.js';
export * from './application/organisation-verification.js';
export type * from './application/review-case.commands.js';
export * from './application/review-cases.js';
export { reviewEvents } from './application/review-events.js';
export { type CaseClockView, ReviewReader } from './application/review.reader.js';
export * from './domain/errors.js';
export { type Reason, type ReviewCase, type ReviewKind, reviewKinds, type ReviewState } from './domain/review-case.js';
export { verificationLifecycle, type VerificationState } from './domain/verification.lifecycle.js';
export * from './review.module.js';

export const reviewPersistence: Persistence = {
  entities: [],
  migrations: [
    Review1790000004000,
    ComplaintInformation1790000004001,
    ReviewHandler1790000004010,
    RegistryHold1790000004020,
  ],
};
export const reviewEventHandlers = [OnCalendarChanged, OnComplaintReturned, OnMembershipChanged];
export const reviewTimerHandlers = [ReviewClockTimer];
