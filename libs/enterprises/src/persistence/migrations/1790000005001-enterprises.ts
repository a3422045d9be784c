import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The firm's profile under its organisation's id: identifiers, owners, statements, documents, bank accounts, size, verification. */
export class Enterprises1790000005001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}

const tables = [
  'size_evaluation',
  'enterprise_bank_account',
  'enterprise_document',
  'financial_statement',
  'enterprise_owner',
  'enterprise_identifier',
  'enterprise_profile',
  'enterprise_history',
];

const statements = [
  `CREATE TABLE enterprise_profile (
    id BINARY(16) NOT NULL PRIMARY KEY,
    legal_form VARCHAR(40) NULL,
    sector CHAR(1) NULL,
    isic_class CHAR(4) NULL,
    size_industry VARCHAR(40) NULL,
    region VARCHAR(6) NULL,
    founded_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    staff INT NULL,
    women_led TINYINT(1) NOT NULL DEFAULT 0,
    rural TINYINT(1) NOT NULL DEFAULT 0,
    exporter TINYINT(1) NOT NULL DEFAULT 0,
    least_developed TINYINT(1) NOT NULL DEFAULT 0,
    status VARCHAR(30) NOT NULL,
    review_case_id BINARY(16) NULL,
    size_class VARCHAR(10) NULL,
    size_evaluation_id BINARY(16) NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    KEY by_status (status, id),
    CONSTRAINT enterprise_status CHECK (status IN ('unverified','submitted','in_review','information_requested','verified','rejected')),
    CONSTRAINT enterprise_staff CHECK (staff >= 0),
    CONSTRAINT enterprise_size CHECK (size_class IN ('micro','small','medium','large'))
  )`,
  `CREATE TABLE enterprise_history (
    id BINARY(16) NOT NULL PRIMARY KEY,
    enterprise_id BINARY(16) NOT NULL,
    action VARCHAR(40) NOT NULL,
    from_state VARCHAR(30) NULL,
    to_state VARCHAR(30) NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id VARCHAR(60) NOT NULL,
    reason VARCHAR(2000) NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY by_enterprise (enterprise_id, id)
  )`,
  `CREATE TABLE enterprise_identifier (
    enterprise_id BINARY(16) NOT NULL,
    scheme VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    value VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (enterprise_id, scheme),
    UNIQUE KEY once (scheme, value)
  )`,
  `CREATE TABLE enterprise_owner (
    id BINARY(16) NOT NULL PRIMARY KEY,
    enterprise_id BINARY(16) NOT NULL,
    position INT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    name VARCHAR(200) NOT NULL,
    local_name VARCHAR(200) NOT NULL,
    country CHAR(2) NOT NULL,
    born_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    share_ppm INT NOT NULL,
    is_woman TINYINT(1) NOT NULL DEFAULT 0,
    politically_exposed TINYINT(1) NOT NULL,
    screening_status VARCHAR(20) NOT NULL,
    screening_list VARCHAR(120) NULL,
    screening_matches JSON NOT NULL,
    screened_at DATETIME(6) NULL,
    UNIQUE KEY place (enterprise_id, position),
    CONSTRAINT owner_kind CHECK (kind IN ('person','organisation')),
    CONSTRAINT owner_share CHECK (share_ppm > 0 AND share_ppm <= 1000000),
    CONSTRAINT owner_screening CHECK (screening_status IN ('not_screened','clear','possible_match'))
  )`,
  `CREATE TABLE financial_statement (
    id BINARY(16) NOT NULL PRIMARY KEY,
    enterprise_id BINARY(16) NOT NULL,
    fiscal_year INT NOT NULL,
    version INT NOT NULL,
    period_end CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency CHAR(3) NOT NULL,
    audited TINYINT(1) NOT NULL,
    staff INT NULL,
    revenue_minor BIGINT NOT NULL,
    total_assets_minor BIGINT NOT NULL,
    current_assets_minor BIGINT NULL,
    inventory_minor BIGINT NULL,
    cash_minor BIGINT NULL,
    total_liabilities_minor BIGINT NULL,
    current_liabilities_minor BIGINT NULL,
    retained_earnings_minor BIGINT NULL,
    equity_minor BIGINT NULL,
    operating_profit_minor BIGINT NULL,
    interest_expense_minor BIGINT NULL,
    net_profit_minor BIGINT NULL,
    document_id BINARY(16) NULL,
    saved_by VARCHAR(60) NOT NULL,
    saved_at DATETIME(6) NOT NULL,
    UNIQUE KEY one_version (enterprise_id, fiscal_year, version),
    CONSTRAINT statement_figures CHECK (revenue_minor >= 0 AND total_assets_minor >= 0)
  )`,
  `CREATE TABLE enterprise_document (
    id BINARY(16) NOT NULL PRIMARY KEY,
    enterprise_id BINARY(16) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    name VARCHAR(200) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size_bytes INT NOT NULL,
    checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    receipt VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    uploaded_by VARCHAR(60) NOT NULL,
    uploaded_at DATETIME(6) NOT NULL,
    removed_at DATETIME(6) NULL,
    UNIQUE KEY receipt (receipt),
    KEY by_enterprise (enterprise_id, id)
  )`,
  `CREATE TABLE enterprise_bank_account (
    id BINARY(16) NOT NULL PRIMARY KEY,
    enterprise_id BINARY(16) NOT NULL,
    account_number VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    bank_name VARCHAR(120) NOT NULL,
    holder_name VARCHAR(200) NOT NULL,
    declared_by VARCHAR(60) NOT NULL,
    declared_at DATETIME(6) NOT NULL,
    ownership_checked_at DATETIME(6) NULL,
    ownership_checked_by VARCHAR(60) NULL,
    usable_from DATETIME(6) NOT NULL,
    replaced_at DATETIME(6) NULL,
    current TINYINT(1) GENERATED ALWAYS AS (CASE WHEN replaced_at IS NULL THEN 1 END) STORED,
    UNIQUE KEY one_current (enterprise_id, current),
    KEY by_enterprise (enterprise_id, id)
  )`,
  `CREATE TABLE size_evaluation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    enterprise_id BINARY(16) NOT NULL,
    outcome VARCHAR(20) NOT NULL,
    size_class VARCHAR(10) NULL,
    standard_id VARCHAR(40) NULL,
    standard_version VARCHAR(40) NULL,
    rule VARCHAR(400) NOT NULL,
    inputs JSON NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY by_enterprise (enterprise_id, id)
  )`,
];
