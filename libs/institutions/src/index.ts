import type { Persistence } from '#platform';
import { institutionEntities } from './persistence/entities.js';
import { Institutions1790000006001 } from './persistence/migrations/1790000006001-institutions.js';
import { BidsOnReceivables1790000007170 } from './persistence/migrations/1790000007170-bids-on-receivables.js';
import { AnchorLimits1790000007101 } from './persistence/migrations/1790000007101-anchor-limits.js';

export * from './application/anchor-limits.js';
export * from './application/change-limits.js';
export * from './application/institution.reader.js';
export * from './application/limits.js';
export * from './application/mandate.reader.js';
export * from './application/move-mandate.js';
export * from './application/products.js';
export * from './application/propose-auto-bid-rule.js';
export * from './application/save-financier-profile.js';
export * from './application/save-mandate.js';
export { VerifyFinancier } from './application/verify-financier.js';
export * from './domain/approval.policy.js';
export * from './domain/auto-bid.js';
export * from './domain/errors.js';
export * from './domain/financier.js';
export * from './domain/mandate.js';
export * from './institutions.module.js';

export const institutionPersistence: Persistence = {
  entities: institutionEntities,
  migrations: [Institutions1790000006001, AnchorLimits1790000007101, BidsOnReceivables1790000007170],
};
