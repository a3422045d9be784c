import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that stand on confirmed receivables: which certificates, of which anchors, due when. */
export class ReceivableRequests1790000007100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE listed_certificate');
    await runner.query('DROP TABLE receivable_listing');
    await runner.query('ALTER TABLE funding_request DROP COLUMN due_on, DROP COLUMN anchor_id');
    await runner.query('ALTER TABLE award DROP COLUMN assignment_id');
  }
}

const statements = [
  // For filters of the market's list: the last due day, and the anchor where all of it is owed by one.
  `ALTER TABLE funding_request
     ADD COLUMN due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
     ADD COLUMN anchor_id BINARY(16) NULL`,
  `CREATE TABLE receivable_listing (
    request_id BINARY(16) NOT NULL PRIMARY KEY,
    seller_id BINARY(16) NOT NULL,
    settles_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    listed_at DATETIME(6) NOT NULL,
    ended_at DATETIME(6) NULL,
    outcome VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL,
    KEY of_seller (seller_id, request_id),
    CONSTRAINT listing_outcome CHECK (outcome IN ('sold','unsold','withdrawn'))
  )`,
  // A certificate stands in one request at a time: on the market, or sold there and not yet paid.
  `CREATE TABLE listed_certificate (
    request_id BINARY(16) NOT NULL,
    certificate_id BINARY(16) NOT NULL,
    receivable_id BINARY(16) NOT NULL,
    anchor_id BINARY(16) NOT NULL,
    amount_minor BIGINT NOT NULL,
    due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    live TINYINT(1) NULL,
    PRIMARY KEY (request_id, certificate_id),
    UNIQUE KEY one_request (certificate_id, live),
    KEY of_receivable (receivable_id, request_id),
    CONSTRAINT listed_amount CHECK (amount_minor > 0),
    CONSTRAINT listed_live CHECK (live = 1)
  )`,
  `ALTER TABLE award ADD COLUMN assignment_id BINARY(16) NULL, ADD UNIQUE KEY one_assignment (assignment_id)`,
];
