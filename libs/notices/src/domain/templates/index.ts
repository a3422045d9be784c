import { operationsTemplates } from './operations.js';
import { reviewTemplates } from './review.js';

/** Every message of the portal. A context adds its own file beside these and spreads it here. */
export const templates = { ...operationsTemplates, ...reviewTemplates } as const;

export type TemplateName = keyof typeof templates;
