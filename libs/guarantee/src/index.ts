import type { Persistence } from '#platform';
import { claimEntities } from './persistence/claim.entities.js';
import { guaranteeEntities } from './persistence/entities.js';
import { Guarantee1790000006800 } from './persistence/migrations/1790000006800-guarantee.js';
import { GuaranteeClaims1790000006850 } from './persistence/migrations/1790000006850-guarantee-claims.js';

export * from './application/capacity.js';
export * from './application/guarantees.js';
export * from './domain/errors.js';
export * from './guarantee.module.js';

export const guaranteePersistence: Persistence = {
  entities: [...guaranteeEntities, ...claimEntities],
  migrations: [Guarantee1790000006800, GuaranteeClaims1790000006850],
};
