import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, RelayedEvent, Transaction } from '#platform';
import { covers } from '../domain/events.js';
import { endpointsOf, insertDeliveries, listeningEndpoints } from '../persistence/webhook.store.js';

/** Gives every event to the endpoints of the organisations that may know it; the loop delivers. */
@Injectable()
export class QueueDeliveries {
  /** The events that some endpoint subscribes to. */
  async wanted(tx: Transaction, events: readonly RelayedEvent[]): Promise<ReadonlySet<RelayedEvent>> {
    const audience = [...new Set(events.flatMap((event) => event.audience))];
    const endpoints = audience.length === 0 ? [] : await endpointsOf(tx, audience);
    return new Set(
      events.filter((event) =>
        endpoints.some(
          ({ organisationId, events: subscriptions }) =>
            event.audience.includes(organisationId) && subscriptions.some((each) => covers(each, event.name)),
        ),
      ),
    );
  }

  async within(tx: Transaction, event: DeliveredEvent): Promise<void> {
    if (event.audience.length === 0) return;
    const endpoints = await listeningEndpoints(tx, event.audience, event.name);
    await insertDeliveries(tx, endpoints, { id: event.id, name: event.name, body: webhookBody(event) }, await tx.now());
  }
}

/** The body that receivers verify and read: type, timestamp and data, as Standard Webhooks lays down. */
function webhookBody(event: DeliveredEvent): string {
  const { name, occurredAt, subjectType, subjectId, version, payload } = event;
  return JSON.stringify({
    type: name,
    timestamp: occurredAt.toISOString(),
    data: { subject: { type: subjectType, id: subjectId, version }, ...payload },
  });
}
