import type { DataSource, QueryRunner } from 'typeorm';
import { Platform1790000001000 } from './migrations/1790000001000-platform.js';
import { AuditHead1790000001001 } from './migrations/1790000001001-audit-head.js';
import type { Persistence } from './database.js';

export const platformPersistence: Persistence = {
  entities: [],
  migrations: [Platform1790000001000, AuditHead1790000001001],
};

/** Brings the database to the present schema; safe to run again and by two processes at once (the second waits). */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect();
    const [lock] = (await runner.query("SELECT GET_LOCK('sanad.migrate', 120) AS held")) as {
      held: number | string | null;
    }[];
    if (Number(lock?.held) !== 1) throw new Error('another process has been migrating for two minutes');
    await assertUnicode(runner);
    return (await dataSource.runMigrations({ transaction: 'none' })).map(({ name }) => name);
  } finally {
    await runner.query("SELECT RELEASE_LOCK('sanad.migrate')").catch(() => undefined);
    await runner.release();
  }
}

/** Arabic and Chinese names need four bytes a letter; in another character set they would be refused, or damaged, much later. */
async function assertUnicode(runner: QueryRunner): Promise<void> {
  const [database] = (await runner.query(
    'SELECT schema_name AS name, default_character_set_name AS charset FROM information_schema.schemata WHERE schema_name = DATABASE()',
  )) as { name: string; charset: string }[];
  if (database && database.charset !== 'utf8mb4')
    throw new Error(
      `the database ${database.name} keeps text as ${database.charset}; names in Arabic and Chinese need utf8mb4. Run ` +
        `ALTER DATABASE \`${database.name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci; and migrate again`,
    );
  const [table] = (await runner.query(
    `SELECT table_name AS name, table_collation AS collation_name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_collation NOT LIKE 'utf8mb4%' ORDER BY table_name LIMIT 1`,
  )) as { name: string; collation_name: string }[];
  if (table)
    throw new Error(
      `the table ${table.name} keeps text as ${table.collation_name}; names in Arabic and Chinese need utf8mb4. Run ` +
        `ALTER TABLE \`${table.name}\` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci; and migrate again`,
    );
}
