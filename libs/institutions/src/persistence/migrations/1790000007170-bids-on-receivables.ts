import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an auto-bid rule says of receivables. Rules made before bid as they did: with recourse, no holdback, on any listing. */
export class BidsOnReceivables1790000007170 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE auto_bid_rule
         ADD COLUMN recourse TINYINT(1) NOT NULL DEFAULT 1 AFTER validity_days,
         ADD COLUMN holdback_percent DECIMAL(7,4) NOT NULL DEFAULT 0 AFTER recourse,
         ADD COLUMN days_left_min INT NULL AFTER holdback_percent,
         ADD COLUMN days_left_max INT NULL AFTER days_left_min,
         ADD COLUMN face_max_minor BIGINT NULL AFTER days_left_max,
         ADD CONSTRAINT auto_bid_holdback CHECK (holdback_percent BETWEEN 0 AND 50),
         ADD CONSTRAINT auto_bid_days CHECK (days_left_min >= 1 AND days_left_max >= 1 AND days_left_max >= days_left_min),
         ADD CONSTRAINT auto_bid_face CHECK (face_max_minor > 0)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['auto_bid_holdback', 'auto_bid_days', 'auto_bid_face'])
      await runner.query(`ALTER TABLE auto_bid_rule DROP CONSTRAINT ${name}`);
    await runner.query(
      `ALTER TABLE auto_bid_rule DROP COLUMN recourse, DROP COLUMN holdback_percent, DROP COLUMN days_left_min,
         DROP COLUMN days_left_max, DROP COLUMN face_max_minor`,
    );
  }
}
