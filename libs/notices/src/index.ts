import type { Persistence } from '#platform';
import { DeliverWebhooksLoop } from './jobs/deliver-webhooks.loop.js';
import { OnAnyEvent } from './jobs/on-any-event.handler.js';
import { OnNoticeRequested } from './jobs/on-notice-requested.handler.js';
import { OnPasswordReset } from './jobs/on-password-reset.handler.js';
import { SendMailLoop } from './jobs/send-mail.loop.js';
import { Notices1790000003000 } from './persistence/migrations/1790000003000-notices.js';
import { ConfidentialMail1790000003001 } from './persistence/migrations/1790000003001-confidential-mail.js';

export * from './application/notify.js';
export * from './domain/errors.js';
export { defineEvents, eventCatalogue } from './domain/events.js';
export type { Topic } from './domain/template.js';
export type { TemplateName } from './domain/templates/index.js';
export * from './notices.module.js';

export const noticesPersistence: Persistence = {
  entities: [],
  migrations: [Notices1790000003000, ConfidentialMail1790000003001],
};
export const noticesEventHandlers = [OnNoticeRequested, OnPasswordReset, OnAnyEvent];
export const noticesLoops = [SendMailLoop, DeliverWebhooksLoop];
