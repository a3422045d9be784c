import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as mysql from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { type Environment, readEnvironment } from '../config/environment.js';
import { type Actor, type CommandContext } from '../db/command-context.js';
import { openDatabase, type Persistence } from '../db/database.js';
import { newId } from '../db/ids.js';
import { migrate } from '../db/migrate.js';
import { UnitOfWork } from '../db/unit-of-work.js';

/** A database of its own for one test file, on the server that the test command started. */
export interface TestDatabase {
  readonly environment: Environment;
  readonly dataSource: DataSource;
  readonly unitOfWork: UnitOfWork;
  /** Closes and removes the database. */
  stop(): Promise<void>;
}

/** Makes a fresh, migrated database for the given contexts. */
export async function createTestDatabase(
  contexts: readonly Persistence[],
  changes: Partial<Environment> = {},
): Promise<TestDatabase> {
  const name = `sanad_test_${randomBytes(6).toString('hex')}`;
  const base = readEnvironment();
  const server = await mysql.createConnection(base.databaseUrl);
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
  const url = new URL(base.databaseUrl);
  url.pathname = `/${name}`;
  const environment: Environment = {
    ...base,
    databaseUrl: url.toString(),
    redisPrefix: `{${name}}`,
    dataFolder: join(tmpdir(), name),
    logLevel: 'silent',
    ...changes,
  };
  const dataSource = await openDatabase(environment, contexts);
  await migrate(dataSource);
  return {
    environment,
    dataSource,
    unitOfWork: new UnitOfWork(dataSource, environment.clockOffsetSeconds),
    async stop() {
      await dataSource.destroy();
      await server.query(`DROP DATABASE ${name}`);
      await server.end();
    },
  };
}

/** A person's command context with exactly these permissions. */
export function contextOf(actor: Partial<Actor> & { readonly organisationId: string }, key?: string): CommandContext {
  const full: Actor = {
    kind: 'person',
    id: newId(),
    organisationKind: 'enterprise',
    permissions: new Set(),
    steppedUp: true,
    locale: 'en',
    ...actor,
  };
  return {
    actor: full,
    traceId: newId(),
    ...(key ? { idempotency: { clientId: full.id, key, route: 'test', inputHash: Buffer.alloc(32) } } : {}),
  };
}
