import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organisations, people, their roles, sessions, API clients and access tokens. */
export class Identity1790000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['access_token', 'api_client', 'session', 'membership', 'person', 'organisation']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const statements = [
  `CREATE TABLE organisation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(20) NOT NULL,
    name VARCHAR(200) NOT NULL,
    local_name VARCHAR(200) NOT NULL,
    country CHAR(2) NOT NULL,
    registration_number VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    contact_email VARCHAR(254) NOT NULL,
    verified TINYINT(1) NOT NULL DEFAULT 0,
    suspended TINYINT(1) NOT NULL DEFAULT 0,
    version INT NOT NULL DEFAULT 1,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY registration (country, registration_number),
    KEY by_kind (kind, id),
    CONSTRAINT organisation_kind CHECK (kind IN ('enterprise','financier','anchor','guarantor','operator','supervisor'))
  )`,
  `CREATE TABLE person (
    id BINARY(16) NOT NULL PRIMARY KEY,
    email VARCHAR(254) NOT NULL,
    name VARCHAR(120) NOT NULL,
    password_hash VARCHAR(200) NOT NULL,
    locale VARCHAR(8) NOT NULL DEFAULT 'en',
    failed_sign_ins INT NOT NULL DEFAULT 0,
    locked_until DATETIME(6) NULL,
    totp_secret VARCHAR(120) NULL,
    totp_confirmed TINYINT(1) NOT NULL DEFAULT 0,
    totp_last_step INT NOT NULL DEFAULT 0,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY email (email)
  )`,
  `CREATE TABLE membership (
    id BINARY(16) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    organisation_id BINARY(16) NOT NULL,
    roles JSON NOT NULL,
    approval_limit_minor BIGINT NULL,
    ended_at DATETIME(6) NULL,
    UNIQUE KEY once (person_id, organisation_id),
    KEY by_organisation (organisation_id)
  )`,
  `CREATE TABLE session (
    id BINARY(16) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL,
    person_id BINARY(16) NOT NULL,
    organisation_id BINARY(16) NOT NULL,
    user_agent VARCHAR(200) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    stepped_up_at DATETIME(6) NULL,
    revoked_at DATETIME(6) NULL,
    UNIQUE KEY token (token_hash),
    KEY by_person (person_id, id)
  )`,
  `CREATE TABLE api_client (
    id BINARY(16) NOT NULL PRIMARY KEY,
    organisation_id BINARY(16) NOT NULL,
    name VARCHAR(80) NOT NULL,
    prefix VARCHAR(40) NOT NULL,
    secret_hash BINARY(32) NOT NULL,
    scopes JSON NOT NULL,
    created_at DATETIME(6) NOT NULL,
    revoked_at DATETIME(6) NULL,
    UNIQUE KEY secret (secret_hash),
    KEY by_organisation (organisation_id, id)
  )`,
  `CREATE TABLE access_token (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    client_id BINARY(16) NOT NULL,
    scopes JSON NOT NULL,
    expires_at DATETIME(6) NOT NULL
  )`,
];
