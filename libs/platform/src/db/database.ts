import type { Socket } from 'node:net';
import * as mysql from 'mysql2';
import type { DataSource, EntityTarget, MigrationInterface } from 'typeorm';
import type { Environment } from '../config/environment.js';
import { Database } from './direct-query.js';
import { silence } from './failures.js';

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

/**
 * Ends a connection whose statement got no sign of life for `limitMs`: a server that hangs says nothing, not even that it is
 * lost. Whoever waits on it is told so. An idle connection is left alone.
 */
function endWhenSilent(connection: mysql.PoolConnection, limitMs: number): void {
  // What the driver keeps of a connection and does not tell in its types: its socket, and the statement that waits for its answer.
  const { stream } = connection as unknown as { readonly stream: Socket };
  const waits = () => Reflect.get(connection, '_command') !== undefined && Reflect.get(connection, '_command') !== null;
  stream.setTimeout(limitMs);
  stream.on('timeout', () => {
    if (waits()) stream.destroy(silence(`the database said nothing for ${limitMs} ms`));
  });
}

function createPool(options: mysql.PoolOptions, limitMs: number): mysql.Pool {
  const pool = mysql.createPool(options);
  pool.on('connection', (connection) => {
    if (limitMs > 0) endWhenSilent(connection, limitMs);
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    connection.query(session);
  });
  return pool;
}

/** Opens the database for the given contexts. Migrations run only through {@link migrate}. */
export async function openDatabase(environment: Environment, contexts: readonly Persistence[]): Promise<DataSource> {
  const limitMs = environment.databaseTimeoutSeconds * 1000;
  return new Database(limitMs, {
    type: 'mysql',
    driver: { ...mysql, createPool: (options: mysql.PoolOptions) => createPool(options, limitMs) },
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
    extra: {
      connectionLimit: environment.databasePool,
      enableKeepAlive: true,
      maxIdle: environment.databasePool,
      ...(limitMs > 0 ? { connectTimeout: limitMs } : {}),
    },
  }).initialize();
}
