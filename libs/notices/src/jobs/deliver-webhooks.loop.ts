import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { DeliverWebhooks } from '../application/deliver-webhooks.js';

@Injectable()
export class DeliverWebhooksLoop implements WorkLoop {
  readonly name = 'notices.deliver_webhooks';
  readonly idleMs = 500;

  constructor(private readonly deliverWebhooks: DeliverWebhooks) {}

  work(): Promise<number> {
    return this.deliverWebhooks.execute();
  }
}
