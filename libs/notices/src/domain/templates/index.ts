import { claimTemplates } from './claims.js';
import { guaranteeTemplates } from './guarantees.js';
import { offerTemplates } from './offers.js';
import { operationsTemplates } from './operations.js';
import { partyTemplates } from './parties.js';
import { requestTemplates } from './requests.js';
import { reviewTemplates } from './review.js';

/** Every message of the portal. A context adds its own file beside these and spreads it here. */
export const templates = {
  ...claimTemplates,
  ...guaranteeTemplates,
  ...offerTemplates,
  ...operationsTemplates,
  ...partyTemplates,
  ...requestTemplates,
  ...reviewTemplates,
} as const;

export type TemplateName = keyof typeof templates;
