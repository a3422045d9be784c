import { systemContext } from '../db/command-context.js';
import { idBytes, idText } from '../db/ids.js';
import type { UnitOfWork } from '../db/unit-of-work.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { Transaction } from '../db/transaction.js';
import type { DeliveredEvent, EventHandler, EventHandlers, RelayedEvent } from './outbox.js';

const batch = 500;
/** Handlers that run at once in this process while Redis is away. */
const hands = 8;

interface Delivery {
  readonly eventId: string;
  readonly handler: string;
}

interface EventRow {
  readonly id: Buffer;
  readonly name: string;
  readonly audience: string;
}

interface NewEvent extends RelayedEvent {
  readonly id: Buffer;
}

interface DeliveryRow {
  readonly name: string;
  readonly subject_type: string;
  readonly subject_id: Buffer;
  readonly version: number;
  readonly audience: string;
  readonly payload: string;
  readonly occurred_at: Date;
}

/**
 * Moves committed events to their handlers. Any number of relays may run: each takes rows nobody else holds.
 * The delivery row, not the job, is the truth: a job lost with Redis is published again by {@link republish}, and without
 * Redis the relay runs the handlers itself.
 */
export class OutboxRelay {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly handlers: EventHandlers,
    private readonly queue: JobQueue,
  ) {}

  /** Takes one batch of new events; returns how many, so that the caller goes on while there are more. */
  async relay(): Promise<number> {
    const { events, jobs } = await this.unitOfWork.run(systemContext('outbox.relay'), async (tx) => {
      const rows = await tx.rows<EventRow>(
        `SELECT id, name, audience FROM outbox_event WHERE relayed = 0 ORDER BY id LIMIT ${batch} FOR UPDATE SKIP LOCKED`,
      );
      if (rows.length === 0) return { events: 0, jobs: [] };
      const now = await tx.now();
      const deliveries = await this.deliveriesOf(
        tx,
        rows.map(({ id, name, audience }) => ({ id, name, audience: JSON.parse(audience) as string[] })),
      );
      await tx.insertRows(
        'outbox_delivery',
        ['event_id', 'handler', 'due_at'],
        deliveries.map(({ id, handler }) => [id, handler, new Date(now.getTime() + 15_000)]),
      );
      await tx.execute(
        `UPDATE outbox_event SET relayed = 1 WHERE id IN (${rows.map(() => '?').join(',')})`,
        rows.map(({ id }) => id),
      );
      return { events: rows.length, jobs: deliveries.map(({ id, handler }) => ({ eventId: idText(id), handler })) };
    });
    await this.publish(jobs, ({ eventId, handler }) => `${eventId}-${handler}`);
    return events;
  }

  /** Who is to handle each event; handlers of every event are asked once for the whole batch. */
  private async deliveriesOf(tx: Transaction, events: readonly NewEvent[]) {
    const groups = new Map<EventHandler, NewEvent[]>();
    for (const event of events)
      for (const handler of this.handlers.for(event.name)) groups.set(handler, [...(groups.get(handler) ?? []), event]);
    const deliveries = [];
    for (const [handler, group] of groups) {
      const wanted = handler.wanted && (await handler.wanted(tx, group));
      for (const event of group)
        if (!wanted || wanted.has(event)) deliveries.push({ id: event.id, handler: handler.name });
    }
    return deliveries;
  }

  /** Publishes again what was due for a while and is not done: the job was lost, or its handler failed. */
  async republish(): Promise<number> {
    const jobs = await this.unitOfWork.run(systemContext('outbox.republish'), async (tx) => {
      const now = await tx.now();
      const rows = await tx.rows<{ event_id: Buffer; handler: string; attempts: number }>(
        `SELECT event_id, handler, attempts FROM outbox_delivery WHERE open = 1 AND due_at <= ? ORDER BY due_at LIMIT ${batch}
         FOR UPDATE SKIP LOCKED`,
        [now],
      );
      for (const row of rows) {
        // Back-off up to an hour: a handler that keeps failing stays visible in the queue health, and is never dropped.
        const wait = Math.min(3600, 15 * 2 ** Math.min(row.attempts, 8));
        await tx.execute('UPDATE outbox_delivery SET due_at = ? WHERE event_id = ? AND handler = ?', [
          new Date(now.getTime() + wait * 1000),
          row.event_id,
          row.handler,
        ]);
      }
      return rows.map(({ event_id, handler, attempts }) => ({ eventId: idText(event_id), handler, attempts }));
    });
    await this.publish(jobs, ({ eventId, handler, attempts }) => `${eventId}-${handler}-${attempts}-${Date.now()}`);
    return jobs.length;
  }

  /**
   * Spreads the work over the workers by Redis; when Redis does not take it, this process does it all by itself. A
   * job that Redis takes after all finds its delivery done.
   */
  private async publish<Item extends Delivery>(jobs: readonly Item[], jobId: (item: Item) => string): Promise<void> {
    if (await this.queue.addAll('event.deliver', jobs, jobId)) return;
    const waiting = jobs.values();
    const work = async (): Promise<void> => {
      // What fails is noted in its row and comes again by republish.
      for (const { eventId, handler } of waiting) await this.deliver(eventId, handler).catch(() => undefined);
    };
    await Promise.all(Array.from({ length: hands }, work));
  }

  /** After Redis was emptied: deliveries that waited for their first job are due now, not only when that counts as lost. */
  async recall(): Promise<void> {
    await this.unitOfWork.run(systemContext('outbox.recall'), async (tx) =>
      tx.execute('UPDATE outbox_delivery SET due_at = ? WHERE open = 1 AND attempts = 0', [await tx.now()]),
    );
  }

  /** Runs one handler for one event, once: the delivery row is locked, and done in the handler's transaction. */
  async deliver(eventId: string, handlerName: string): Promise<void> {
    const handler = this.handlers.named(handlerName);
    if (!handler) throw new Error(`no event handler is named ${handlerName}`);
    const key = [idBytes(eventId), handlerName];
    try {
      await this.unitOfWork.run(systemContext(handlerName, eventId), async (tx) => {
        const done = await tx.execute(
          'UPDATE outbox_delivery SET done_at = UTC_TIMESTAMP(6), last_error = NULL WHERE event_id = ? AND handler = ? AND done_at IS NULL',
          key,
        );
        if (done === 0) return;
        const [row] = await tx.rows<DeliveryRow>(
          'SELECT name, subject_type, subject_id, version, audience, payload, occurred_at FROM outbox_event WHERE id = ?',
          [idBytes(eventId)],
        );
        await handler.handle(tx, delivered(eventId, row as DeliveryRow));
      });
    } catch (error) {
      await this.unitOfWork.run(systemContext(handlerName, eventId), (tx) =>
        tx.execute(
          'UPDATE outbox_delivery SET attempts = attempts + 1, last_error = ? WHERE event_id = ? AND handler = ? AND done_at IS NULL',
          [String(error instanceof Error ? error.message : error).slice(0, 500), ...key],
        ),
      );
      throw error;
    }
  }
}

function delivered(id: string, row: DeliveryRow): DeliveredEvent {
  return {
    id,
    name: row.name,
    subjectType: row.subject_type,
    subjectId: idText(row.subject_id),
    version: row.version,
    audience: JSON.parse(row.audience) as string[],
    payload: JSON.parse(row.payload) as Record<string, unknown>,
    occurredAt: row.occurred_at,
  };
}
