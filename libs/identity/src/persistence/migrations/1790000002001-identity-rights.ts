import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of memberships, invitations, delegations, passkeys, and failed sign-ins by address. */
export class IdentityRights1790000002001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['sign_in_failure', 'passkey_challenge', 'passkey', 'delegation', 'invitation']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query('ALTER TABLE membership DROP COLUMN version');
    await runner.query(
      'ALTER TABLE person ADD COLUMN failed_sign_ins INT NOT NULL DEFAULT 0, ADD COLUMN locked_until DATETIME(6) NULL',
    );
  }
}

const statements = [
  'ALTER TABLE membership ADD COLUMN version INT NOT NULL DEFAULT 1',
  // Failures are kept by address, registered or not: what is locked must not tell who is registered.
  'ALTER TABLE person DROP COLUMN failed_sign_ins, DROP COLUMN locked_until',
  `CREATE TABLE sign_in_failure (
    address_hash BINARY(32) NOT NULL PRIMARY KEY,
    failures INT NOT NULL,
    locked_until DATETIME(6) NULL,
    last_at DATETIME(6) NOT NULL,
    KEY by_age (last_at)
  )`,
  `CREATE TABLE invitation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    organisation_id BINARY(16) NOT NULL,
    email VARCHAR(254) NOT NULL,
    roles JSON NOT NULL,
    approval_limit_minor BIGINT NULL,
    invited_by BINARY(16) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    ended_at DATETIME(6) NULL,
    KEY by_email (email),
    KEY by_organisation (organisation_id, id)
  )`,
  `CREATE TABLE delegation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    organisation_id BINARY(16) NOT NULL,
    owner_id BINARY(16) NOT NULL,
    delegate_id BINARY(16) NOT NULL,
    scopes JSON NOT NULL,
    reason VARCHAR(500) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    ends_at DATETIME(6) NOT NULL,
    revoked_at DATETIME(6) NULL,
    KEY by_delegate (delegate_id, organisation_id),
    KEY by_organisation (organisation_id, id),
    CONSTRAINT delegation_to_another CHECK (owner_id <> delegate_id)
  )`,
  `CREATE TABLE passkey (
    id BINARY(16) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    credential_hash BINARY(32) NOT NULL,
    credential_id VARCHAR(1400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    public_key VARBINARY(2048) NOT NULL,
    counter BIGINT NOT NULL,
    transports JSON NOT NULL,
    name VARCHAR(80) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    last_used_at DATETIME(6) NULL,
    UNIQUE KEY credential (credential_hash),
    KEY by_person (person_id, id)
  )`,
  `CREATE TABLE passkey_challenge (
    challenge_hash BINARY(32) NOT NULL PRIMARY KEY,
    purpose VARCHAR(12) NOT NULL,
    person_id BINARY(16) NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY by_age (expires_at)
  )`,
];
