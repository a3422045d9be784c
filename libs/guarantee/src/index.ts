import type { Persistence } from '#platform';
import { guaranteeEntities } from './persistence/entities.js';
import { Guarantee1790000006800 } from './persistence/migrations/1790000006800-guarantee.js';

export * from './application/capacity.js';
export * from './application/guarantees.js';
export * from './domain/errors.js';
export * from './guarantee.module.js';

export const guaranteePersistence: Persistence = {
  entities: guaranteeEntities,
  migrations: [Guarantee1790000006800],
};
