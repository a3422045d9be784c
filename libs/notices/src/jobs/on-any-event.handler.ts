import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { QueueDeliveries } from '../application/queue-deliveries.js';

/** Webhooks may subscribe to every event. */
@Injectable()
export class OnAnyEvent implements EventHandler {
  readonly name = 'notices.webhooks';
  readonly events = ['*'];

  constructor(private readonly queueDeliveries: QueueDeliveries) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.queueDeliveries.within(tx, event);
  }
}
