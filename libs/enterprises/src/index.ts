import type { Persistence } from '#platform';
import { enterpriseEntities } from './persistence/entities.js';
import { Enterprises1790000005001 } from './persistence/migrations/1790000005001-enterprises.js';

export * from './application/enterprise.reader.js';
export * from './enterprises.module.js';

export const enterprisePersistence: Persistence = {
  entities: enterpriseEntities,
  migrations: [Enterprises1790000005001],
};
