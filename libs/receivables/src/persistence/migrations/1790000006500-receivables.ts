import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Anchors with branches and supplier lists; receivables with their history. */
export class Receivables1790000006500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}

const tables = [
  'receivable_history',
  'receivable',
  'anchor_supplier',
  'anchor_branch_person',
  'anchor_branch',
  'anchor_profile',
  'anchor_history',
];

const statements = [
  `CREATE TABLE anchor_history (
    id BINARY(16) NOT NULL PRIMARY KEY,
    subject_type VARCHAR(20) NOT NULL,
    subject_id BINARY(16) NOT NULL,
    anchor_id BINARY(16) NOT NULL,
    action VARCHAR(40) NOT NULL,
    from_state VARCHAR(30) NULL,
    to_state VARCHAR(30) NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id VARCHAR(60) NOT NULL,
    reason VARCHAR(2000) NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY by_subject (subject_id, id)
  )`,
  `CREATE TABLE anchor_profile (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(20) NOT NULL,
    visibility VARCHAR(20) NOT NULL,
    tax_id VARCHAR(40) NULL,
    about VARCHAR(2000) NOT NULL,
    website VARCHAR(200) NOT NULL,
    status VARCHAR(30) NOT NULL,
    confirmations_stopped_at DATETIME(6) NULL,
    cured_at DATETIME(6) NULL,
    review_case_id BINARY(16) NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY by_tax_id (tax_id),
    KEY by_status (status, id),
    CONSTRAINT anchor_kind CHECK (kind IN ('company','government','tax_authority')),
    CONSTRAINT anchor_visibility CHECK (visibility IN ('public','suppliers')),
    CONSTRAINT anchor_status CHECK (status IN ('unverified','submitted','in_review','information_requested','verified','rejected'))
  )`,
  `CREATE TABLE anchor_branch (
    id BINARY(16) NOT NULL PRIMARY KEY,
    anchor_id BINARY(16) NOT NULL,
    code VARCHAR(40) NOT NULL,
    name VARCHAR(200) NOT NULL,
    status VARCHAR(10) NOT NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY by_code (anchor_id, code),
    KEY by_anchor (anchor_id, id),
    CONSTRAINT branch_status CHECK (status IN ('open','closed'))
  )`,
  // Who works for which branch; a person without a row works for the whole anchor.
  `CREATE TABLE anchor_branch_person (
    branch_id BINARY(16) NOT NULL,
    person_id BINARY(16) NOT NULL,
    anchor_id BINARY(16) NOT NULL,
    PRIMARY KEY (branch_id, person_id),
    KEY by_person (anchor_id, person_id)
  )`,
  `CREATE TABLE anchor_supplier (
    id BINARY(16) NOT NULL PRIMARY KEY,
    anchor_id BINARY(16) NOT NULL,
    supplier_id BINARY(16) NULL,
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    registration_number VARCHAR(30) NOT NULL,
    name VARCHAR(200) NOT NULL,
    reference VARCHAR(60) NOT NULL,
    status VARCHAR(10) NOT NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY by_registration (anchor_id, country, registration_number),
    KEY by_anchor (anchor_id, id),
    KEY by_supplier (supplier_id, anchor_id),
    KEY unregistered (country, registration_number),
    CONSTRAINT supplier_status CHECK (status IN ('listed','removed'))
  )`,
  `CREATE TABLE receivable (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seller_id BINARY(16) NOT NULL,
    anchor_id BINARY(16) NOT NULL,
    branch_id BINARY(16) NULL,
    number VARCHAR(100) NOT NULL,
    issued_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    face_minor BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    order_number VARCHAR(100) NULL,
    uploaded_by_side VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    uploaded_by VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    batch_id BINARY(16) NULL,
    batch_row INT NULL,
    document_checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    exact_key BINARY(16) NOT NULL,
    reminders TINYINT NOT NULL DEFAULT 0,
    submitted_at DATETIME(6) NULL,
    confirmed_at DATETIME(6) NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    live TINYINT(1) GENERATED ALWAYS AS (CASE WHEN state NOT IN ('withdrawn','rejected') THEN 1 END) STORED,
    UNIQUE KEY by_batch_row (batch_id, batch_row),
    UNIQUE KEY one_upload (exact_key, uploaded_by_side, live),
    KEY of_seller (seller_id, state, due_on, id),
    KEY of_anchor (anchor_id, state, due_on, id),
    KEY between_parties (seller_id, anchor_id, issued_on),
    KEY confirmed_of_anchor (anchor_id, confirmed_at),
    KEY waiting (anchor_id, state, reminders, submitted_at),
    CONSTRAINT receivable_kind CHECK (kind IN ('invoice','purchase_order','tax_refund')),
    CONSTRAINT receivable_state CHECK (state IN ('draft','submitted','disputed','rejected','reduced','confirmed','listed','assigned',
      'paid_early','due','overdue','defaulted','settled','repurchased','withdrawn')),
    CONSTRAINT receivable_amounts CHECK (face_minor > 0 AND net_minor > 0 AND net_minor <= face_minor),
    CONSTRAINT receivable_parties CHECK (seller_id <> anchor_id),
    CONSTRAINT receivable_days CHECK (due_on >= issued_on)
  )`,
  `CREATE TABLE receivable_history (
    id BINARY(16) NOT NULL PRIMARY KEY,
    receivable_id BINARY(16) NOT NULL,
    action VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    to_state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id VARCHAR(60) NOT NULL,
    organisation_id BINARY(16) NULL,
    reason VARCHAR(2000) NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY by_receivable (receivable_id, id)
  )`,
];
