import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import {
  ENVIRONMENT,
  type Environment,
  idBytes,
  idText,
  newId,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { type Answer, post } from './http-post.js';
import { recordFailure } from './endpoint-health.js';
import { openSecret } from './seal-secret.js';
import { TargetGuard } from './target-guard.js';
import { callPlaces, chooseCalls } from '../domain/places.policy.js';
import { webhookWait } from '../domain/retry.policy.js';
import { lockEndpoint } from '../persistence/webhook.store.js';

const job = 'notices.deliver_webhooks';
const limitMs = 15_000;
/** How long one process may hold a delivery; longer than an attempt lasts. */
const leaseMs = 60_000;
/** How many due deliveries a look considers: more than one endpoint's backlog would leave the others unseen. */
const batch = 100;
/** How long a round waits for the answers of its own calls; slower ones go on beside the next rounds. */
const patienceMs = 250;
const farewellMs = 2_000;

interface DeliveryRow {
  readonly id: Buffer;
  readonly endpoint_id: Buffer;
  readonly event_id: Buffer;
  readonly body: string;
  readonly attempts: number;
  readonly url: string;
  readonly secret: Buffer;
  readonly previous_secret: Buffer | null;
  readonly previous_until: Date | null;
}

interface Claimed extends DeliveryRow {
  readonly now: Date;
}

interface DueRow {
  readonly id: Buffer;
  readonly endpoint_id: Buffer;
}

/**
 * Delivers webhooks: leases a batch, calls the receivers outside any transaction, records each answer. A delivery
 * that was answered is never sent again; only a process that dies in between repeats it, under the same webhook-id.
 * A slow receiver holds back only its own deliveries.
 */
@Injectable()
export class DeliverWebhooks implements BeforeApplicationShutdown {
  private readonly guard: TargetGuard;
  /** Calls under way by endpoint, and all of them. */
  private readonly calling = new Map<string, number>();
  private readonly calls = new Set<Promise<void>>();
  private readonly failing = new Set<string>();
  private ending = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {
    this.guard = new TargetGuard(environment.stage === 'sandbox');
  }

  /** Begins to deliver what is due, and waits a little for the answers; returns how many it tried. */
  async execute(): Promise<number> {
    if (this.ending) return 0;
    const claimed = await this.claim();
    const own = claimed.map((delivery) => this.begin(delivery));
    if (own.length > 0) await Promise.race([Promise.all(own), pause(patienceMs)]);
    return own.length;
  }

  /** Begins nothing new and waits a little for what is under way; the rest comes again when its lease has ended. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await Promise.race([Promise.allSettled(this.calls), pause(farewellMs)]);
  }

  private begin(delivery: Claimed): Promise<void> {
    const endpoint = idText(delivery.endpoint_id);
    this.calling.set(endpoint, (this.calling.get(endpoint) ?? 0) + 1);
    // One that could not be recorded, because the database is away, comes again when its lease has ended.
    const call = this.attempt(delivery)
      .catch(() => undefined)
      .finally(() => {
        this.calls.delete(call);
        const left = (this.calling.get(endpoint) ?? 1) - 1;
        if (left > 0) this.calling.set(endpoint, left);
        else this.calling.delete(endpoint);
      });
    this.calls.add(call);
    return call;
  }

  private claim(): Promise<Claimed[]> {
    return this.unitOfWork.run(systemContext(job), async (tx) => {
      const now = await tx.now();
      const due = await this.choose(tx, now);
      if (due.length === 0) return [];
      const marks = due.map(() => '?').join(',');
      const ids = due.map(({ id }) => id);
      await tx.execute(`UPDATE webhook_delivery SET attempts = attempts + 1, due_at = ? WHERE id IN (${marks})`, [
        new Date(now.getTime() + leaseMs),
        ...ids,
      ]);
      const rows = await tx.rows<DeliveryRow>(
        `SELECT d.id, d.endpoint_id, d.event_id, d.body, d.attempts, e.url, e.secret, e.previous_secret, e.previous_until
         FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id WHERE d.id IN (${marks})`,
        ids,
      );
      return rows.map((row) => ({ ...row, now }));
    });
  }

  private async choose(tx: Transaction, now: Date): Promise<readonly DueRow[]> {
    // An endpoint whose places are taken is not even looked at: its backlog would hide the others.
    const full = [...this.calling]
      .filter(([endpoint, count]) => count >= (this.failing.has(endpoint) ? callPlaces.ofFailing : callPlaces.ofOne))
      .map(([endpoint]) => idBytes(endpoint));
    const others = full.length > 0 ? ` AND endpoint_id NOT IN (${full.map(() => '?').join(',')})` : '';
    const rows = await tx.rows<DueRow>(
      `SELECT id, endpoint_id FROM webhook_delivery WHERE open = 1 AND due_at <= ?${others}
       ORDER BY due_at LIMIT ${batch} FOR UPDATE SKIP LOCKED`,
      [now, ...full],
    );
    if (rows.length === 0) return [];
    const failing = await tx.rows<{ id: Buffer }>(
      `SELECT id FROM webhook_endpoint WHERE failing_since IS NOT NULL AND id IN (${rows.map(() => '?').join(',')})`,
      rows.map(({ endpoint_id }) => endpoint_id),
    );
    for (const { endpoint_id } of rows) this.failing.delete(idText(endpoint_id));
    for (const { id } of failing) this.failing.add(idText(id));
    const due = rows.map((row) => ({
      ...row,
      endpoint: idText(row.endpoint_id),
      failing: this.failing.has(idText(row.endpoint_id)),
    }));
    return chooseCalls(due, this.calling);
  }

  private async attempt(delivery: Claimed): Promise<void> {
    const answer = await this.call(delivery);
    await this.unitOfWork.run(systemContext(job), (tx) => record(tx, delivery, answer));
  }

  private async call(delivery: Claimed): Promise<Answer> {
    try {
      const url = this.guard.assertUrl(delivery.url);
      return await post(this.guard, url, this.headers(delivery), delivery.body, limitMs);
    } catch (error) {
      return {
        status: null,
        text: String(error instanceof Error ? error.message : error).slice(0, 500),
        durationMs: 0,
      };
    }
  }

  /** Signed with the secret, and for a day after a rotation with the one before as well. */
  private headers(delivery: Claimed): Record<string, string> {
    const id = idText(delivery.event_id);
    const { previous_secret: previous, previous_until: until, now } = delivery;
    const secrets = [delivery.secret, ...(previous && until && until > now ? [previous] : [])];
    const signatures = secrets.map((kept) =>
      new Webhook(openSecret(this.environment.secret, kept)).sign(id, now, delivery.body),
    );
    return {
      'content-type': 'application/json',
      'user-agent': 'Sanad-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    };
  }
}

async function record(tx: Transaction, delivery: Claimed, answer: Answer): Promise<void> {
  const endpoint = await lockEndpoint(tx, idText(delivery.endpoint_id));
  const now = await tx.now();
  const delivered = answer.status !== null && answer.status >= 200 && answer.status < 300;
  const wait = delivered ? null : webhookWait(delivery.attempts, Math.random());
  const state = delivered ? 'delivered' : !endpoint || wait === null ? 'failed' : 'waiting';
  const retryAt = new Date(now.getTime() + (wait ?? 0));
  // A replay in the meantime started the count anew: then this answer is only noted in the log.
  await tx.execute(
    `UPDATE webhook_delivery SET state = ?, due_at = ?, delivered_at = ?, last_status = ?
     WHERE id = ? AND state = 'waiting' AND attempts = ?`,
    [state, retryAt, delivered ? now : null, answer.status, delivery.id, delivery.attempts],
  );
  await tx.insertRows(
    'webhook_attempt',
    ['id', 'delivery_id', 'at', 'status', 'duration_ms', 'answer'],
    [[idBytes(newId()), delivery.id, now, answer.status, answer.durationMs, answer.text]],
  );
  if (!endpoint) return;
  if (!delivered) return recordFailure(tx, endpoint, now, retryAt, answer.status === 410);
  if (endpoint.failingSince !== null)
    await tx.execute('UPDATE webhook_endpoint SET failing_since = NULL, warned_at = NULL WHERE id = ?', [
      delivery.endpoint_id,
    ]);
}
