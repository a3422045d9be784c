import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The certificates: shares of a confirmed receivable, each with one holder. */
export class Certificates1790000006550 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE certificate');
  }
}

const statements = [
  `CREATE TABLE certificate (
    id BINARY(16) NOT NULL PRIMARY KEY,
    receivable_id BINARY(16) NOT NULL,
    parent_id BINARY(16) NULL,
    root_id BINARY(16) NOT NULL,
    holder_organisation_id BINARY(16) NOT NULL,
    anchor_organisation_id BINARY(16) NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    tier INT NOT NULL,
    status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    KEY by_receivable (receivable_id, id),
    KEY by_holder (holder_organisation_id, status, due_on, id),
    CONSTRAINT certificate_amount CHECK (amount_minor >= 0),
    CONSTRAINT certificate_tier CHECK (tier >= 1)
  )`,
];
