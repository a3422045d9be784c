import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a financier takes on one anchor, over all its mandates; proposed by a maker, in force when a checker approved. */
export class AnchorLimits1790000007101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE exposure_reservation DROP CONSTRAINT reservation_status');
    await runner.query("UPDATE exposure_reservation SET status = 'released' WHERE status = 'repaid'");
    await runner.query(
      "ALTER TABLE exposure_reservation ADD CONSTRAINT reservation_status CHECK (status IN ('reserved','converted','released'))",
    );
    await runner.query('DROP TABLE anchor_limit_change');
    await runner.query('DROP TABLE anchor_limit');
  }
}

const statements = [
  // Like an exposure row: it holds what is used and the limit in force when it last grew, and the constraint keeps them.
  `CREATE TABLE anchor_limit (
    financier_id BINARY(16) NOT NULL,
    anchor_id BINARY(16) NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    limit_minor BIGINT NOT NULL,
    used_minor BIGINT NOT NULL,
    ceiling_minor BIGINT NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (financier_id, anchor_id, currency),
    KEY by_anchor (anchor_id, currency, financier_id),
    CONSTRAINT anchor_limit_sums CHECK (limit_minor >= 0 AND used_minor >= 0),
    CONSTRAINT anchor_limit_kept CHECK (used_minor <= ceiling_minor)
  )`,
  `CREATE TABLE anchor_limit_change (
    id BINARY(16) NOT NULL PRIMARY KEY,
    financier_id BINARY(16) NOT NULL,
    anchor_id BINARY(16) NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    limit_minor BIGINT NOT NULL,
    status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    open TINYINT(1) GENERATED ALWAYS AS (CASE WHEN status = 'proposed' THEN 1 END) STORED,
    reason VARCHAR(1000) NOT NULL,
    proposed_by VARCHAR(60) NOT NULL,
    proposed_at DATETIME(6) NOT NULL,
    decided_by VARCHAR(60) NULL,
    decided_at DATETIME(6) NULL,
    UNIQUE KEY one_open (financier_id, anchor_id, currency, open),
    KEY by_financier (financier_id, id),
    CONSTRAINT anchor_limit_change_status CHECK (status IN ('proposed','approved','rejected','withdrawn')),
    CONSTRAINT anchor_limit_change_two_people CHECK (status <> 'approved' OR decided_by <> proposed_by),
    CONSTRAINT anchor_limit_change_sum CHECK (limit_minor >= 0)
  )`,
  'ALTER TABLE exposure_reservation DROP CONSTRAINT reservation_status',
  `ALTER TABLE exposure_reservation ADD CONSTRAINT reservation_status CHECK (status IN ('reserved','converted','released','repaid'))`,
];
