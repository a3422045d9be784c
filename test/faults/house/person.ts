import { randomUUID } from 'node:crypto';
import { generateSync } from 'otplib';
import { until } from './until.js';

export const password = 'a long enough secret 7';

/** Whatever JSON the api gave. */
export interface Json {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly code: string;
  readonly items: readonly Json[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

export interface Sending {
  readonly key?: string;
  readonly version?: number;
  /** Another api process than the person's own. */
  readonly at?: string;
  /** What a body of bytes is; a PDF when left out. */
  readonly contentType?: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request, sent once; fails when nobody answers. */
export async function send(
  address: string,
  method: Method,
  path: string,
  body?: object | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const content = Buffer.isBuffer(body) ? 'application/pdf' : 'application/json';
  const response = await fetch(address + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': content }), ...headers },
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (/\bjson\b/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : {}) as Json,
  };
}

/** Waiting again is right: nobody answered, or the answer itself says so. */
function passing({ status, body }: Answer): boolean {
  return status === 503 || (status === 409 && body.code === 'idempotency_in_progress');
}

/** Somebody who is signed in, with their browser or program. */
export class Person {
  private totpSecret: string | undefined;
  private lastStep = 0;

  private constructor(
    readonly address: string,
    readonly email: string,
    private cookie: string,
    private csrf: string,
  ) {}

  static async signIn(address: string, email: string): Promise<Person> {
    const person = new Person(address, email, '', '');
    await person.signInAgain();
    return person;
  }

  private async signInAgain(): Promise<void> {
    const answer = await send(this.address, 'POST', '/v1/sessions', { email: this.email, password });
    if (answer.status !== 201) throw new Error(`${this.email} could not sign in: ${answer.text}`);
    this.cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    this.csrf = String(answer.body['csrfToken']);
  }

  /** After the market's clock was moved by days, the old session has ended: then signs in and asks once more. */
  async send(method: Method, path: string, body?: object | Buffer, how: Sending = {}): Promise<Answer> {
    const answer = await this.sendOnce(method, path, body, how);
    if (answer.status !== 401) return answer;
    await this.signInAgain();
    return this.sendOnce(method, path, body, how);
  }

  private sendOnce(method: Method, path: string, body: object | Buffer | undefined, how: Sending): Promise<Answer> {
    return send(how.at ?? this.address, method, path, body, {
      cookie: this.cookie,
      'x-csrf-token': this.csrf,
      ...(how.key ? { 'idempotency-key': how.key } : {}),
      ...(how.version === undefined ? {} : { 'if-match': `"${how.version}"` }),
      ...(how.contentType ? { 'content-type': how.contentType } : {}),
    });
  }

  get(path: string): Promise<Json> {
    return this.must('GET', path);
  }

  post(path: string, body?: object | Buffer): Promise<Json> {
    return this.must('POST', path, body, { key: randomUUID() });
  }

  /** Sends once and fails on a refusal. */
  async must(method: Method, path: string, body?: object | Buffer, how: Sending = {}): Promise<Json> {
    const answer = await this.send(method, path, body, how);
    if (answer.status >= 300)
      throw new Error(`${this.email} ${method} ${path} → ${answer.status} ${answer.text.slice(0, 2000)}`);
    return answer.body;
  }

  /** As a careful program does: the same command with the same key again, until somebody answers it. */
  async insist(
    method: Method,
    path: string,
    body: object | undefined,
    how: Sending & { key: string },
  ): Promise<Answer> {
    return until(
      `an answer to ${method} ${path}`,
      async () => {
        const answer = await this.send(method, path, body, how).catch(() => undefined);
        return answer && !passing(answer) && answer;
      },
      60,
    );
  }

  /** Shows the second factor at the market's time, setting it up the first time. */
  async stepUp(offsetSeconds = 0): Promise<void> {
    this.totpSecret ??= String((await this.post('/v1/second-factors/totp'))['secret']);
    const secret = this.totpSecret;
    // A code works once: a second showing within half a minute uses the next one, which the tolerance allows.
    const step = Math.max(Math.floor((Date.now() / 1000 + offsetSeconds) / 30), this.lastStep + 1);
    this.lastStep = step;
    await this.post('/v1/session/step-up', { code: generateSync({ secret, epoch: step * 30 }) });
  }
}
