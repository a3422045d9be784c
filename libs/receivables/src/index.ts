import type { Persistence } from '#platform';
import { certificateEntities } from './persistence/certificate.entities.js';
import { receivableEntities } from './persistence/entities.js';
import { settlementEntities } from './persistence/settlement.entities.js';
import { Receivables1790000006500 } from './persistence/migrations/1790000006500-receivables.js';
import { Certificates1790000006550 } from './persistence/migrations/1790000006550-certificates.js';

export * from './application/check-receivables.js';
export * from './application/issue-certificate.js';
export * from './application/ports/assignment-register.js';
export * from './application/receivable-market.js';
export * from './application/receivable.reader.js';
export * from './application/ports/lien-register.js';
export * from './application/receivables.js';
export { assignmentLifecycle, repurchaseGrounds, type RepurchaseGround } from './domain/assignment.lifecycle.js';
export { certificateLifecycle, type CertificateState } from './domain/certificate.lifecycle.js';
export { discountAskLifecycle, discountProgrammeLifecycle } from './domain/discount.lifecycle.js';
export * from './domain/errors.js';
export * from './domain/settlement.lifecycle.js';
export { transferLifecycle } from './domain/transfer.lifecycle.js';
export * from './domain/receivable.js';
export * from './domain/receivable.lifecycle.js';
export * from './receivables.module.js';

export const receivablePersistence: Persistence = {
  entities: [...receivableEntities, ...certificateEntities, ...settlementEntities],
  migrations: [Receivables1790000006500, Certificates1790000006550],
};
