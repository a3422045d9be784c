import { idBytes, idText, newId, type Transaction } from '#platform';
import { covers } from '../domain/events.js';

/** Where an organisation wants its events. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly organisationId: string;
  readonly url: string;
  readonly description: string;
  /** Names, families such as `review_case.*`, or `*`. */
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly failingSince: Date | null;
  readonly warnedAt: Date | null;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
  readonly version: number;
}

interface EndpointRow {
  readonly id: Buffer;
  readonly organisation_id: Buffer;
  readonly url: string;
  readonly description: string;
  readonly events: string;
  readonly enabled: number;
  readonly failing_since: Date | null;
  readonly warned_at: Date | null;
  readonly disabled_at: Date | null;
  readonly created_at: Date;
  readonly version: number;
}

export const selectEndpoints = `SELECT id, organisation_id, url, description, events, enabled, failing_since, warned_at,
  disabled_at, created_at, version FROM webhook_endpoint`;

export function endpointOfRow(row: object): WebhookEndpoint {
  const from = row as EndpointRow;
  return {
    id: idText(from.id),
    organisationId: idText(from.organisation_id),
    url: from.url,
    description: from.description,
    events: JSON.parse(from.events) as string[],
    enabled: from.enabled === 1,
    failingSince: from.failing_since,
    warnedAt: from.warned_at,
    disabledAt: from.disabled_at,
    createdAt: from.created_at,
    version: from.version,
  };
}

/** An endpoint that is not removed; with `organisationId`, another's does not exist. Locked for this transaction. */
export async function lockEndpoint(
  tx: Transaction,
  id: string,
  organisationId?: string,
): Promise<WebhookEndpoint | undefined> {
  const [row] = await tx.rows(`${selectEndpoints} WHERE id = ? AND removed_at IS NULL FOR UPDATE`, [idBytes(id)]);
  const found = row && endpointOfRow(row);
  return found && (organisationId === undefined || found.organisationId === organisationId) ? found : undefined;
}

/** The endpoints of these organisations. */
export async function endpointsOf(tx: Transaction, organisationIds: readonly string[]): Promise<WebhookEndpoint[]> {
  const rows = await tx.rows(
    `${selectEndpoints} WHERE removed_at IS NULL AND organisation_id IN (${organisationIds.map(() => '?').join(',')})`,
    organisationIds.map(idBytes),
  );
  return rows.map(endpointOfRow);
}

/** The endpoints of these organisations that subscribe to an event. */
export async function listeningEndpoints(
  tx: Transaction,
  organisationIds: readonly string[],
  event: string,
): Promise<WebhookEndpoint[]> {
  const endpoints = await endpointsOf(tx, organisationIds);
  return endpoints.filter(({ events }) => events.some((subscription) => covers(subscription, event)));
}

export interface CarriedEvent {
  readonly id: string;
  readonly name: string;
  readonly body: string;
}

/** One delivery an endpoint; one that is switched off keeps its deliveries until somebody replays them. */
export async function insertDeliveries(
  tx: Transaction,
  endpoints: readonly WebhookEndpoint[],
  { id, name, body }: CarriedEvent,
  now: Date,
): Promise<readonly string[]> {
  const made = endpoints.map((endpoint) => ({ id: newId(), endpoint }));
  await tx.insertRows(
    'webhook_delivery',
    ['id', 'endpoint_id', 'event_id', 'event_name', 'body', 'state', 'due_at', 'created_at'],
    made.map((delivery) => [
      idBytes(delivery.id),
      idBytes(delivery.endpoint.id),
      idBytes(id),
      name,
      body,
      delivery.endpoint.enabled ? 'waiting' : 'held',
      now,
      now,
    ]),
  );
  return made.map((delivery) => delivery.id);
}
