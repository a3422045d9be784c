import { operationsTemplates } from './operations.js';
import { partyTemplates } from './parties.js';
import { reviewTemplates } from './review.js';

/** Every message of the portal. A context adds its own file beside these and spreads it here. */
export const templates = { ...operationsTemplates, ...partyTemplates, ...reviewTemplates } as const;

export type TemplateName = keyof typeof templates;
