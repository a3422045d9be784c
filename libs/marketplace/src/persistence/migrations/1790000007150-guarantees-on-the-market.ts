import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A request for a guarantee alone names the institution where its loan was found; one that nobody bids on is shown as a guaranteed candidate. */
export class GuaranteesOnTheMarket1790000007150 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE funding_request
         ADD COLUMN lender_id BINARY(16) NULL AFTER product_kind,
         ADD COLUMN guaranteed_since DATETIME(6) NULL AFTER decide_by`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE funding_request DROP COLUMN lender_id, DROP COLUMN guaranteed_since');
  }
}
