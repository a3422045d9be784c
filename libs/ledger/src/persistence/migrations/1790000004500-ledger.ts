import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyGuards } from '../append-only.js';

/** Accounts, transfers, postings, balances with their movements, and the months of the books. */
export class Ledger1790000004500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
    for (const { sql } of appendOnlyGuards) {
      // A server that logs for replication lets only an administrator make triggers (errno 1419):
      // `sanad report ledger --check` fails until they stand, and prints what to run.
      await runner.query(sql).catch((error: { errno?: number }) => {
        if (error.errno !== 1419) throw error;
      });
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'ledger_period_balance',
      'ledger_movement',
      'ledger_balance',
      'ledger_posting',
      'ledger_transfer',
      'ledger_period',
      'ledger_account',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const word = 'CHARACTER SET ascii COLLATE ascii_bin';

const statements = [
  `CREATE TABLE ledger_account (
    id BINARY(16) NOT NULL PRIMARY KEY,
    owner_type VARCHAR(12) ${word} NOT NULL,
    owner_id BINARY(16) NOT NULL,
    purpose VARCHAR(40) ${word} NOT NULL,
    currency CHAR(3) ${word} NOT NULL,
    class VARCHAR(20) ${word} NOT NULL,
    normal_side VARCHAR(6) ${word} NOT NULL,
    has_floor TINYINT(1) NOT NULL,
    opened_at DATETIME(6) NOT NULL,
    UNIQUE KEY one_account (owner_type, owner_id, purpose, currency),
    UNIQUE KEY in_currency (id, currency),
    CONSTRAINT ledger_account_side CHECK (normal_side IN ('debit','credit')),
    CONSTRAINT ledger_account_owner CHECK (owner_type IN ('organisation','scheme'))
  )`,
  // One row a month: every posting holds it shared until its commit, closing takes it alone.
  `CREATE TABLE ledger_period (
    period CHAR(7) ${word} NOT NULL PRIMARY KEY,
    id BINARY(16) NOT NULL,
    state VARCHAR(6) ${word} NOT NULL DEFAULT 'open',
    closed_at DATETIME(6) NULL,
    closed_by VARCHAR(60) NULL,
    CONSTRAINT ledger_period_state CHECK ((state = 'open' AND closed_at IS NULL) OR (state = 'closed' AND closed_at IS NOT NULL))
  )`,
  `CREATE TABLE ledger_transfer (
    id BINARY(16) NOT NULL PRIMARY KEY,
    reference VARCHAR(120) ${word} NOT NULL,
    kind VARCHAR(14) ${word} NOT NULL,
    description VARCHAR(300) NOT NULL,
    subject_type VARCHAR(40) ${word} NOT NULL,
    subject_id BINARY(16) NOT NULL,
    book_date CHAR(10) ${word} NOT NULL,
    period CHAR(7) ${word} NOT NULL,
    posted_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NULL,
    resolves_id BINARY(16) NULL,
    reverses_id BINARY(16) NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id VARCHAR(60) NOT NULL,
    trace_id VARCHAR(64) NOT NULL,
    hash BINARY(32) NOT NULL,
    UNIQUE KEY one_reference (reference),
    UNIQUE KEY resolved_once (resolves_id),
    UNIQUE KEY reversed_once (reverses_id),
    KEY by_subject (subject_type, subject_id, id),
    KEY in_period (period),
    KEY expiring (expires_at),
    CONSTRAINT ledger_transfer_period FOREIGN KEY (period) REFERENCES ledger_period (period),
    CONSTRAINT ledger_transfer_resolves FOREIGN KEY (resolves_id) REFERENCES ledger_transfer (id),
    CONSTRAINT ledger_transfer_reverses FOREIGN KEY (reverses_id) REFERENCES ledger_transfer (id),
    CONSTRAINT ledger_transfer_kind CHECK (kind IN ('post','reserve','post_reserved','void_reserved','reverse')),
    CONSTRAINT ledger_transfer_month CHECK (period = LEFT(book_date, 7)),
    CONSTRAINT ledger_transfer_expiry CHECK (expires_at IS NULL OR kind = 'reserve'),
    CONSTRAINT ledger_transfer_resolution CHECK ((kind IN ('post_reserved','void_reserved')) = (resolves_id IS NOT NULL)),
    CONSTRAINT ledger_transfer_reversal CHECK ((kind = 'reverse') = (reverses_id IS NOT NULL))
  )`,
  // Both sides in one row: what is debited is credited, to the unit, whatever a program does.
  // The foreign keys on (account, currency) hold a posting and its two accounts to one currency.
  `CREATE TABLE ledger_posting (
    transfer_id BINARY(16) NOT NULL,
    line INT NOT NULL,
    phase VARCHAR(7) ${word} NOT NULL,
    debit_account_id BINARY(16) NOT NULL,
    credit_account_id BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    currency CHAR(3) ${word} NOT NULL,
    book_date CHAR(10) ${word} NOT NULL,
    PRIMARY KEY (transfer_id, line),
    KEY debits (debit_account_id, currency, phase, book_date, transfer_id, line, amount),
    KEY credits (credit_account_id, currency, phase, book_date, transfer_id, line, amount),
    CONSTRAINT ledger_posting_transfer FOREIGN KEY (transfer_id) REFERENCES ledger_transfer (id),
    CONSTRAINT ledger_posting_debit FOREIGN KEY (debit_account_id, currency) REFERENCES ledger_account (id, currency),
    CONSTRAINT ledger_posting_credit FOREIGN KEY (credit_account_id, currency) REFERENCES ledger_account (id, currency),
    CONSTRAINT ledger_posting_amount CHECK (amount > 0),
    CONSTRAINT ledger_posting_accounts CHECK (debit_account_id <> credit_account_id),
    CONSTRAINT ledger_posting_phase CHECK (phase IN ('posted','pending'))
  )`,
  // The checkpoint of an account. With a floor it is written by every transfer under its lock; without one it is
  // written by the folding loop only, and what was not folded yet lies in ledger_movement.
  `CREATE TABLE ledger_balance (
    account_id BINARY(16) NOT NULL PRIMARY KEY,
    floor_side VARCHAR(6) ${word} NULL,
    debits_posted DECIMAL(30,0) NOT NULL DEFAULT 0,
    credits_posted DECIMAL(30,0) NOT NULL DEFAULT 0,
    debits_pending DECIMAL(30,0) NOT NULL DEFAULT 0,
    credits_pending DECIMAL(30,0) NOT NULL DEFAULT 0,
    CONSTRAINT ledger_balance_account FOREIGN KEY (account_id) REFERENCES ledger_account (id),
    CONSTRAINT ledger_balance_floor CHECK (floor_side IS NULL
      OR (floor_side = 'credit' AND credits_posted - debits_posted - debits_pending >= 0)
      OR (floor_side = 'debit' AND debits_posted - credits_posted - credits_pending >= 0)),
    CONSTRAINT ledger_balance_side CHECK (floor_side IS NULL OR floor_side IN ('debit','credit'))
  )`,
  `CREATE TABLE ledger_movement (
    account_id BINARY(16) NOT NULL,
    transfer_id BINARY(16) NOT NULL,
    debits_posted DECIMAL(30,0) NOT NULL,
    credits_posted DECIMAL(30,0) NOT NULL,
    debits_pending DECIMAL(30,0) NOT NULL,
    credits_pending DECIMAL(30,0) NOT NULL,
    PRIMARY KEY (account_id, transfer_id)
  )`,
  // The posted balances at the end of a closed month: final, because nothing is posted into it any more.
  `CREATE TABLE ledger_period_balance (
    period CHAR(7) ${word} NOT NULL,
    account_id BINARY(16) NOT NULL,
    debits_posted DECIMAL(30,0) NOT NULL,
    credits_posted DECIMAL(30,0) NOT NULL,
    PRIMARY KEY (account_id, period),
    KEY of_period (period),
    CONSTRAINT ledger_period_balance_period FOREIGN KEY (period) REFERENCES ledger_period (period),
    CONSTRAINT ledger_period_balance_account FOREIGN KEY (account_id) REFERENCES ledger_account (id)
  )`,
];
