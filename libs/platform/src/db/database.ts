import * as mysql from 'mysql2';
import type { DataSource, EntityTarget, MigrationInterface } from 'typeorm';
import type { Environment } from '../config/environment.js';
import { Database } from './direct-query.js';

/** What a context brings to the one database: explicit lists, so that nothing is found by chance. */
export interface Persistence {
  readonly entities: readonly EntityTarget<object>[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/**
 * Set on every connection, whatever the server's defaults are:
 * READ COMMITTED, because under REPEATABLE READ a read-modify-write loses updates without an error (docs/adr/0003);
 * UTC, so that DATETIME means one thing; strict mode, so that nothing is cut off silently;
 * a lock wait of 5 s, which is also how long a duplicate of a running command waits for its answer.
 */
const session = [
  "SET SESSION time_zone = '+00:00'",
  "sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  'innodb_lock_wait_timeout = 5',
].join(', ');

function createPool(options: mysql.PoolOptions): mysql.Pool {
  const pool = mysql.createPool(options);
  pool.on('connection', (connection) => {
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    connection.query(session);
  });
  return pool;
}

/** Opens the database for the given contexts. Migrations run only through {@link migrate}. */
export async function openDatabase(environment: Environment, contexts: readonly Persistence[]): Promise<DataSource> {
  return new Database({
    type: 'mysql',
    driver: { ...mysql, createPool },
    url: environment.databaseUrl,
    timezone: 'Z',
    charset: 'utf8mb4_unicode_520_ci',
    supportBigNumbers: true,
    bigNumberStrings: true,
    synchronize: false,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'none',
    entities: contexts.flatMap(({ entities }) => [...entities]) as never[],
    migrations: contexts.flatMap(({ migrations }) => [...migrations]) as never[],
    extra: { connectionLimit: environment.databasePool, enableKeepAlive: true, maxIdle: environment.databasePool },
  }).initialize();
}
