import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The enterprise's own reference of a request: a row that is imported twice finds it. */
export class OwnReference1790000007030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE funding_request ADD COLUMN reference VARCHAR(60) NULL, ADD UNIQUE KEY own_reference (enterprise_id, reference)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE funding_request DROP KEY own_reference, DROP COLUMN reference');
  }
}
