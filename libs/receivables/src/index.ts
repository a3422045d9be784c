import type { Persistence } from '#platform';
import { certificateEntities } from './persistence/certificate.entities.js';
import { receivableEntities } from './persistence/entities.js';
import { Receivables1790000006500 } from './persistence/migrations/1790000006500-receivables.js';
import { Certificates1790000006550 } from './persistence/migrations/1790000006550-certificates.js';

export * from './application/issue-certificate.js';
export * from './application/ports/lien-register.js';
export * from './application/receivables.js';
export * from './domain/errors.js';
export * from './domain/receivable.js';
export * from './domain/receivable.lifecycle.js';
export * from './receivables.module.js';

export const receivablePersistence: Persistence = {
  entities: [...receivableEntities, ...certificateEntities],
  migrations: [Receivables1790000006500, Certificates1790000006550],
};
