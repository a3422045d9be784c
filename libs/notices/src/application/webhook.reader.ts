import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, defaultLimit, idBytes, idText, type Page, toPage } from '#platform';
import { noticesError } from '../domain/errors.js';
import { endpointOfRow, selectEndpoints, type WebhookEndpoint } from '../persistence/webhook.store.js';

interface PageAsked {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface DeliveryView {
  readonly id: string;
  readonly eventId: string;
  readonly event: string;
  /** `waiting`, `delivered`, `failed` for good, or `held` while the endpoint was off. */
  readonly state: string;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
}

interface DeliveryRow {
  readonly id: Buffer;
  readonly event_id: Buffer;
  readonly event_name: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly created_at: Date;
  readonly due_at: Date;
  readonly delivered_at: Date | null;
}

const deliveryColumns =
  'd.id, d.event_id, d.event_name, d.state, d.attempts, d.last_status, d.created_at, d.due_at, d.delivered_at';

/** Endpoints and their delivery log, for their own organisation. */
@Injectable()
export class WebhookReader {
  constructor(private readonly dataSource: DataSource) {}

  async endpoints(organisationId: string): Promise<Page<WebhookEndpoint>> {
    const rows = await this.dataSource.query<object[]>(
      `${selectEndpoints} WHERE organisation_id = ? AND removed_at IS NULL ORDER BY id DESC`,
      [idBytes(organisationId)],
    );
    return { items: rows.map(endpointOfRow), nextCursor: null };
  }

  async endpoint(organisationId: string, id: string): Promise<WebhookEndpoint> {
    const [row] = await this.dataSource.query<object[]>(
      `${selectEndpoints} WHERE id = ? AND organisation_id = ? AND removed_at IS NULL`,
      [idBytes(id), idBytes(organisationId)],
    );
    if (!row) throw noticesError('webhook_unknown');
    return endpointOfRow(row);
  }

  /** The delivery log of an endpoint, newest first. */
  async deliveries(organisationId: string, endpointId: string, page: PageAsked): Promise<Page<DeliveryView>> {
    await this.endpoint(organisationId, endpointId);
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const rows = await this.dataSource.query<DeliveryRow[]>(
      `SELECT ${deliveryColumns} FROM webhook_delivery d
       WHERE d.endpoint_id = ?${after ? ' AND d.id < ?' : ''} ORDER BY d.id DESC LIMIT ?`,
      [idBytes(endpointId), ...(after ? [idBytes(String(after[0]))] : []), limit + 1],
    );
    return toPage(rows, limit, ({ id }) => [idText(id)], shown);
  }

  /** One delivery with its body and every attempt. */
  async delivery(organisationId: string, id: string) {
    const [row] = await this.dataSource.query<(DeliveryRow & { body: string })[]>(
      `SELECT ${deliveryColumns}, d.body FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
       WHERE d.id = ? AND e.organisation_id = ?`,
      [idBytes(id), idBytes(organisationId)],
    );
    if (!row) throw noticesError('webhook_unknown');
    const attempts = await this.dataSource.query<
      { at: Date; status: number | null; duration_ms: number; answer: string }[]
    >('SELECT at, status, duration_ms, answer FROM webhook_attempt WHERE delivery_id = ? ORDER BY id', [idBytes(id)]);
    return {
      ...shown(row),
      body: JSON.parse(row.body) as unknown,
      log: attempts.map(({ at, status, duration_ms, answer }) => ({ at, status, durationMs: duration_ms, answer })),
    };
  }
}

function shown(row: DeliveryRow): DeliveryView {
  return {
    id: idText(row.id),
    eventId: idText(row.event_id),
    event: row.event_name,
    state: row.state,
    attempts: row.attempts,
    lastStatus: row.last_status,
    createdAt: row.created_at,
    nextAttemptAt: row.state === 'waiting' ? row.due_at : null,
    deliveredAt: row.delivered_at,
  };
}
