import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A letter whose link is a key is marked, so that the link goes when the letter has gone. */
export class ConfidentialMail1790000003001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail ADD COLUMN confidential TINYINT(1) NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail DROP COLUMN confidential');
  }
}
