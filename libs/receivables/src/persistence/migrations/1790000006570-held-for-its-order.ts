import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A claim may be held because its order is one that was confirmed itself. */
export class HeldForItsOrder1790000006570 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE receivable_hold DROP CONSTRAINT hold_kind');
    await runner.query(
      "ALTER TABLE receivable_hold ADD CONSTRAINT hold_kind CHECK (kind IN ('number','amount','split','order','registry','lien'))",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("UPDATE receivable_hold SET kind = 'number' WHERE kind = 'order'");
    await runner.query('ALTER TABLE receivable_hold DROP CONSTRAINT hold_kind');
    await runner.query(
      "ALTER TABLE receivable_hold ADD CONSTRAINT hold_kind CHECK (kind IN ('number','amount','split','registry','lien'))",
    );
  }
}
