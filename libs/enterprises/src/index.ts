import type { Persistence } from '#platform';
import { enterpriseEntities } from './persistence/entities.js';
import { Enterprises1790000005001 } from './persistence/migrations/1790000005001-enterprises.js';
import { AccountNumber1790000005065 } from './persistence/migrations/1790000005065-account-number.js';

export * from './application/declare-bank-account.js';
export * from './application/documents.js';
export { EnterpriseLists } from './application/enterprise-lists.reader.js';
export * from './application/enterprise.reader.js';
export * from './application/save-profile.js';
export * from './application/save-statement.js';
export { VerifyEnterprise } from './application/verify-enterprise.js';
export * from './domain/errors.js';
export { documentKinds, type DocumentKind } from './domain/document.policy.js';
export {
  creditCodeCheck,
  type Identifier,
  identifierSchemes,
  type IdentifierScheme,
} from './domain/identifiers.policy.js';
export { sectionOf } from './domain/isic.policy.js';
export * from './enterprises.module.js';
export { type Among, type FactValues, type LookAlikeFact, lookAlikeFacts } from './persistence/look-alikes.query.js';

export const enterprisePersistence: Persistence = {
  entities: enterpriseEntities,
  migrations: [Enterprises1790000005001, AccountNumber1790000005065],
};
