import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { generateSync } from 'otplib';
import { DataSource } from 'typeorm';
import { permissionsOf, type OrganisationKind } from '#identity';
import { type CommandContext, type Environment, idText, newId } from '#platform';
import { createApi } from '../../../api/src/create-api.js';
import { WorkerModule } from '../../../worker/src/worker.module.js';

/** A refusal that the story did not expect: the seed stops with what was asked and what was answered. */
export class SeedFailure extends Error {
  override readonly name = 'SeedFailure';
}

/** One signed-in person. Every call goes through the api as the portal's would. */
export interface Hand {
  get<T = Answer>(path: string): Promise<T>;
  post<T = Answer>(path: string, body?: object): Promise<T>;
  put<T = Answer>(path: string, body: object): Promise<T>;
  patch<T = Answer>(path: string, body: object): Promise<T>;
  file(path: string, content: Buffer, mediaType?: string): Promise<Answer>;
}

/** Whatever JSON the api gave; callers name the fields they read. */
export type Answer = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly version: number;
  readonly items: readonly Answer[];
};

/** The market as it stood some time ago: api and worker in this process, with the database's clock offset. */
export class MarketAt {
  private readonly hands = new Map<string, Promise<Hand>>();
  /** Who has shown the second factor: it holds for ten minutes. */
  private readonly steppedUp = new Set<string>();
  private readonly actors = new Map<string, Promise<CommandContext>>();
  private keys = 0;

  private constructor(
    private readonly api: NestFastifyApplication,
    private readonly worker: INestApplicationContext,
    private readonly environment: Environment,
    private readonly secrets: Map<string, string>,
  ) {}

  /** `secrets` keeps the second factors of people from one moment to the next. */
  static async open(environment: Environment, daysAgo: number, secrets: Map<string, string>): Promise<MarketAt> {
    const then: Environment = {
      ...environment,
      clockOffsetSeconds: -Math.round(daysAgo * 86_400),
      logLevel: 'error',
      // All of them come from one address.
      publicRequestsPerMinute: 0,
      signInsPerMinute: 0,
    };
    const api = await createApi(then);
    await api.init();
    await api.getHttpAdapter().getInstance().ready();
    const worker = await NestFactory.createApplicationContext(WorkerModule.forRoot(then), { logger: ['error'] });
    return new MarketAt(api, worker, then, secrets);
  }

  get<T>(type: Type<T>): T {
    return this.api.get(type, { strict: false });
  }

  /** The instant that the market's clock shows, moved by some days. */
  instant(daysLater: number): string {
    return new Date(Date.now() + this.environment.clockOffsetSeconds * 1000 + daysLater * 86_400_000).toISOString();
  }

  /** Registers somebody; no session is needed. */
  async register(body: object): Promise<Answer> {
    return this.send('POST', '/v1/registrations', {}, body);
  }

  /** Signs in, once for each person. */
  as(email: string, password: string): Promise<Hand> {
    const known = this.hands.get(email);
    if (known) return known;
    const made = this.signIn(email, password);
    this.hands.set(email, made);
    return made;
  }

  /** Signs in and shows the second factor, setting it up the first time. */
  async withSecondFactor(email: string, password: string): Promise<Hand> {
    const hand = await this.as(email, password);
    if (this.steppedUp.has(email)) return hand;
    let secret = this.secrets.get(email);
    if (!secret) {
      secret = String((await hand.post('/v1/second-factors/totp'))['secret']);
      this.secrets.set(email, secret);
    }
    const epoch = Math.floor(Date.now() / 1000) + this.environment.clockOffsetSeconds;
    await hand.post('/v1/session/step-up', { code: generateSync({ secret, epoch }) });
    this.steppedUp.add(email);
    return hand;
  }

  /** The same person for a use case that is called without a route; much of one kind is quicker so. */
  actor(email: string): Promise<CommandContext> {
    const known = this.actors.get(email);
    if (known) return known;
    const made = this.readActor(email);
    this.actors.set(email, made);
    return made;
  }

  private async readActor(email: string): Promise<CommandContext> {
    const [row] = await this.api.get(DataSource).query<
      {
        id: Buffer;
        locale: string;
        organisation_id: Buffer;
        kind: OrganisationKind;
        roles: string | string[];
        approval_limit_minor: string | null;
      }[]
    >(
      `SELECT p.id, p.locale, m.organisation_id, o.kind, m.roles, m.approval_limit_minor
       FROM person p JOIN membership m ON m.person_id = p.id JOIN organisation o ON o.id = m.organisation_id WHERE p.email = ?`,
      [email],
    );
    if (!row) throw new SeedFailure(`nobody has the address ${email}`);
    const roles = typeof row.roles === 'string' ? (JSON.parse(row.roles) as string[]) : row.roles;
    const limit = row.approval_limit_minor;
    return {
      actor: {
        kind: 'person',
        id: idText(row.id),
        organisationId: idText(row.organisation_id),
        organisationKind: row.kind,
        permissions: permissionsOf(row.kind, roles),
        ...(limit === null ? {} : { approvalLimitMinor: BigInt(limit) }),
        steppedUp: true,
        locale: row.locale,
      },
      traceId: newId(),
    };
  }

  /** Uploads a small document of one page and returns it as stored. */
  async upload(hand: Hand, kind: string, title: string): Promise<Answer> {
    return hand.file(
      `/v1/enterprise/documents?kind=${kind}&name=${encodeURIComponent(`${title}.pdf`)}`,
      onePagePdf(title),
    );
  }

  /** Waits for something that a worker's loop does. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let round = 0; round < 600; round++) {
      if (await holds()) return;
      await pause(50);
    }
    throw new SeedFailure(`waited too long for ${what}`);
  }

  /** Waits until every event was handled, so that what follows meets a market at rest. */
  async settle(): Promise<void> {
    const dataSource = this.api.get(DataSource);
    for (let round = 0; round < 600; round++) {
      const [row] = await dataSource.query<{ waiting: string }[]>(
        `SELECT (SELECT COUNT(*) FROM outbox_event WHERE relayed = 0) + (SELECT COUNT(*) FROM outbox_delivery WHERE open = 1)
              + (SELECT COUNT(*) FROM timer WHERE due_at <= UTC_TIMESTAMP(6) + INTERVAL ? SECOND) AS waiting`,
        [this.environment.clockOffsetSeconds],
      );
      if (Number(row?.waiting ?? 0) === 0) return;
      await pause(50);
    }
    const stuck = await dataSource.query<{ handler: string; last_error: string }[]>(
      'SELECT handler, last_error FROM outbox_delivery WHERE open = 1 LIMIT 3',
    );
    throw new SeedFailure(`the market did not come to rest: ${JSON.stringify(stuck)}`);
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.api.close();
  }

  private async signIn(email: string, password: string): Promise<Hand> {
    const answer = await this.api.inject({ method: 'POST', url: '/v1/sessions', payload: { email, password } });
    if (answer.statusCode !== 201) throw new SeedFailure(`sign-in of ${email}: ${answer.body}`);
    const cookie = String(answer.headers['set-cookie']).split(';')[0] as string;
    const { csrfToken } = answer.json<{ csrfToken: string }>();
    const headers = { cookie, 'x-csrf-token': csrfToken };
    const call = <T>(method: Method, path: string, body?: object) =>
      this.send(method, path, headers, body) as Promise<T>;
    return {
      get: (path) => call('GET', path),
      post: (path, body) => call('POST', path, body),
      put: (path, body) => call('PUT', path, body),
      patch: (path, body) => call('PATCH', path, body),
      file: (path, content, mediaType = 'application/pdf') =>
        this.send('POST', path, { ...headers, 'content-type': mediaType }, content),
    };
  }

  private async send(method: Method, url: string, headers: Record<string, string>, body?: object): Promise<Answer> {
    const { ifMatch: version, ...fields } = (body ?? {}) as { ifMatch?: number };
    const payload = Buffer.isBuffer(body) ? body : fields;
    const answer = await this.api.inject({
      method,
      url,
      headers: {
        ...headers,
        ...(method === 'GET'
          ? {}
          : { 'idempotency-key': `seed-${process.pid}-${this.environment.clockOffsetSeconds}-${++this.keys}` }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      },
      ...(body === undefined ? {} : { payload }),
    });
    if (answer.statusCode >= 300)
      throw new SeedFailure(
        `${method} ${url} ${JSON.stringify(payload).slice(0, 400)} → ${answer.statusCode} ${answer.body}`,
      );
    return answer.body === '' ? ({} as Answer) : answer.json<Answer>();
  }
}

/** A PDF of one page with one line; enough to be a document and to be opened. */
function onePagePdf(title: string): Buffer {
  const text = `BT /F1 18 Tf 60 760 Td (${title.replaceAll(/[()\\]/g, '')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, n) => {
    const at = body.length;
    body += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';
