import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { idBytes, idText, type Transaction } from '#platform';
import type { OrganisationKind } from '../domain/roles.policy.js';
import { Organisation, Person } from '../persistence/entities.js';

export interface OrganisationSummary {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly localName: string;
  readonly country: string;
  readonly registrationNumber: string;
  readonly contactEmail: string;
  readonly verified: boolean;
  readonly suspended: boolean;
}

export interface Recipient {
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly locale: string;
}

/** The ids of the organisations that are verified and not suspended: a subquery for a statement that counts among them. */
export const soundOrganisations = 'SELECT id FROM organisation WHERE verified = 1 AND suspended = 0';

/** What other contexts may know of organisations and people. */
@Injectable()
export class IdentityReader {
  constructor(private readonly dataSource: DataSource) {}

  async organisation(id: string, tx?: Transaction): Promise<OrganisationSummary | undefined> {
    const row = await (tx?.manager ?? this.dataSource.manager).findOneBy(Organisation, { id });
    return row ? summary(row) : undefined;
  }

  async organisations(ids: readonly string[]): Promise<ReadonlyMap<string, OrganisationSummary>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.manager.findBy(Organisation, { id: In([...new Set(ids)]) });
    return new Map(rows.map((row) => [row.id, summary(row)]));
  }

  /** By its number in the country's company register. */
  async organisationByRegistration(
    country: string,
    registrationNumber: string,
  ): Promise<OrganisationSummary | undefined> {
    const row = await this.dataSource.manager.findOneBy(Organisation, { country, registrationNumber });
    return row ? summary(row) : undefined;
  }

  /** By their numbers in a country's company register; numbers that nobody here has are left out. */
  async organisationsByRegistration(
    country: string,
    registrationNumbers: readonly string[],
    tx: Transaction,
  ): Promise<readonly OrganisationSummary[]> {
    if (registrationNumbers.length === 0) return [];
    const rows = await tx.manager.findBy(Organisation, { country, registrationNumber: In([...registrationNumbers]) });
    return rows.map(summary);
  }

  /** Several by their ids, within a transaction. */
  async organisationsWithin(
    ids: readonly string[],
    tx: Transaction,
  ): Promise<ReadonlyMap<string, OrganisationSummary>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.manager.findBy(Organisation, { id: In([...new Set(ids)]) });
    return new Map(rows.map((row) => [row.id, summary(row)]));
  }

  async ofKind(kind: OrganisationKind, tx?: Transaction): Promise<readonly OrganisationSummary[]> {
    return (await (tx?.manager ?? this.dataSource.manager).findBy(Organisation, { kind })).map(summary);
  }

  /** The people of an organisation; with roles, only those who hold one of them. */
  async people(
    organisationId: string,
    roles?: readonly string[],
    tx?: Transaction,
  ): Promise<readonly (Recipient & { readonly roles: readonly string[] })[]> {
    const rows = await (tx?.manager ?? this.dataSource).query<
      { id: Buffer; email: string; name: string; locale: string; roles: string | string[] }[]
    >(
      `SELECT p.id, p.email, p.name, p.locale, m.roles FROM membership m JOIN person p ON p.id = m.person_id
       WHERE m.organisation_id = ? AND m.ended_at IS NULL ORDER BY m.id`,
      [idBytes(organisationId)],
    );
    return rows
      .map((row) => ({
        personId: idText(row.id),
        email: row.email,
        name: row.name,
        locale: row.locale,
        roles: rolesOf(row.roles),
      }))
      .filter((person) => roles === undefined || person.roles.some((role) => roles.includes(role)));
  }

  /** The people with one of these roles in the organisations of a kind that are not suspended, such as the operator's reviewers. */
  async peopleOfKind(
    kind: OrganisationKind,
    roles: readonly string[],
    tx?: Transaction,
  ): Promise<readonly (Recipient & { readonly organisationId: string; readonly roles: readonly string[] })[]> {
    const sql = `SELECT p.id, p.email, p.name, p.locale, m.id AS membership_id, m.roles, m.organisation_id FROM organisation o
       JOIN membership m ON m.organisation_id = o.id AND m.ended_at IS NULL JOIN person p ON p.id = m.person_id
       WHERE o.kind = ? AND o.suspended = 0`;
    type Row = {
      id: Buffer;
      membership_id: Buffer;
      email: string;
      name: string;
      locale: string;
      roles: string | string[];
      organisation_id: Buffer;
    };
    const rows = await (tx?.manager ?? this.dataSource).query<Row[]>(sql, [kind]);
    // Sorted here: with a JSON column the server would write a temporary table to the disk for it, and MariaDB 10.11.18 was seen to die of that.
    return rows
      .sort((a, b) => a.membership_id.compare(b.membership_id))
      .map((row) => ({
        personId: idText(row.id),
        email: row.email,
        name: row.name,
        locale: row.locale,
        organisationId: idText(row.organisation_id),
        roles: rolesOf(row.roles),
      }))
      .filter((person) => person.roles.some((role) => roles.includes(role)));
  }

  async person(id: string, tx?: Transaction): Promise<Recipient | undefined> {
    const row = await (tx?.manager ?? this.dataSource.manager).findOneBy(Person, { id });
    return row ? { personId: row.id, email: row.email, name: row.name, locale: row.locale } : undefined;
  }
}

function rolesOf(value: string | string[]): string[] {
  return typeof value === 'string' ? (JSON.parse(value) as string[]) : value;
}

function summary(row: Organisation): OrganisationSummary {
  const { id, kind, name, localName, country, registrationNumber, contactEmail, verified, suspended } = row;
  return { id, kind, name, localName, country, registrationNumber, contactEmail, verified, suspended };
}
