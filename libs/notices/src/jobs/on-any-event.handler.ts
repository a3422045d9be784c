import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, RelayedEvent, Transaction } from '#platform';
import { QueueDeliveries } from '../application/queue-deliveries.js';

/** Webhooks may subscribe to every event; one that nobody subscribed to leaves no row. */
@Injectable()
export class OnAnyEvent implements EventHandler {
  readonly name = 'notices.webhooks';
  readonly events = ['*'];

  constructor(private readonly queueDeliveries: QueueDeliveries) {}

  async wanted(tx: Transaction, events: readonly RelayedEvent[]): Promise<ReadonlySet<RelayedEvent>> {
    return this.queueDeliveries.wanted(tx, events);
  }

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.queueDeliveries.within(tx, event);
  }
}
