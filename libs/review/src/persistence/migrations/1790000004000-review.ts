import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Review cases with their history, requests for information and conflicts; the business calendar; complaints. */
export class Review1790000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'complaint_history',
      'complaint',
      'review_conflict',
      'review_information_request',
      'review_case_history',
      'review_case',
      'business_calendar_version',
      'business_calendar',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const statements = [
  // One row a country: the lock under which versions are made, and the version that counts now.
  `CREATE TABLE business_calendar (
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    id BINARY(16) NOT NULL,
    version INT NOT NULL,
    UNIQUE KEY id (id)
  )`,
  `CREATE TABLE business_calendar_version (
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version INT NOT NULL,
    book_version VARCHAR(40) NOT NULL,
    definition LONGTEXT NOT NULL,
    changes LONGTEXT NULL,
    reason VARCHAR(500) NOT NULL,
    changed_by VARCHAR(60) NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (country, version)
  )`,
  `CREATE TABLE review_case (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_type VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_id BINARY(16) NOT NULL,
    applicant_id BINARY(16) NOT NULL,
    operator_id BINARY(16) NULL,
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    assignee_id BINARY(16) NULL,
    escalated TINYINT(1) NOT NULL DEFAULT 0,
    service_days INT NOT NULL,
    opened_at DATETIME(6) NOT NULL,
    due_at DATETIME(6) NULL,
    return_at DATETIME(6) NULL,
    stage TINYINT NOT NULL DEFAULT 0,
    breached_at DATETIME(6) NULL,
    breached_assignee_id BINARY(16) NULL,
    information_requests INT NOT NULL DEFAULT 0,
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    calendar_version INT NOT NULL,
    provisional TINYINT(1) NOT NULL DEFAULT 0,
    closed_at DATETIME(6) NULL,
    outcome VARCHAR(40) NULL,
    reasons LONGTEXT NULL,
    decided_by BINARY(16) NULL,
    net_ms BIGINT NULL,
    gross_ms BIGINT NULL,
    version INT NOT NULL DEFAULT 1,
    live TINYINT(1) GENERATED ALWAYS AS (CASE WHEN closed_at IS NULL THEN 1 END) STORED,
    ends_at DATETIME(6) GENERATED ALWAYS AS (COALESCE(due_at, return_at)) STORED,
    UNIQUE KEY one_live (subject_type, subject_id, live),
    KEY queue (live, ends_at, id),
    KEY queue_of_state (state, ends_at, id),
    KEY queue_of_person (assignee_id, live, ends_at, id),
    KEY by_calendar (live, calendar_version, id),
    KEY by_applicant (applicant_id, id),
    KEY closed (state, closed_at),
    CONSTRAINT review_case_kind CHECK (kind IN
      ('funding_request','verification','guarantee_application','claim','appeal','complaint','tax_refund_advance')),
    CONSTRAINT review_case_state CHECK (state IN ('open','paused','decided','returned','withdrawn')),
    CONSTRAINT review_case_clock CHECK (
      (state = 'open' AND due_at IS NOT NULL AND return_at IS NULL AND closed_at IS NULL)
      OR (state = 'paused' AND due_at IS NULL AND return_at IS NOT NULL AND closed_at IS NULL)
      OR (state IN ('decided','returned','withdrawn') AND closed_at IS NOT NULL)),
    CONSTRAINT review_case_days CHECK (service_days BETWEEN 1 AND 250)
  )`,
  `CREATE TABLE review_case_history (
    id BINARY(16) NOT NULL PRIMARY KEY,
    case_id BINARY(16) NOT NULL,
    version INT NOT NULL,
    at DATETIME(6) NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id VARCHAR(60) NOT NULL,
    action VARCHAR(30) NOT NULL,
    from_state VARCHAR(12) NULL,
    to_state VARCHAR(12) NOT NULL,
    data LONGTEXT NOT NULL,
    UNIQUE KEY once (case_id, version)
  )`,
  `CREATE TABLE review_information_request (
    id BINARY(16) NOT NULL PRIMARY KEY,
    case_id BINARY(16) NOT NULL,
    reasons LONGTEXT NOT NULL,
    asked_by VARCHAR(60) NOT NULL,
    asked_at DATETIME(6) NOT NULL,
    answered_at DATETIME(6) NULL,
    waiting TINYINT(1) GENERATED ALWAYS AS (CASE WHEN answered_at IS NULL THEN 1 END) STORED,
    UNIQUE KEY one_waiting (case_id, waiting),
    KEY by_case (case_id, asked_at)
  )`,
  `CREATE TABLE review_conflict (
    case_id BINARY(16) NOT NULL,
    person_id BINARY(16) NOT NULL,
    reason VARCHAR(500) NOT NULL,
    declared_at DATETIME(6) NOT NULL,
    PRIMARY KEY (case_id, person_id)
  )`,
  `CREATE TABLE complaint (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    organisation_id BINARY(16) NOT NULL,
    about_type VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    about_id BINARY(16) NULL,
    appeal_of BINARY(16) NULL,
    text VARCHAR(5000) NOT NULL,
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    outcome VARCHAR(20) NULL,
    answer VARCHAR(5000) NULL,
    filed_by VARCHAR(60) NOT NULL,
    filed_at DATETIME(6) NOT NULL,
    closed_at DATETIME(6) NULL,
    version INT NOT NULL DEFAULT 1,
    UNIQUE KEY one_appeal (appeal_of),
    KEY by_organisation (organisation_id, id),
    CONSTRAINT complaint_kind CHECK (kind IN ('complaint','appeal')),
    CONSTRAINT complaint_appeal CHECK ((kind = 'appeal') = (appeal_of IS NOT NULL))
  )`,
  `CREATE TABLE complaint_history (
    id BINARY(16) NOT NULL PRIMARY KEY,
    complaint_id BINARY(16) NOT NULL,
    version INT NOT NULL,
    at DATETIME(6) NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id VARCHAR(60) NOT NULL,
    action VARCHAR(30) NOT NULL,
    from_state VARCHAR(12) NULL,
    to_state VARCHAR(12) NOT NULL,
    data LONGTEXT NOT NULL,
    UNIQUE KEY once (complaint_id, version)
  )`,
];
