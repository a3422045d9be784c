import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { type Environment, systemContext, type Transaction, UnitOfWork } from '#platform';
import { createTestDatabase, type TestDatabase } from '#platform/testing';
import { createApi } from '../../../apps/api/src/create-api.js';
import { describeApi } from '../../../apps/api/src/openapi.js';
import { contexts } from '../../../config/contexts.js';
import { ApiDocument, type Operation } from './api-document.js';

/** Who sends a request: a person with a session, a program with a key, or nobody. */
export interface Party {
  readonly name: string;
  readonly cookie?: string;
  readonly csrfToken?: string;
  readonly bearer?: string;
  readonly organisationId?: string;
  readonly personId?: string;
  readonly email?: string;
  readonly permissions?: ReadonlySet<string>;
}

export const visitor: Party = { name: 'visitor' };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  // An answer is whatever JSON the route gives; the document's check stands for its type.
  readonly json: Record<string, unknown> & { readonly items?: readonly Record<string, unknown>[] };
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly remoteAddress?: string;
}

/** The real api on a database of its own. Every answer is held against the OpenAPI document. */
export class EdgeHouse {
  private constructor(
    readonly database: TestDatabase,
    readonly app: NestFastifyApplication,
    readonly document: ApiDocument,
  ) {}

  static async open(changes: Partial<Environment> = {}): Promise<EdgeHouse> {
    const database = await createTestDatabase(contexts, {
      country: 'SA',
      publicRequestsPerMinute: 0,
      signInsPerMinute: 0,
      publicUrl: 'https://portal.example',
      ...changes,
    });
    const app = await createApi(database.environment);
    const document = new ApiDocument(
      JSON.parse(JSON.stringify(describeApi(app))) as ConstructorParameters<typeof ApiDocument>[0],
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new EdgeHouse(database, app, document);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.stop();
  }

  get<T>(type: Type<T>): T {
    return this.app.get(type, { strict: false });
  }

  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.get(UnitOfWork).run(systemContext('edge-house'), work);
  }

  async rows<Row extends object = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.database.dataSource.query(sql, parameters)) as Row[];
  }

  /** Sends a request as a party; changes carry the session's token and a fresh idempotency key. */
  async call(party: Party, method: string, url: string, options: CallOptions = {}): Promise<Answer> {
    const headers = { ...headersOf(party, method), ...options.headers };
    const response = await this.app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(options.remoteAddress ? { remoteAddress: options.remoteAddress } : {}),
      ...(options.body === undefined ? {} : { payload: options.body as object }),
    });
    const answer: Answer = {
      status: response.statusCode,
      headers: response.headers,
      text: response.payload,
      json: parse(response.payload) as Answer['json'],
    };
    this.assertDescribed(method, url, answer);
    return answer;
  }

  /** The same, for a step that must succeed. */
  async done(party: Party, method: string, url: string, options: CallOptions = {}): Promise<Answer['json']> {
    const answer = await this.call(party, method, url, options);
    if (answer.status >= 300)
      throw new Error(`${party.name} ${method} ${url}: ${answer.status} ${answer.text.slice(0, 600)}`);
    return answer.json;
  }

  operationOf(method: string, url: string): Operation | undefined {
    const path = (url.split('?')[0] as string).split('/');
    return this.document.operations.find((operation) => {
      const parts = operation.address.split('/');
      if (operation.method !== method || parts.length !== path.length) return false;
      return parts.every((part, index) => part.startsWith('{') || part === path[index]);
    });
  }

  /** A fingerprint of everything that a wrong party could have changed. */
  async fingerprint(): Promise<Record<string, string>> {
    const ignored = /^(?:idempotency_key|audit_|outbox_|migration|sign_in_failure|timer)/;
    const tables = await this.rows<{ name: string }>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name',
    );
    const sums: Record<string, string> = {};
    for (const { name } of tables.filter((table) => !ignored.test(table.name))) {
      const [row] = await this.rows<{ Checksum: string }>(`CHECKSUM TABLE ${name}`);
      sums[name] = String(row?.Checksum);
    }
    return sums;
  }

  private assertDescribed(method: string, url: string, { status, headers, text, json }: Answer): void {
    const operation = this.operationOf(method, url);
    if (!operation) return;
    const type = String(headers['content-type'] ?? '');
    const fault = this.document.faultOf(operation, status, type, text === '' ? undefined : json);
    if (fault) throw new Error(`${method} ${operation.address} ${status}: ${fault}\n${text.slice(0, 1500)}`);
  }
}

export function headersOf(party: Party, method: string): Record<string, string> {
  return {
    ...(party.cookie ? { cookie: `sanad_session=${party.cookie}` } : {}),
    ...(party.bearer ? { authorization: `Bearer ${party.bearer}` } : {}),
    ...(method !== 'GET' && party.csrfToken ? { 'x-csrf-token': party.csrfToken } : {}),
    ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
