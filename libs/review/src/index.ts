import type { Persistence } from '#platform';
import { Review1790000004000 } from './persistence/migrations/1790000004000-review.js';

export * from './application/business-calendars.js';
export * from './application/review-cases.js';
export * from './domain/errors.js';
export { type Reason, type ReviewCase, type ReviewKind, reviewKinds, type ReviewState } from './domain/review-case.js';
export * from './review.module.js';

export const reviewPersistence: Persistence = { entities: [], migrations: [Review1790000004000] };
