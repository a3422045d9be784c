import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a complainant was asked, and answered. */
export class ComplaintInformation1790000004001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE complaint_information');
  }
}

const state = (column: string, end: string) =>
  `MODIFY ${column} VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin ${end}`;

const statements = [
  `ALTER TABLE complaint ${state('state', 'NOT NULL')}`,
  `ALTER TABLE complaint_history ${state('from_state', 'NULL')}, ${state('to_state', 'NOT NULL')}`,
  `CREATE TABLE complaint_information (
    id BINARY(16) NOT NULL PRIMARY KEY,
    complaint_id BINARY(16) NOT NULL,
    reasons LONGTEXT NOT NULL,
    asked_at DATETIME(6) NOT NULL,
    answer VARCHAR(5000) NULL,
    answered_at DATETIME(6) NULL,
    KEY by_complaint (complaint_id, id),
    CONSTRAINT complaint_information_whole CHECK ((answer IS NULL) = (answered_at IS NULL))
  )`,
];
