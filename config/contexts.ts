import { identityPersistence } from '#identity';
import { type Persistence, platformPersistence } from '#platform';

/** What every context keeps in the one database, lowest first: the order of migrations follows their numbers. */
export const contexts: readonly Persistence[] = [platformPersistence, identityPersistence];
