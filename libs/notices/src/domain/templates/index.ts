import { offerTemplates } from './offers.js';
import { operationsTemplates } from './operations.js';
import { partyTemplates } from './parties.js';
import { receivableTemplates } from './receivables.js';
import { requestTemplates } from './requests.js';
import { reviewTemplates } from './review.js';
import { settlementTemplates } from './settlement.js';

/** Every message of the portal. A context adds its own file beside these and spreads it here. */
export const templates = {
  ...offerTemplates,
  ...operationsTemplates,
  ...partyTemplates,
  ...receivableTemplates,
  ...requestTemplates,
  ...reviewTemplates,
  ...settlementTemplates,
} as const;

export type TemplateName = keyof typeof templates;
