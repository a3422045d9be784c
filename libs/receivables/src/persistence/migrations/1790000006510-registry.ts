import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches, proposals with the undertaking, documents and deliveries; the registry with fingerprints, holds and other registries. */
export class Registry1790000006510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}

const tables = [
  'registry_inquiry',
  'registry_peer',
  'receivable_hold',
  'registry_loose',
  'registry_pair',
  'registry_exact',
  'receivable_delivery',
  'receivable_document',
  'receivable_proposal_item',
  'receivable_proposal',
  'undertaking_text',
  'receivable_batch_row',
  'receivable_batch',
];

const statements = [
  `CREATE TABLE receivable_batch (
    id BINARY(16) NOT NULL PRIMARY KEY,
    organisation_id BINARY(16) NOT NULL,
    checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    side VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    submit TINYINT(1) NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    size_bytes BIGINT NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    rows_done INT NOT NULL DEFAULT 0,
    created_rows INT NOT NULL DEFAULT 0,
    existing_rows INT NOT NULL DEFAULT 0,
    refused_rows INT NOT NULL DEFAULT 0,
    refusal_code VARCHAR(60) NULL,
    refusal_text VARCHAR(500) NULL,
    uploaded_by VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    lease_until DATETIME(6) NULL,
    lease_token BINARY(16) NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    finished_at DATETIME(6) NULL,
    open_batch TINYINT(1) GENERATED ALWAYS AS (CASE WHEN state IN ('waiting','running') THEN 1 END) STORED,
    UNIQUE KEY same_file (organisation_id, checksum, side, kind, submit),
    KEY by_organisation (organisation_id, id),
    KEY to_do (open_batch, id),
    CONSTRAINT batch_state CHECK (state IN ('waiting','running','done','refused')),
    CONSTRAINT batch_counts CHECK (rows_done = created_rows + existing_rows + refused_rows)
  )`,
  `CREATE TABLE receivable_batch_row (
    batch_id BINARY(16) NOT NULL,
    position INT NOT NULL,
    line INT NOT NULL,
    number VARCHAR(100) NOT NULL,
    result VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    receivable_id BINARY(16) NULL,
    code VARCHAR(60) NULL,
    message VARCHAR(1000) NULL,
    PRIMARY KEY (batch_id, position),
    KEY by_result (batch_id, result, position),
    CONSTRAINT batch_row_answered CHECK ((result IN ('created','existing') AND receivable_id IS NOT NULL AND code IS NULL)
      OR (result = 'refused' AND receivable_id IS NULL AND code IS NOT NULL))
  )`,
  // The words themselves: what was agreed to stays readable when the rule book has gone on.
  `CREATE TABLE undertaking_text (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    version VARCHAR(40) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    language CHAR(2) NOT NULL,
    text TEXT NOT NULL,
    kept_at DATETIME(6) NOT NULL
  )`,
  `CREATE TABLE receivable_proposal (
    id BINARY(16) NOT NULL PRIMARY KEY,
    anchor_id BINARY(16) NOT NULL,
    action VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    batch_id BINARY(16) NULL,
    reason VARCHAR(1000) NOT NULL,
    items INT NOT NULL,
    items_done INT NOT NULL DEFAULT 0,
    proposed_by VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    proposed_at DATETIME(6) NOT NULL,
    maker_language CHAR(2) NULL,
    undertaking_version VARCHAR(40) NULL,
    decided_by VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NULL,
    decided_at DATETIME(6) NULL,
    checker_language CHAR(2) NULL,
    version INT NOT NULL,
    open_work TINYINT(1) GENERATED ALWAYS AS (CASE WHEN state = 'approved' THEN 1 END) STORED,
    KEY by_anchor (anchor_id, state, id),
    KEY to_do (open_work, id),
    CONSTRAINT proposal_state CHECK (state IN ('proposed','approved','applied','rejected','withdrawn')),
    CONSTRAINT proposal_action CHECK (action IN ('confirm','dispute','reject','reduce','accept_delivery')),
    CONSTRAINT proposal_two_people CHECK (decided_by IS NULL OR state = 'withdrawn' OR decided_by <> proposed_by),
    CONSTRAINT proposal_undertaking CHECK (action NOT IN ('confirm','accept_delivery') OR
      (maker_language IS NOT NULL AND undertaking_version IS NOT NULL
        AND (state NOT IN ('approved','applied') OR checker_language IS NOT NULL)))
  )`,
  `CREATE TABLE receivable_proposal_item (
    proposal_id BINARY(16) NOT NULL,
    receivable_id BINARY(16) NOT NULL,
    receivable_version INT NOT NULL,
    net_minor BIGINT NOT NULL,
    maker_hash BINARY(32) NULL,
    checker_hash BINARY(32) NULL,
    result VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    code VARCHAR(60) NULL,
    message VARCHAR(1000) NULL,
    applied_at DATETIME(6) NULL,
    open_item TINYINT(1) GENERATED ALWAYS AS (CASE WHEN result IS NULL THEN 1 END) STORED,
    PRIMARY KEY (proposal_id, receivable_id),
    KEY open_items (proposal_id, open_item, receivable_id),
    KEY of_receivable (receivable_id, proposal_id),
    CONSTRAINT proposal_item_result CHECK (result IS NULL OR result IN ('applied','refused'))
  )`,
  `CREATE TABLE receivable_document (
    id BINARY(16) NOT NULL PRIMARY KEY,
    receivable_id BINARY(16) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size_bytes INT NOT NULL,
    checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    added_by VARCHAR(60) NOT NULL,
    added_at DATETIME(6) NOT NULL,
    UNIQUE KEY once (receivable_id, checksum)
  )`,
  // What the seller states about the delivery of an order, until the anchor has accepted it.
  `CREATE TABLE receivable_delivery (
    receivable_id BINARY(16) NOT NULL PRIMARY KEY,
    invoice_number VARCHAR(100) NOT NULL,
    issued_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    delivered_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    stated_by VARCHAR(60) NOT NULL,
    stated_at DATETIME(6) NOT NULL,
    accepted_at DATETIME(6) NULL
  )`,
  // The exact key of every claim that was confirmed: a second one cannot be written.
  `CREATE TABLE registry_exact (
    hash BINARY(16) NOT NULL PRIMARY KEY,
    receivable_id BINARY(16) NOT NULL,
    registered_at DATETIME(6) NOT NULL,
    KEY by_receivable (receivable_id)
  )`,
  // One row for two parties, the lower id first: the lock under which their claims are registered one after the other.
  `CREATE TABLE registry_pair (
    low_id BINARY(16) NOT NULL,
    high_id BINARY(16) NOT NULL,
    PRIMARY KEY (low_id, high_id)
  )`,
  `CREATE TABLE registry_loose (
    hash BINARY(16) NOT NULL,
    receivable_id BINARY(16) NOT NULL,
    kind TINYINT NOT NULL,
    issued_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (hash, receivable_id),
    KEY by_receivable (receivable_id)
  )`,
  // `against` is what it is held against: local:<receivable>, registry:<peer> or lien:<filing>.
  `CREATE TABLE receivable_hold (
    id BINARY(16) NOT NULL PRIMARY KEY,
    receivable_id BINARY(16) NOT NULL,
    kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    against VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    other_id BINARY(16) NULL,
    state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    case_id BINARY(16) NOT NULL,
    opened_at DATETIME(6) NOT NULL,
    decided_at DATETIME(6) NULL,
    decided_by VARCHAR(60) NULL,
    UNIQUE KEY once (receivable_id, against),
    KEY by_other (other_id),
    CONSTRAINT hold_kind CHECK (kind IN ('number','amount','split','registry','lien')),
    CONSTRAINT hold_state CHECK (state IN ('open','distinct','duplicate')),
    CONSTRAINT hold_decided CHECK ((state = 'open') = (decided_at IS NULL))
  )`,
  `CREATE TABLE registry_peer (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    url VARCHAR(300) NOT NULL,
    key_sealed VARBINARY(300) NOT NULL,
    key_id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    active TINYINT(1) NOT NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY by_name (name),
    UNIQUE KEY by_key (key_id)
  )`,
  // One row a receivable and register to ask: its answer with the time, or when to ask again.
  `CREATE TABLE registry_inquiry (
    receivable_id BINARY(16) NOT NULL,
    source VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    verdict VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    answered_at DATETIME(6) NULL,
    attempts INT NOT NULL DEFAULT 0,
    ask_at DATETIME(6) NULL,
    last_fault VARCHAR(300) NULL,
    PRIMARY KEY (receivable_id, source),
    KEY to_ask (ask_at),
    CONSTRAINT inquiry_verdict CHECK (verdict IS NULL OR verdict IN ('clear','exact','loose','lien'))
  )`,
];
