import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { OwnNotices } from './application/own-notices.js';
import { ReplayDelivery, ReplayMissed, TestEndpoint } from './application/replay-webhooks.js';
import {
  AddWebhookEndpoint,
  ChangeWebhookEndpoint,
  RemoveWebhookEndpoint,
  RotateWebhookSecret,
} from './application/webhook-endpoints.js';
import { WebhookReader } from './application/webhook.reader.js';
import { NoticesController } from './http/notices.controller.js';
import { WebhooksController } from './http/webhooks.controller.js';
import { DeliverWebhooksLoop } from './jobs/deliver-webhooks.loop.js';
import { OnAnyEvent } from './jobs/on-any-event.handler.js';
import { OnNoticeRequested } from './jobs/on-notice-requested.handler.js';
import { SendMailLoop } from './jobs/send-mail.loop.js';

const useCases = [
  AddWebhookEndpoint,
  ChangeWebhookEndpoint,
  DeliverWebhooksLoop,
  OnAnyEvent,
  OnNoticeRequested,
  OwnNotices,
  RemoveWebhookEndpoint,
  ReplayDelivery,
  ReplayMissed,
  RotateWebhookSecret,
  SendMailLoop,
  TestEndpoint,
  WebhookReader,
];

/** Notices to people and events to programs. */
@Module({ imports: [IdentityModule], providers: useCases, exports: useCases })
export class NoticesModule {}

/** The same with its routes, for the api. */
@Module({ imports: [NoticesModule], controllers: [NoticesController, WebhooksController], exports: [NoticesModule] })
export class NoticesHttpModule {}
