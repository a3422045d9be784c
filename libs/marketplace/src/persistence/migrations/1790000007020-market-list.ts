import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What makes the market's list and the matching of a changed mandate fast. */
export class MarketList1790000007020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market_change_counter');
    await runner.query('DROP TABLE market_change');
    await runner.query('ALTER TABLE funding_request DROP KEY open_terms');
    await runner.query(
      'ALTER TABLE request_match ADD KEY of_financier (financier_id, state, request_id), DROP KEY listed, DROP COLUMN listed, DROP COLUMN open',
    );
  }
}

const statements = [
  // A match of a request that is over is never shown again: it must not be walked over either.
  `ALTER TABLE request_match
     ADD COLUMN open TINYINT(1) NOT NULL DEFAULT 1,
     ADD COLUMN listed TINYINT(1) GENERATED ALWAYS AS (CASE WHEN open = 1 AND state <> 'waiting' THEN 1 END) STORED,
     DROP KEY of_financier,
     ADD KEY listed (financier_id, listed, request_id)`,
  `UPDATE request_match SET open = 0 WHERE request_id IN (SELECT id FROM funding_request WHERE state <> 'open')`,
  `ALTER TABLE funding_request ADD KEY open_terms (state, currency, product_kind, amount_minor)`,
  `CREATE TABLE market_change_counter (
    id TINYINT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL
  )`,
  'INSERT INTO market_change_counter VALUES (1, 0)',
  `CREATE TABLE market_change (
    sequence BIGINT NOT NULL PRIMARY KEY,
    request_id BINARY(16) NOT NULL
  )`,
];
