import { Inject, Injectable } from '@nestjs/common';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  newId,
  type Transaction,
  UnitOfWork,
  withoutReplay,
} from '#platform';
import { noticesError } from '../domain/errors.js';
import { unknownSubscription } from '../domain/events.js';
import { lockEndpoint, type WebhookEndpoint } from '../persistence/webhook.store.js';
import { newWebhookSecret, sealSecret } from './seal-secret.js';
import { TargetGuard } from './target-guard.js';

const mostEndpoints = 20;
/** After a rotation both secrets sign, so that a receiver can change over without a gap. */
const rotationMs = 24 * 60 * 60 * 1000;

export interface EndpointInput {
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
}

/** Sets an endpoint up; its secret is in this answer and never shown again. */
@Injectable()
export class AddWebhookEndpoint {
  private readonly guard: TargetGuard;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {
    this.guard = new TargetGuard(environment.stage === 'sandbox');
  }

  async execute(context: CommandContext, input: EndpointInput): Promise<{ endpointId: string; secret: string }> {
    this.guard.assertUrl(input.url);
    assertEvents(input.events);
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const { organisationId } = context.actor;
      const [count] = await tx.rows<{ n: string }>(
        'SELECT COUNT(*) AS n FROM webhook_endpoint WHERE organisation_id = ? AND removed_at IS NULL',
        [idBytes(organisationId)],
      );
      if (Number(count?.n) >= mostEndpoints)
        throw noticesError('webhook_limit_reached', { data: { most: mostEndpoints } });
      const endpointId = newId();
      const secret = newWebhookSecret();
      await tx.insertRows(
        'webhook_endpoint',
        ['id', 'organisation_id', 'url', 'description', 'events', 'secret', 'created_at'],
        [
          [
            idBytes(endpointId),
            idBytes(organisationId),
            input.url,
            input.description,
            JSON.stringify(input.events),
            sealSecret(this.environment.secret, secret),
            await tx.now(),
          ],
        ],
      );
      audit(tx, endpointId, 'add', { url: input.url, events: input.events });
      return { endpointId, secret };
    });
  }
}

export interface EndpointChange extends Partial<EndpointInput> {
  readonly enabled?: boolean | undefined;
}

/** Changes where and what, switches on or off. Switching on forgets the failures. */
@Injectable()
export class ChangeWebhookEndpoint {
  private readonly guard: TargetGuard;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.guard = new TargetGuard(environment.stage === 'sandbox');
  }

  async execute(
    context: CommandContext,
    endpointId: string,
    expected: number,
    change: EndpointChange,
  ): Promise<{ version: number }> {
    if (change.url !== undefined) this.guard.assertUrl(change.url);
    if (change.events !== undefined) assertEvents(change.events);
    return this.unitOfWork.run(context, async (tx) => {
      const before = await own(tx, context, endpointId);
      if (before.version !== expected) throw httpError('record_changed', { data: { version: before.version } });
      const after = { ...before, ...defined(change) };
      const healthy = change.enabled === true;
      await tx.execute(
        `UPDATE webhook_endpoint SET url = ?, description = ?, events = ?, enabled = ?, failing_since = ?, warned_at = ?,
           disabled_at = ?, version = version + 1 WHERE id = ?`,
        [
          after.url,
          after.description,
          JSON.stringify(after.events),
          after.enabled,
          healthy ? null : before.failingSince,
          healthy ? null : before.warnedAt,
          after.enabled ? null : (before.disabledAt ?? (await tx.now())),
          idBytes(endpointId),
        ],
      );
      if (before.enabled && !after.enabled)
        await tx.execute("UPDATE webhook_delivery SET state = 'held' WHERE endpoint_id = ? AND open = 1", [
          idBytes(endpointId),
        ]);
      audit(tx, endpointId, 'change', { ...defined(change) });
      return { version: before.version + 1 };
    });
  }
}

/** Makes a new secret; the old one signs as well for a day. */
@Injectable()
export class RotateWebhookSecret {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(context: CommandContext, endpointId: string): Promise<{ secret: string; previousUntil: string }> {
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      await own(tx, context, endpointId);
      const secret = newWebhookSecret();
      const until = new Date((await tx.now()).getTime() + rotationMs);
      await tx.execute(
        'UPDATE webhook_endpoint SET previous_secret = secret, previous_until = ?, secret = ?, version = version + 1 WHERE id = ?',
        [until, sealSecret(this.environment.secret, secret), idBytes(endpointId)],
      );
      audit(tx, endpointId, 'rotate_secret', {});
      return { secret, previousUntil: until.toISOString() };
    });
  }
}

/** Takes an endpoint away; its log stays. */
@Injectable()
export class RemoveWebhookEndpoint {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, endpointId: string): Promise<{ removed: true }> {
    return this.unitOfWork.run(context, async (tx) => {
      await own(tx, context, endpointId);
      const now = await tx.now();
      await tx.execute('UPDATE webhook_endpoint SET enabled = 0, removed_at = ? WHERE id = ?', [
        now,
        idBytes(endpointId),
      ]);
      await tx.execute("UPDATE webhook_delivery SET state = 'held' WHERE endpoint_id = ? AND open = 1", [
        idBytes(endpointId),
      ]);
      audit(tx, endpointId, 'remove', {});
      return { removed: true };
    });
  }
}

/** The caller's own endpoint, locked. */
export async function own(tx: Transaction, context: CommandContext, endpointId: string): Promise<WebhookEndpoint> {
  const found = await lockEndpoint(tx, endpointId, context.actor.organisationId);
  if (!found) throw noticesError('webhook_unknown');
  return found;
}

function assertEvents(events: readonly string[]): void {
  const unknown = unknownSubscription(events);
  if (unknown === -1) return;
  throw noticesError('webhook_event_unknown', {
    fields: [{ pointer: `/events/${unknown}`, rule: 'known', message: 'is in no event of /v1/event-types' }],
  });
}

function defined<T extends object>(change: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never;
}

/** An entry of the audit log about an endpoint. */
export function audit(tx: Transaction, subjectId: string, verb: string, data: Readonly<Record<string, unknown>>): void {
  tx.audit({ action: `webhook_endpoint.${verb}`, subjectType: 'webhook_endpoint', subjectId, data });
}
