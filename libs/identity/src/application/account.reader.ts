import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { moneyToJson } from '#kernel';
import { ENVIRONMENT, type Environment, idBytes, idText } from '#platform';
import type { OrganisationKind } from '../domain/roles.policy.js';
import { ApiClient } from '../persistence/entities.js';

/** What people see of their own account and their own organisation. */
@Injectable()
export class AccountReader {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The organisations that a person may act for. */
  async organisationsOf(personId: string) {
    const rows = await this.dataSource.query<
      { id: Buffer; name: string; kind: OrganisationKind; roles: string | string[]; suspended: number }[]
    >(
      `SELECT o.id, o.name, o.kind, o.suspended, m.roles FROM membership m JOIN organisation o ON o.id = m.organisation_id
       WHERE m.person_id = ? AND m.ended_at IS NULL ORDER BY m.id`,
      [idBytes(personId)],
    );
    return rows.map((row) => ({
      id: idText(row.id),
      name: row.name,
      kind: row.kind,
      roles: rolesOf(row.roles),
      suspended: row.suspended === 1,
    }));
  }

  /** The members of an organisation as its administrators see them; amounts in `currency`. */
  async members(organisationId: string, currency: string) {
    const rows = await this.dataSource.query<
      {
        id: Buffer;
        email: string;
        name: string;
        locale: string;
        roles: string | string[];
        approval_limit_minor: string | null;
        version: number;
      }[]
    >(
      `SELECT p.id, p.email, p.name, p.locale, m.roles, m.approval_limit_minor, m.version
       FROM membership m JOIN person p ON p.id = m.person_id
       WHERE m.organisation_id = ? AND m.ended_at IS NULL ORDER BY m.id`,
      [idBytes(organisationId)],
    );
    return rows.map((row) => ({
      personId: idText(row.id),
      email: row.email,
      name: row.name,
      locale: row.locale,
      roles: rolesOf(row.roles),
      approvalLimit:
        row.approval_limit_minor === null ? null : moneyToJson({ minor: BigInt(row.approval_limit_minor), currency }),
      version: row.version,
    }));
  }

  /** The sessions of a person that are not over. */
  async sessions(personId: string) {
    const rows = await this.dataSource.query<
      { id: Buffer; name: string; user_agent: string; created_at: Date; expires_at: Date }[]
    >(
      `SELECT s.id, o.name, s.user_agent, s.created_at, s.expires_at FROM session s JOIN organisation o ON o.id = s.organisation_id
       WHERE s.person_id = ? AND s.revoked_at IS NULL AND s.expires_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND ORDER BY s.id DESC LIMIT 100`,
      [idBytes(personId), this.environment.clockOffsetSeconds],
    );
    return rows.map((row) => ({
      id: idText(row.id),
      organisation: row.name,
      userAgent: row.user_agent,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }));
  }

  async apiClients(organisationId: string) {
    const clients = await this.dataSource.manager.find(ApiClient, {
      where: { organisationId },
      order: { id: 'DESC' },
      take: 200,
    });
    const items = clients.map(({ id, name, prefix, scopes, createdAt, revokedAt }) => ({
      id,
      name,
      prefix,
      scopes,
      createdAt,
      revokedAt,
    }));
    return { items, nextCursor: null };
  }
}

function rolesOf(value: string | string[]): string[] {
  return typeof value === 'string' ? (JSON.parse(value) as string[]) : value;
}
