import { Entity } from 'typeorm';
import {
  FlagColumn,
  IdColumn,
  InstantColumn,
  IntColumn,
  JsonColumn,
  MinorColumn,
  PrimaryId,
  TextColumn,
} from '#platform';
import type { OrganisationKind } from '../domain/roles.policy.js';

/** A firm, bank, authority … that takes part. Other contexts keep its profile under the same id. */
@Entity('organisation')
export class Organisation {
  @PrimaryId() id!: string;
  @TextColumn(20) kind!: OrganisationKind;
  @TextColumn(200) name!: string;
  /** The name in the country's own language and script. */
  @TextColumn(200, { name: 'local_name' }) localName!: string;
  @TextColumn(2) country!: string;
  /** Number in the country's company register; unique within the country. */
  @TextColumn(30, { name: 'registration_number' }) registrationNumber!: string;
  @TextColumn(254, { name: 'contact_email' }) contactEmail!: string;
  @FlagColumn() verified!: boolean;
  @FlagColumn() suspended!: boolean;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** A human being who signs in. */
@Entity('person')
export class Person {
  @PrimaryId() id!: string;
  @TextColumn(254) email!: string;
  @TextColumn(120) name!: string;
  @TextColumn(200, { name: 'password_hash' }) passwordHash!: string;
  @TextColumn(8) locale!: string;
  @TextColumn(120, { name: 'totp_secret', nullable: true }) totpSecret!: string | null;
  @FlagColumn({ name: 'totp_confirmed' }) totpConfirmed!: boolean;
  @IntColumn({ name: 'totp_last_step' }) totpLastStep!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** A person's roles in one organisation. */
@Entity('membership')
export class Membership {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'person_id' }) personId!: string;
  @IdColumn({ name: 'organisation_id' }) organisationId!: string;
  @JsonColumn() roles!: string[];
  /** Largest amount, in minor units of the country's currency, that the person may bind without a checker. */
  @MinorColumn({ name: 'approval_limit_minor', nullable: true }) approvalLimitMinor!: bigint | null;
  @InstantColumn({ name: 'ended_at', nullable: true }) endedAt!: Date | null;
  @IntColumn() version!: number;
}

/** A program of an organisation: an API key, and the same secret for OAuth 2 client credentials. */
@Entity('api_client')
export class ApiClient {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'organisation_id' }) organisationId!: string;
  @TextColumn(80) name!: string;
  /** The first characters of the key, shown in lists. */
  @TextColumn(40) prefix!: string;
  @JsonColumn() scopes!: string[];
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}

export const identityEntities = [Organisation, Person, Membership, ApiClient] as const;
