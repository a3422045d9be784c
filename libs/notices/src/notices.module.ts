import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { DeliverWebhooks } from './application/deliver-webhooks.js';
import { OwnNotices } from './application/own-notices.js';
import { QueueDeliveries } from './application/queue-deliveries.js';
import { ReplayDelivery, ReplayMissed, TestEndpoint } from './application/replay-webhooks.js';
import { SendMail } from './application/send-mail.js';
import {
  AddWebhookEndpoint,
  ChangeWebhookEndpoint,
  RemoveWebhookEndpoint,
  RotateWebhookSecret,
} from './application/webhook-endpoints.js';
import { WebhookReader } from './application/webhook.reader.js';
import { WriteNotices } from './application/write-notices.js';
import { NoticesController } from './http/notices.controller.js';
import { WebhooksController } from './http/webhooks.controller.js';
import { DeliverWebhooksLoop } from './jobs/deliver-webhooks.loop.js';
import { OnAnyEvent } from './jobs/on-any-event.handler.js';
import { OnNoticeRequested } from './jobs/on-notice-requested.handler.js';
import { OnPasswordReset } from './jobs/on-password-reset.handler.js';
import { SendMailLoop } from './jobs/send-mail.loop.js';

const useCases = [
  AddWebhookEndpoint,
  ChangeWebhookEndpoint,
  DeliverWebhooks,
  DeliverWebhooksLoop,
  OnAnyEvent,
  OnNoticeRequested,
  OnPasswordReset,
  OwnNotices,
  QueueDeliveries,
  RemoveWebhookEndpoint,
  ReplayDelivery,
  ReplayMissed,
  RotateWebhookSecret,
  SendMail,
  SendMailLoop,
  TestEndpoint,
  WebhookReader,
  WriteNotices,
];

/** Notices to people and events to programs. */
@Module({ imports: [IdentityModule], providers: useCases, exports: useCases })
export class NoticesModule {}

/** The same with its routes, for the api. */
@Module({ imports: [NoticesModule], controllers: [NoticesController, WebhooksController], exports: [NoticesModule] })
export class NoticesHttpModule {}
