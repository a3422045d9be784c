import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cases that another organisation than the operator works on, such as a guarantor's. */
export class ReviewHandler1790000004010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE review_case ADD COLUMN handler_id BINARY(16) NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE review_case DROP COLUMN handler_id');
  }
}
