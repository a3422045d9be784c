import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices to people, their choices and e-mails; webhook endpoints with their deliveries. */
export class Notices1790000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'webhook_attempt',
      'webhook_delivery',
      'webhook_endpoint',
      'mail',
      'notice_choice',
      'notice',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const statements = [
  `CREATE TABLE notice (
    id BINARY(16) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    topic VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    template VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    language CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    title VARCHAR(300) NOT NULL,
    body TEXT NOT NULL,
    link VARCHAR(300) NULL,
    created_at DATETIME(6) NOT NULL,
    read_at DATETIME(6) NULL,
    unread TINYINT(1) GENERATED ALWAYS AS (CASE WHEN read_at IS NULL THEN 1 END) STORED,
    KEY by_person (person_id, id),
    KEY unread_of_person (person_id, unread, id)
  )`,
  `CREATE TABLE notice_choice (
    person_id BINARY(16) NOT NULL,
    topic VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    enabled TINYINT(1) NOT NULL,
    PRIMARY KEY (person_id, topic, channel)
  )`,
  `CREATE TABLE mail (
    id BINARY(16) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    address VARCHAR(254) NOT NULL,
    language CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject VARCHAR(300) NOT NULL,
    body TEXT NOT NULL,
    link VARCHAR(300) NULL,
    state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting',
    attempts INT NOT NULL DEFAULT 0,
    due_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    sent_at DATETIME(6) NULL,
    last_error VARCHAR(500) NULL,
    open TINYINT(1) GENERATED ALWAYS AS (CASE WHEN state = 'waiting' THEN 1 END) STORED,
    KEY waiting (open, due_at),
    CONSTRAINT mail_state CHECK (state IN ('waiting','sent','given_up'))
  )`,
  `CREATE TABLE webhook_endpoint (
    id BINARY(16) NOT NULL PRIMARY KEY,
    organisation_id BINARY(16) NOT NULL,
    url VARCHAR(500) NOT NULL,
    description VARCHAR(200) NOT NULL,
    events LONGTEXT NOT NULL,
    secret VARBINARY(200) NOT NULL,
    previous_secret VARBINARY(200) NULL,
    previous_until DATETIME(6) NULL,
    enabled TINYINT(1) NOT NULL DEFAULT 1,
    failing_since DATETIME(6) NULL,
    warned_at DATETIME(6) NULL,
    disabled_at DATETIME(6) NULL,
    removed_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    version INT NOT NULL DEFAULT 1,
    KEY by_organisation (organisation_id, id)
  )`,
  `CREATE TABLE webhook_delivery (
    id BINARY(16) NOT NULL PRIMARY KEY,
    endpoint_id BINARY(16) NOT NULL,
    event_id BINARY(16) NOT NULL,
    event_name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body LONGTEXT NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attempts INT NOT NULL DEFAULT 0,
    due_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    delivered_at DATETIME(6) NULL,
    last_status INT NULL,
    open TINYINT(1) GENERATED ALWAYS AS (CASE WHEN state = 'waiting' THEN 1 END) STORED,
    UNIQUE KEY once (endpoint_id, event_id),
    KEY waiting (open, due_at),
    KEY by_endpoint (endpoint_id, id),
    CONSTRAINT webhook_delivery_state CHECK (state IN ('waiting','delivered','failed','held'))
  )`,
  `CREATE TABLE webhook_attempt (
    id BINARY(16) NOT NULL PRIMARY KEY,
    delivery_id BINARY(16) NOT NULL,
    at DATETIME(6) NOT NULL,
    status INT NULL,
    duration_ms INT NOT NULL,
    answer VARCHAR(500) NOT NULL,
    KEY by_delivery (delivery_id, id)
  )`,
];
