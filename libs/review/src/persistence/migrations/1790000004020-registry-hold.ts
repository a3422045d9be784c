import type { MigrationInterface, QueryRunner } from 'typeorm';

const kinds = [
  'funding_request',
  'verification',
  'guarantee_application',
  'claim',
  'appeal',
  'complaint',
  'tax_refund_advance',
] as const;

/** Cases of the registry of receivables: a look-alike is held until a reviewer has decided. */
export class RegistryHold1790000004020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await allow(runner, [...kinds, 'registry_hold']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await allow(runner, kinds);
  }
}

async function allow(runner: QueryRunner, words: readonly string[]): Promise<void> {
  await runner.query('ALTER TABLE review_case DROP CONSTRAINT review_case_kind');
  const list = words.map((word) => `'${word}'`).join(',');
  await runner.query(`ALTER TABLE review_case ADD CONSTRAINT review_case_kind CHECK (kind IN (${list}))`);
}
