import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Actor, ENVIRONMENT, type Environment, idBytes, idText } from '#platform';
import { type OrganisationKind, permissionsOf } from '../domain/roles.policy.js';
import { tokenHash } from './secrets.js';

/** How long a shown second factor holds. */
const stepUpSeconds = 10 * 60;

interface SessionRow {
  readonly session_id: Buffer;
  readonly person_id: Buffer;
  readonly organisation_id: Buffer;
  readonly kind: OrganisationKind;
  readonly suspended: number;
  readonly roles: string | string[];
  readonly approval_limit_minor: string | null;
  readonly locale: string;
  readonly stepped_up: number | string;
}

interface ClientRow {
  readonly id: Buffer;
  readonly organisation_id: Buffer;
  readonly kind: OrganisationKind;
  readonly suspended: number;
  readonly scopes: string | string[];
}

export interface SessionActor extends Actor {
  readonly sessionId: string;
}

/** Finds who calls: one statement for a session, one for an API key, one for an access token. */
@Injectable()
export class Authenticate {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async bySession(token: string): Promise<SessionActor | undefined> {
    const [row] = await this.dataSource.query<SessionRow[]>(
      `SELECT s.id AS session_id, s.person_id, s.organisation_id, o.kind, o.suspended, m.roles, m.approval_limit_minor, p.locale,
              COALESCE(s.stepped_up_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND, 0) AS stepped_up
       FROM session s
       JOIN person p ON p.id = s.person_id
       JOIN membership m ON m.person_id = s.person_id AND m.organisation_id = s.organisation_id AND m.ended_at IS NULL
       JOIN organisation o ON o.id = s.organisation_id
       WHERE s.token_hash = ? AND s.revoked_at IS NULL AND s.expires_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND`,
      [this.environment.clockOffsetSeconds - stepUpSeconds, tokenHash(token), this.environment.clockOffsetSeconds],
    );
    if (!row || row.suspended) return undefined;
    return {
      kind: 'person',
      id: idText(row.person_id),
      sessionId: idText(row.session_id),
      organisationId: idText(row.organisation_id),
      organisationKind: row.kind,
      permissions: permissionsOf(row.kind, asList(row.roles)),
      ...(row.approval_limit_minor === null ? {} : { approvalLimitMinor: BigInt(row.approval_limit_minor) }),
      steppedUp: Number(row.stepped_up) === 1,
      locale: row.locale,
    };
  }

  /** An API key or an OAuth access token. Both act with the client's scopes only. */
  async byBearer(token: string): Promise<Actor | undefined> {
    const hash = tokenHash(token);
    const isKey = token.startsWith(keyPrefix(this.environment.stage));
    const [row] = isKey
      ? await this.dataSource.query<ClientRow[]>(
          `SELECT c.id, c.organisation_id, o.kind, o.suspended, c.scopes FROM api_client c JOIN organisation o ON o.id = c.organisation_id
           WHERE c.secret_hash = ? AND c.revoked_at IS NULL`,
          [hash],
        )
      : await this.dataSource.query<ClientRow[]>(
          `SELECT c.id, c.organisation_id, o.kind, o.suspended, t.scopes FROM access_token t
           JOIN api_client c ON c.id = t.client_id JOIN organisation o ON o.id = c.organisation_id
           WHERE t.token_hash = ? AND t.expires_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND AND c.revoked_at IS NULL`,
          [hash, this.environment.clockOffsetSeconds],
        );
    if (!row || row.suspended) return undefined;
    return {
      kind: 'client',
      id: idText(row.id),
      organisationId: idText(row.organisation_id),
      organisationKind: row.kind,
      permissions: new Set(asList(row.scopes)),
      steppedUp: false,
      locale: 'en',
    };
  }

  /** The second factor was shown: remembered on the session for ten minutes. */
  async markSteppedUp(sessionId: string, at: Date): Promise<void> {
    await this.dataSource.query('UPDATE session SET stepped_up_at = ? WHERE id = ?', [at, idBytes(sessionId)]);
  }
}

/** Key prefixes name the environment, so that a sandbox key found in a log is known for what it is. */
export function keyPrefix(stage: Environment['stage']): string {
  return `sanad_${stage}_`;
}

function asList(value: string | string[]): string[] {
  return typeof value === 'string' ? (JSON.parse(value) as string[]) : value;
}
