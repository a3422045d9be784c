import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sales under a murabaha and the documents that prove purchase and possession. */
export class Murabaha1790000007040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['murabaha_evidence', 'murabaha_sale']) await runner.query(`DROP TABLE ${table}`);
  }
}

const statements = [
  `CREATE TABLE murabaha_sale (
    id BINARY(16) NOT NULL PRIMARY KEY,
    award_id BINARY(16) NOT NULL,
    request_id BINARY(16) NOT NULL,
    enterprise_id BINARY(16) NOT NULL,
    financier_id BINARY(16) NOT NULL,
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version INT NOT NULL DEFAULT 1,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    late_charge_percent VARCHAR(12) NOT NULL,
    asset VARCHAR(500) NULL,
    supplier VARCHAR(200) NULL,
    cost_minor BIGINT NULL,
    bought_on DATE NULL,
    bought_by VARCHAR(60) NULL,
    place VARCHAR(300) NULL,
    possessed_at DATETIME(6) NULL,
    profit_minor BIGINT NULL,
    price_minor BIGINT NULL,
    instalments LONGTEXT NULL,
    sold_at DATETIME(6) NULL,
    sold_by VARCHAR(60) NULL,
    UNIQUE KEY one_sale (award_id),
    CONSTRAINT murabaha_cost CHECK (cost_minor > 0),
    CONSTRAINT murabaha_price CHECK (price_minor = cost_minor + profit_minor AND profit_minor >= 0),
    CONSTRAINT murabaha_sold CHECK ((state IN ('sold','paid')) = (price_minor IS NOT NULL)),
    CONSTRAINT murabaha_two_people CHECK (sold_by <> bought_by)
  )`,
  `CREATE TABLE murabaha_evidence (
    id BINARY(16) NOT NULL PRIMARY KEY,
    sale_id BINARY(16) NOT NULL,
    kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(200) NOT NULL,
    media_type VARCHAR(80) NOT NULL,
    size_bytes INT NOT NULL,
    checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    added_by VARCHAR(60) NOT NULL,
    added_at DATETIME(6) NOT NULL,
    UNIQUE KEY once (sale_id, kind, checksum),
    CONSTRAINT murabaha_evidence_kind CHECK (kind IN ('purchase','possession'))
  )`,
  // Awards under a murabaha that were signed before: their sale begins where the contract stands.
  `INSERT INTO murabaha_sale (id, award_id, request_id, enterprise_id, financier_id, state, currency, late_charge_percent)
   SELECT UNHEX(REPLACE(UUID(), '-', '')), a.id, a.request_id, a.enterprise_id, a.financier_id, 'promised', a.currency,
          JSON_UNQUOTE(JSON_EXTRACT(o.terms, '$.lateChargePercent'))
   FROM award a JOIN offer o ON o.id = a.offer_id
   WHERE a.state = 'agreed' AND JSON_UNQUOTE(JSON_EXTRACT(o.terms, '$.contract')) = 'murabaha'`,
];
