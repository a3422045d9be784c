import type { Persistence } from '#platform';
import { identityEntities } from './persistence/entities.js';
import { Identity1790000002000 } from './persistence/migrations/1790000002000-identity.js';
import { IdentityRights1790000002001 } from './persistence/migrations/1790000002001-identity-rights.js';
import { PasswordReset1790000002002 } from './persistence/migrations/1790000002002-password-reset.js';

export * from './application/identity.reader.js';
export * from './application/register-organisation.js';
export * from './application/reset-password.js';
export * from './application/sandbox-secrets.js';
export * from './application/set-organisation-standing.js';
export * from './domain/errors.js';
export * from './domain/permissions.js';
export * from './domain/roles.policy.js';
export * from './http/identity.guard.js';
export * from './http/oauth-errors.js';
export * from './identity.module.js';

export const identityPersistence: Persistence = {
  entities: identityEntities,
  migrations: [Identity1790000002000, IdentityRights1790000002001, PasswordReset1790000002002],
};
