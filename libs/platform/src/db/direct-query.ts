import type { Pool, PoolConnection, QueryError } from 'mysql2';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { silence } from './failures.js';

/**
 * Runs a statement on the driver itself. TypeORM's own `query` keeps a stack trace, tells its subscribers and makes several promises
 * for each statement: a fifth of the api's time where one command takes a dozen (docs/operations/performance.md).
 */
export function directQuery<Result>(
  on: PoolConnection,
  sql: string,
  parameters: readonly unknown[],
  options: { readonly dateStrings?: boolean } = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    on.query({ sql, values: parameters as unknown[], ...options }, (error: QueryError | null, result: unknown) => {
      if (error) reject(withoutValues(error));
      else resolve(result as Result);
    });
  });
}

/** The driver's error holds the statement with its values, which must not reach a log. */
function withoutValues(error: QueryError): QueryError {
  if ('sql' in error) delete (error as { sql?: string }).sql;
  return error;
}

/**
 * What `connecting` gives, or a refusal after `limitMs`: while the database hangs no connection comes free, and nobody must wait for
 * it for ever. One that comes after all goes back to the pool.
 */
export function connectionWithin(connecting: Promise<PoolConnection>, limitMs: number): Promise<PoolConnection> {
  if (limitMs <= 0) return connecting;
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(() => {
      reject(silence(`no connection to the database came free within ${limitMs} ms`));
      connecting.then(
        (late) => late.release(),
        () => undefined,
      );
    }, limitMs);
    connecting.then(resolve, reject).finally(() => clearTimeout(alarm));
  });
}

/** A data source whose plain statements go straight to the driver's pool; entities work as ever. */
export class Database extends DataSource {
  constructor(
    /** How long anybody waits for a connection; 0 is without end. */
    readonly limitMs: number,
    options: DataSourceOptions,
  ) {
    super(options);
  }

  override async query<Result = unknown>(
    sql: string,
    parameters: unknown[] = [],
    runner?: Parameters<DataSource['query']>[2],
  ): Promise<Result> {
    if (runner) return super.query<Result>(sql, parameters, runner);
    return this.direct<Result>(sql, parameters);
  }

  /** A statement on a connection of the pool, outside of any transaction. */
  async direct<Result>(
    sql: string,
    parameters: readonly unknown[],
    options: { readonly dateStrings?: boolean } = {},
  ): Promise<Result> {
    const { pool } = this.driver as unknown as { pool: Pool };
    const connecting = new Promise<PoolConnection>((resolve, reject) =>
      pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
    );
    const connection = await connectionWithin(connecting, this.limitMs);
    try {
      return await directQuery<Result>(connection, sql, parameters, options);
    } finally {
      connection.release();
    }
  }
}

/**
 * Reads rows whose instants stay texts, for long lists that only pass them on: making a `Date` of each and a text again takes a tenth of
 * such an answer's time. {@link instantText} turns one into the form of the API.
 */
export function rowsWithTextInstants<Row extends object>(
  dataSource: DataSource,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  return (dataSource as Database).direct<Row[]>(sql, parameters, { dateStrings: true });
}

/** `2026-01-31 10:00:00.123456` as `2026-01-31T10:00:00.123Z`, as a `Date` would be printed. */
export function instantText(column: string): string {
  return `${column.slice(0, 10)}T${column.slice(11, 23)}Z`;
}
