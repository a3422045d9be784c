import { Injectable } from '@nestjs/common';
import { type CommandContext, idBytes, idText, newId, UnitOfWork } from '#platform';
import { noticesError } from '../domain/errors.js';
import { insertDeliveries, lockEndpoint } from '../persistence/webhook.store.js';
import { audit, own } from './webhook-endpoints.js';

/** Sends one event again, whatever came of it before. */
@Injectable()
export class ReplayDelivery {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, deliveryId: string): Promise<{ deliveryId: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const [row] = await tx.rows<{ endpoint_id: Buffer }>('SELECT endpoint_id FROM webhook_delivery WHERE id = ?', [
        idBytes(deliveryId),
      ]);
      const endpoint = row && (await lockEndpoint(tx, idText(row.endpoint_id), context.actor.organisationId));
      if (!endpoint) throw noticesError('webhook_unknown');
      await tx.execute("UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = ? WHERE id = ?", [
        await tx.now(),
        idBytes(deliveryId),
      ]);
      audit(tx, endpoint.id, 'replay', { deliveryId });
      return { deliveryId };
    });
  }
}

/** Sends again what an endpoint missed since an instant: deliveries that failed for good or were held while it was off. */
@Injectable()
export class ReplayMissed {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, endpointId: string, since: Date): Promise<{ deliveries: number }> {
    return this.unitOfWork.run(context, async (tx) => {
      await own(tx, context, endpointId);
      const deliveries = await tx.execute(
        `UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = ?
         WHERE endpoint_id = ? AND created_at >= ? AND state IN ('failed', 'held')`,
        [await tx.now(), idBytes(endpointId), since],
      );
      audit(tx, endpointId, 'replay', { since: since.toISOString(), deliveries });
      return { deliveries };
    });
  }
}

/** Sends a test event to one endpoint. */
@Injectable()
export class TestEndpoint {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, endpointId: string): Promise<{ deliveryId: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const endpoint = await own(tx, context, endpointId);
      const now = await tx.now();
      const body = JSON.stringify({ type: 'webhook.test', timestamp: now.toISOString(), data: { endpointId } });
      const event = { id: newId(), name: 'webhook.test', body };
      const [deliveryId] = await insertDeliveries(tx, [{ ...endpoint, enabled: true }], event, now);
      return { deliveryId: deliveryId as string };
    });
  }
}
