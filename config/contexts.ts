import { enterprisePersistence } from '#enterprises';
import { guaranteePersistence } from '#guarantee';
import { identityPersistence } from '#identity';
import { institutionPersistence } from '#institutions';
import { ledgerPersistence } from '#ledger';
import { marketplacePersistence } from '#marketplace';
import { noticesPersistence } from '#notices';
import { type Persistence, platformPersistence } from '#platform';
import { reviewPersistence } from '#review';

/** What every context keeps in the one database, lowest first: the order of migrations follows their numbers. */
export const contexts: readonly Persistence[] = [
  platformPersistence,
  identityPersistence,
  noticesPersistence,
  ledgerPersistence,
  reviewPersistence,
  enterprisePersistence,
  institutionPersistence,
  guaranteePersistence,
  marketplacePersistence,
];
