import type { MigrationInterface, QueryRunner } from 'typeorm';

const ascii = 'CHARACTER SET ascii COLLATE ascii_bin';

/**
 * A fee whose unused months come back is earned month by month. Those from before are taken in: what is settled stands, what is in force
 * begins at its first month and is caught up by the worker.
 */
export class FeesEarnedByMonth1790000006870 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE guarantee_fee_earning');
    await runner.query('ALTER TABLE guarantee_fee DROP CONSTRAINT fee_earned');
    await runner.query(
      'ALTER TABLE guarantee_fee DROP KEY earning, DROP COLUMN earn_months, DROP COLUMN earn_from, DROP COLUMN earned_minor, DROP COLUMN earned_months, DROP COLUMN next_earn_on',
    );
  }
}

/** Its claim was paid: nothing of its fees was settled. */
const paidOut = 'EXISTS (SELECT 1 FROM guarantee_claim c WHERE c.guarantee_id = g.id AND c.paid_at IS NOT NULL)';

const statements = [
  `ALTER TABLE guarantee_fee
     ADD COLUMN earn_months INT NULL AFTER refunded_minor,
     ADD COLUMN earn_from VARCHAR(10) ${ascii} NULL AFTER earn_months,
     ADD COLUMN earned_minor BIGINT NOT NULL DEFAULT 0 AFTER earn_from,
     ADD COLUMN earned_months INT NOT NULL DEFAULT 0 AFTER earned_minor,
     ADD COLUMN next_earn_on VARCHAR(10) ${ascii} NULL AFTER earned_months,
     ADD KEY earning (scheme_id, next_earn_on, id)`,
  `UPDATE guarantee_fee f JOIN guarantee g ON g.id = f.guarantee_id
     JOIN scheme_version v ON v.scheme_id = g.scheme_id AND v.number = g.scheme_version
   SET f.earn_months = COALESCE(CAST(JSON_UNQUOTE(JSON_EXTRACT(f.inputs, '$.case.months')) AS SIGNED), g.tenor_months)
   WHERE JSON_UNQUOTE(JSON_EXTRACT(v.terms, '$.fee.refund')) = 'unused_months'`,
  `UPDATE guarantee_fee f JOIN guarantee g ON g.id = f.guarantee_id
   SET f.earned_minor = f.charged_minor - f.refunded_minor, f.earned_months = f.earn_months
   WHERE f.earn_months IS NOT NULL AND f.status = 'paid' AND g.state = 'released' AND NOT ${paidOut}`,
  `UPDATE guarantee_fee f JOIN guarantee g ON g.id = f.guarantee_id
   SET f.earn_from = CAST(DATE_ADD(CAST(g.disbursed_on AS DATE), INTERVAL (f.year - 1) * 12 MONTH) AS CHAR),
       f.next_earn_on = CAST(DATE_ADD(DATE_ADD(CAST(g.disbursed_on AS DATE), INTERVAL (f.year - 1) * 12 MONTH), INTERVAL 1 DAY) AS CHAR)
   WHERE f.earn_months IS NOT NULL AND f.status = 'paid' AND g.disbursed_on IS NOT NULL
     AND (g.state IN ('issued', 'in_force', 'claimed', 'lapsed') OR ${paidOut})`,
  `ALTER TABLE guarantee_fee ADD CONSTRAINT fee_earned CHECK (earned_minor >= 0 AND earned_minor + refunded_minor <= charged_minor
     AND (earn_months IS NOT NULL OR earned_minor = 0) AND (next_earn_on IS NULL OR (status = 'paid' AND earn_from IS NOT NULL)))`,
  // What was earned with time, one row for each batch that was posted and for each fee whose guarantee ended.
  `CREATE TABLE guarantee_fee_earning (
    id BINARY(16) NOT NULL PRIMARY KEY,
    scheme_id BINARY(16) NOT NULL,
    earned_on CHAR(10) ${ascii} NOT NULL,
    fees INT NOT NULL,
    amount_minor BIGINT NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY by_scheme (scheme_id, earned_on),
    CONSTRAINT earning_amount CHECK (fees > 0 AND amount_minor > 0)
  )`,
];
