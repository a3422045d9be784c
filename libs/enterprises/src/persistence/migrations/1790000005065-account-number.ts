import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who pays from an account is found by its number. */
export class AccountNumber1790000005065 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE enterprise_bank_account ADD KEY by_number (account_number)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE enterprise_bank_account DROP KEY by_number');
  }
}
