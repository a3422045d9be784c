import type { Persistence } from '#platform';
import { guaranteeEntities } from './persistence/entities.js';
import { Guarantee1790000006800 } from './persistence/migrations/1790000006800-guarantee.js';

export * from './application/accreditations.js';
export * from './application/amend-guarantee.js';
export * from './application/apply-for-guarantee.js';
export * from './application/board.js';
export * from './application/capacity.js';
export * from './application/consents.js';
export * from './application/contributions.js';
export * from './application/draw-letters.js';
export * from './application/end-guarantee.js';
export * from './application/fees.js';
export * from './application/fold-capacity.js';
export { guaranteeEvents } from './application/guarantee-events.js';
export * from './application/guarantee-market.js';
export * from './application/guarantee.reader.js';
export * from './application/guarantee-view.js';
export * from './application/guarantees.js';
export * from './application/portfolio-agreements.js';
export * from './application/report-outstanding.js';
export * from './application/review-application.js';
export * from './application/run-annual-fees.js';
export * from './application/scheme-book.js';
export * from './application/scheme-templates.js';
export * from './application/schemes.js';
export * from './domain/errors.js';
export * from './guarantee.module.js';

export const guaranteePersistence: Persistence = {
  entities: guaranteeEntities,
  migrations: [Guarantee1790000006800],
};
