import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Actor, ENVIRONMENT, type Environment, GatheredRead, idText } from '#platform';
import type { Permission } from '../domain/permissions.js';
import { delegablePermissions, type OrganisationKind, permissionsOf } from '../domain/roles.policy.js';
import { tokenHash } from './secrets.js';

/** How long a shown second factor holds. */
const stepUpSeconds = 10 * 60;

interface SessionRow {
  readonly token_hash: Buffer;
  readonly session_id: Buffer;
  readonly person_id: Buffer;
  readonly organisation_id: Buffer;
  readonly kind: OrganisationKind;
  readonly suspended: number;
  readonly roles: string | string[];
  readonly approval_limit_minor: string | null;
  readonly locale: string;
  readonly stepped_up: number | string;
  readonly delegated: number | string;
}

interface DelegationRow {
  readonly owner_id: Buffer;
  readonly scopes: string | string[];
  readonly roles: string | string[];
}

interface ClientRow {
  readonly id: Buffer;
  readonly organisation_id: Buffer;
  readonly kind: OrganisationKind;
  readonly suspended: number;
  readonly scopes: string | string[];
}

/** A caller, before it is known what he wants. */
export interface Caller extends Actor {
  readonly suspended: boolean;
  /** Permissions that are held only by delegation, each with its owner. */
  readonly delegated: ReadonlyMap<string, string>;
}

export interface SessionActor extends Caller {
  readonly sessionId: string;
}

const nothingDelegated: ReadonlyMap<string, string> = new Map();

/** Finds who calls: one statement for a session, one for an API key, one for an access token. */
@Injectable()
export class Authenticate {
  /** Nearly every request begins with its session: those that come together are read together. */
  private readonly sessions = new GatheredRead((hashes) => this.sessionRows(hashes));

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async bySession(token: string): Promise<SessionActor | undefined> {
    const row = await this.sessions.of(tokenHash(token).toString('hex'));
    if (!row) return undefined;
    const own = permissionsOf(row.kind, asList(row.roles));
    const delegated = Number(row.delegated) === 1 ? await this.delegations(row, own) : nothingDelegated;
    return {
      kind: 'person',
      id: idText(row.person_id),
      sessionId: idText(row.session_id),
      organisationId: idText(row.organisation_id),
      organisationKind: row.kind,
      permissions: delegated.size === 0 ? own : new Set([...own, ...delegated.keys()]),
      delegated,
      suspended: row.suspended === 1,
      ...(row.approval_limit_minor === null ? {} : { approvalLimitMinor: BigInt(row.approval_limit_minor) }),
      steppedUp: Number(row.stepped_up) === 1,
      locale: row.locale,
    };
  }

  private async sessionRows(hashes: readonly string[]): Promise<ReadonlyMap<string, SessionRow>> {
    const { clockOffsetSeconds } = this.environment;
    const rows = await this.dataSource.query<SessionRow[]>(
      `SELECT s.token_hash, s.id AS session_id, s.person_id, s.organisation_id, o.kind, o.suspended, m.roles, m.approval_limit_minor, p.locale,
              COALESCE(s.stepped_up_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND, 0) AS stepped_up,
              EXISTS (SELECT 1 FROM delegation d WHERE d.delegate_id = s.person_id AND d.organisation_id = s.organisation_id AND d.revoked_at IS NULL) AS delegated
       FROM session s
       JOIN person p ON p.id = s.person_id
       JOIN membership m ON m.person_id = s.person_id AND m.organisation_id = s.organisation_id AND m.ended_at IS NULL
       JOIN organisation o ON o.id = s.organisation_id
       WHERE s.token_hash IN (${hashes.map(() => '?').join(',')}) AND s.revoked_at IS NULL AND s.expires_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND`,
      [clockOffsetSeconds - stepUpSeconds, ...hashes.map((hash) => Buffer.from(hash, 'hex')), clockOffsetSeconds],
    );
    return new Map(rows.map((row) => [row.token_hash.toString('hex'), row]));
  }

  /** What others let this person do for them, as far as they may still do it themselves. */
  private async delegations(row: SessionRow, own: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
    const rows = await this.dataSource.query<DelegationRow[]>(
      `SELECT d.owner_id, d.scopes, m.roles FROM delegation d
       JOIN membership m ON m.person_id = d.owner_id AND m.organisation_id = d.organisation_id AND m.ended_at IS NULL
       WHERE d.delegate_id = ? AND d.organisation_id = ? AND d.revoked_at IS NULL AND d.ends_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND
       ORDER BY d.id`,
      [row.person_id, row.organisation_id, this.environment.clockOffsetSeconds],
    );
    const held = new Map<string, string>();
    for (const { owner_id, scopes, roles } of rows) {
      const givable = delegablePermissions(permissionsOf(row.kind, asList(roles)));
      for (const scope of asList(scopes))
        if (givable.has(scope as Permission) && !own.has(scope)) held.set(scope, idText(owner_id));
    }
    return held;
  }

  /** An API key or an OAuth access token. Both act with the client's scopes only. */
  async byBearer(token: string): Promise<Caller | undefined> {
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
    if (!row) return undefined;
    return {
      kind: 'client',
      id: idText(row.id),
      organisationId: idText(row.organisation_id),
      organisationKind: row.kind,
      permissions: new Set(asList(row.scopes)),
      delegated: nothingDelegated,
      suspended: row.suspended === 1,
      steppedUp: false,
      locale: 'en',
    };
  }
}

/** Key prefixes name the environment, so that a sandbox key found in a log is known for what it is. */
export function keyPrefix(stage: Environment['stage']): string {
  return `sanad_${stage}_`;
}

function asList(value: string | string[]): string[] {
  return typeof value === 'string' ? (JSON.parse(value) as string[]) : value;
}
