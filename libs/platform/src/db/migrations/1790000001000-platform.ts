import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables that every context writes through the unit of work: idempotency, audit, outbox, timers. */
export class Platform1790000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['timer', 'outbox_delivery', 'outbox_event', 'audit_link', 'audit_entry', 'idempotency_key']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const statements = [
  `CREATE TABLE idempotency_key (
    client_id BINARY(16) NOT NULL,
    idempotency_key VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    route VARCHAR(120) NOT NULL,
    input_hash BINARY(32) NOT NULL,
    refused TINYINT(1) NOT NULL DEFAULT 0,
    answer LONGTEXT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (client_id, idempotency_key),
    KEY created (created_at)
  )`,
  `CREATE TABLE audit_entry (
    id BINARY(16) NOT NULL PRIMARY KEY,
    at DATETIME(6) NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id VARCHAR(60) NOT NULL,
    organisation_id BINARY(16) NULL,
    action VARCHAR(80) NOT NULL,
    subject_type VARCHAR(40) NOT NULL,
    subject_id BINARY(16) NOT NULL,
    data LONGTEXT NOT NULL,
    trace_id VARCHAR(64) NOT NULL,
    hash BINARY(32) NOT NULL,
    sealed TINYINT(1) NOT NULL DEFAULT 0,
    KEY subject (subject_type, subject_id, id),
    KEY unsealed (sealed, id)
  )`,
  `CREATE TABLE audit_link (
    sequence BIGINT NOT NULL PRIMARY KEY,
    entry_id BINARY(16) NOT NULL,
    entry_hash BINARY(32) NOT NULL,
    link_hash BINARY(32) NOT NULL,
    sealed_at DATETIME(6) NOT NULL,
    UNIQUE KEY entry (entry_id)
  )`,
  `CREATE TABLE outbox_event (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    subject_type VARCHAR(40) NOT NULL,
    subject_id BINARY(16) NOT NULL,
    version INT NOT NULL,
    audience LONGTEXT NOT NULL,
    payload LONGTEXT NOT NULL,
    trace_id VARCHAR(64) NOT NULL,
    occurred_at DATETIME(6) NOT NULL,
    relayed TINYINT(1) NOT NULL DEFAULT 0,
    KEY waiting (relayed, id),
    KEY subject (subject_id, id)
  )`,
  `CREATE TABLE outbox_delivery (
    event_id BINARY(16) NOT NULL,
    handler VARCHAR(80) NOT NULL,
    due_at DATETIME(6) NOT NULL,
    attempts INT NOT NULL DEFAULT 0,
    done_at DATETIME(6) NULL,
    last_error VARCHAR(500) NULL,
    open TINYINT(1) GENERATED ALWAYS AS (CASE WHEN done_at IS NULL THEN 1 END) STORED,
    PRIMARY KEY (event_id, handler),
    KEY waiting (open, due_at)
  )`,
  `CREATE TABLE timer (
    kind VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_id BINARY(16) NOT NULL,
    due_at DATETIME(6) NOT NULL,
    armed TINYINT(1) NOT NULL DEFAULT 0,
    PRIMARY KEY (subject_id, kind),
    KEY due (due_at),
    KEY unarmed (armed, due_at)
  )`,
];
