import type { MigrationInterface, QueryRunner } from 'typeorm';

const kinds = "'first_leg','maturity','early','repurchase'";
const payoutStates = "'due','instructed','paid','cancelled'";

/** What each movement paid, down to the certificate: without it a payment that the bank takes back could not be taken apart. */
export class SettlementMatches1790000006560 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of undoing) await runner.query(statement);
  }
}

const statements = [
  `CREATE TABLE settlement_match (
    id BINARY(16) NOT NULL PRIMARY KEY,
    entry_id BINARY(16) NOT NULL,
    sequence INT NOT NULL,
    obligation_id BINARY(16) NULL,
    place INT NOT NULL,
    amount_minor BIGINT NOT NULL,
    used_minor BIGINT NOT NULL,
    transfer_id BINARY(16) NOT NULL,
    undone_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY once (entry_id, sequence),
    UNIQUE KEY in_order (obligation_id, place),
    CONSTRAINT match_amounts CHECK (amount_minor > 0 AND used_minor >= 0 AND used_minor <= amount_minor)
  )`,
  `CREATE TABLE settlement_match_part (
    match_id BINARY(16) NOT NULL,
    certificate_id BINARY(16) NOT NULL,
    holder_id BINARY(16) NOT NULL,
    item_id BINARY(16) NULL,
    holder_minor BIGINT NOT NULL,
    holdback_minor BIGINT NOT NULL,
    PRIMARY KEY (match_id, certificate_id),
    CONSTRAINT part_amounts CHECK (holder_minor >= 0 AND holdback_minor >= 0 AND holder_minor + holdback_minor > 0)
  )`,
  'ALTER TABLE settlement_payout ADD COLUMN match_id BINARY(16) NULL, ADD KEY by_match (match_id)',
  'ALTER TABLE settlement_payout DROP CONSTRAINT payout_state',
  `ALTER TABLE settlement_payout ADD CONSTRAINT payout_state CHECK (state IN (${payoutStates},'set_off'))`,
  'ALTER TABLE settlement_obligation ADD KEY by_kind (kind, state, id)',
  'ALTER TABLE settlement_obligation DROP CONSTRAINT obligation_kind',
  `ALTER TABLE settlement_obligation ADD CONSTRAINT obligation_kind CHECK (kind IN (${kinds},'give_back'))`,
  // A movement is taken back once, and what is matched of it lies within it.
  `ALTER TABLE statement_entry ADD COLUMN matched_minor BIGINT NOT NULL DEFAULT 0, ADD COLUMN reverses_id BINARY(16) NULL,
    ADD COLUMN proposal_parts JSON NULL, ADD UNIQUE KEY taken_back_once (reverses_id), ADD KEY of_statement (statement_id, state, id),
    ADD CONSTRAINT entry_matched CHECK (matched_minor >= 0 AND matched_minor <= amount_minor)`,
  'ALTER TABLE assignment_item ADD COLUMN filings INT NOT NULL DEFAULT 0',
];

const undoing = [
  'ALTER TABLE assignment_item DROP COLUMN filings',
  'ALTER TABLE statement_entry DROP CONSTRAINT entry_matched',
  `ALTER TABLE statement_entry DROP KEY taken_back_once, DROP KEY of_statement, DROP COLUMN matched_minor,
    DROP COLUMN reverses_id, DROP COLUMN proposal_parts`,
  'ALTER TABLE settlement_obligation DROP KEY by_kind',
  'ALTER TABLE settlement_obligation DROP CONSTRAINT obligation_kind',
  `ALTER TABLE settlement_obligation ADD CONSTRAINT obligation_kind CHECK (kind IN (${kinds}))`,
  'ALTER TABLE settlement_payout DROP KEY by_match, DROP COLUMN match_id',
  'ALTER TABLE settlement_payout DROP CONSTRAINT payout_state',
  `ALTER TABLE settlement_payout ADD CONSTRAINT payout_state CHECK (state IN (${payoutStates}))`,
  'DROP TABLE settlement_match_part',
  'DROP TABLE settlement_match',
];
