import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the audit chain ends, so that cutting its newest part off is seen, and when the database itself got each entry. */
export class AuditHead1790000001001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_entry DROP COLUMN written_at');
    await runner.query('DROP TABLE audit_head');
  }
}

const statements = [
  `CREATE TABLE audit_head (
    id TINYINT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    link_hash BINARY(32) NOT NULL,
    CONSTRAINT audit_head_single CHECK (id = 1)
  )`,
  `INSERT INTO audit_head (id, sequence, link_hash)
   SELECT 1, COALESCE(MAX(sequence), 0), COALESCE((SELECT link_hash FROM audit_link ORDER BY sequence DESC LIMIT 1), REPEAT(CHAR(0), 32))
   FROM audit_link`,
  // The server's own time, whatever offset a rehearsal gives the market.
  'ALTER TABLE audit_entry ADD COLUMN written_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)',
];
