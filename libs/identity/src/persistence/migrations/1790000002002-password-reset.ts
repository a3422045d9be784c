import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens to set a new password, sent by e-mail. */
export class PasswordReset1790000002002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE password_reset (
      token_hash BINARY(32) NOT NULL PRIMARY KEY,
      person_id BINARY(16) NOT NULL,
      created_at DATETIME(6) NOT NULL,
      expires_at DATETIME(6) NOT NULL,
      used_at DATETIME(6) NULL,
      KEY by_person (person_id, created_at),
      KEY by_age (expires_at)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE password_reset');
  }
}
