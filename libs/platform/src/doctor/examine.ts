import { Redis } from 'ioredis';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Environment } from '../config/environment.js';
import { openDatabase, type Persistence } from '../db/database.js';

/** What one check of `sanad doctor` found. `ill` means that the market cannot be relied on; `notice` that somebody should look. */
export interface Finding {
  readonly check: string;
  readonly state: 'well' | 'notice' | 'ill';
  readonly found: string;
  /** What to do about it; only where something is to be done. */
  readonly next?: string;
}

/** A dead server must not hold the doctor. */
const patienceMs = 5_000;
/** Work that waits longer than this has nobody who does it. */
const lateSeconds = 60;

const well = (check: string, found: string): Finding => ({ check, state: 'well', found });
const ill = (check: string, found: string, next: string): Finding => ({ check, state: 'ill', found, next });
const notice = (check: string, found: string, next: string): Finding => ({ check, state: 'notice', found, next });

async function patiently<T>(work: Promise<T>): Promise<T> {
  const ending = new AbortController();
  const late = pause(patienceMs, undefined, { signal: ending.signal }).then(() => {
    throw new Error(`no answer within ${String(patienceMs / 1000)} seconds`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    ending.abort();
    late.catch(() => undefined);
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));

/** Looks at everything that this market stands on and changes nothing: programs, servers, schema, work that waits. */
export async function examine(environment: Environment, contexts: readonly Persistence[]): Promise<Finding[]> {
  const [folder, queue, database] = await Promise.all([
    examineFolder(environment),
    examineQueue(environment),
    examineDatabase(environment, contexts),
  ]);
  return [examineNode(), ...database, queue, folder, examineMail(environment)];
}

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? well('node', process.versions.node)
    : ill('node', process.versions.node, 'Install Node 20.19 or newer.');
}

async function examineFolder({ dataFolder }: Environment): Promise<Finding> {
  try {
    await mkdir(dataFolder, { recursive: true });
    await access(dataFolder, constants.R_OK | constants.W_OK);
    return well('data folder', dataFolder);
  } catch (error) {
    return ill('data folder', reason(error), 'Set DATA_FOLDER to a folder that this user may write to.');
  }
}

function examineMail({ smtpUrl, stage }: Environment): Finding {
  if (smtpUrl) return well('mail', 'through SMTP_URL');
  return stage === 'live'
    ? notice('mail', 'no mail server: mails are only written to the data folder', 'Set SMTP_URL.')
    : well('mail', 'written to the data folder');
}

async function examineQueue({ redisUrl }: Environment): Promise<Finding> {
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null, connectTimeout: patienceMs });
  redis.on('error', () => undefined);
  try {
    await patiently(redis.connect());
    const info = await patiently(redis.info());
    const fact = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    const found = `Redis ${fact('redis_version')}, ${fact('maxmemory_policy')}`;
    return fact('maxmemory_policy') === 'noeviction'
      ? well('queue', found)
      : notice('queue', found, 'Set maxmemory-policy noeviction, so that no waiting job is dropped.');
  } catch (error) {
    const next = 'Start Redis or correct REDIS_URL; until then work waits for the sweeps and nothing is lost.';
    return ill('queue', reason(error), next);
  } finally {
    redis.disconnect();
  }
}

async function examineDatabase(environment: Environment, contexts: readonly Persistence[]): Promise<Finding[]> {
  let dataSource: DataSource | undefined;
  try {
    dataSource = await patiently(openDatabase(environment, contexts));
    const server = await examineServer(dataSource);
    const pending = await dataSource.showMigrations();
    if (pending) return [...server, ill('schema', 'older than this program', 'Run sanad migrate.')];
    return [
      ...server,
      well('schema', 'up to date'),
      ...(await examineWork(dataSource, environment.clockOffsetSeconds)),
    ];
  } catch (error) {
    return [ill('database', reason(error), 'Start the database or correct DATABASE_URL.')];
  } finally {
    await dataSource?.destroy().catch(() => undefined);
  }
}

interface ServerFacts {
  readonly version: string;
  readonly charset: string;
  readonly flush: string;
  readonly now: Date;
}

async function examineServer(dataSource: DataSource): Promise<Finding[]> {
  const asked = Date.now();
  const [row] = await dataSource.query<ServerFacts[]>(
    'SELECT VERSION() AS version, @@character_set_database AS charset, @@innodb_flush_log_at_trx_commit AS flush, UTC_TIMESTAMP(6) AS now',
  );
  if (!row) throw new Error('the server answered nothing');
  const apartMs = Math.abs(new Date(row.now).getTime() - (asked + Date.now()) / 2);
  return [
    well('database', row.version),
    row.charset === 'utf8mb4'
      ? well('character set', row.charset)
      : ill('character set', row.charset, 'ALTER DATABASE … CHARACTER SET utf8mb4, then make the schema anew.'),
    Number(row.flush) === 1
      ? well('durability', 'every commit is on the disk')
      : ill('durability', 'a crash can lose commits', 'Set innodb_flush_log_at_trx_commit = 1.'),
    apartMs < 2_000
      ? well('clocks', `${apartMs.toFixed(0)} ms apart`)
      : notice(
          'clocks',
          `${(apartMs / 1000).toFixed(1)} s apart`,
          'Set both clocks by NTP; deadlines follow the database.',
        ),
  ];
}

/** Work of the worker that has waited too long: nobody does it, or it fails each time. */
const waiting: readonly { check: string; statement: string; next: string }[] = [
  {
    check: 'events',
    statement: 'SELECT COUNT(*) AS n FROM outbox_event WHERE relayed = 0 AND occurred_at < ?',
    next: 'Start the worker, or see its log.',
  },
  {
    check: 'deliveries',
    statement: 'SELECT COUNT(*) AS n FROM outbox_delivery WHERE open = 1 AND due_at < ?',
    next: 'Start the worker; outbox_delivery.last_error tells why a delivery fails.',
  },
  {
    check: 'timers',
    statement: 'SELECT COUNT(*) AS n FROM timer WHERE due_at < ?',
    next: 'Start the worker, or see its log.',
  },
  {
    check: 'audit chain',
    statement: 'SELECT COUNT(*) AS n FROM audit_entry WHERE sealed = 0 AND at < ?',
    next: 'Start the worker; then sanad audit verify.',
  },
];

async function examineWork(dataSource: DataSource, clockOffsetSeconds: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { check, statement, next } of waiting) {
    const [row] = await dataSource.query<{ n: string }[]>(
      statement.replace('?', `UTC_TIMESTAMP(6) + INTERVAL ${String(clockOffsetSeconds - lateSeconds)} SECOND`),
    );
    const late = Number(row?.n ?? 0);
    findings.push(
      late === 0 ? well(check, 'none late') : ill(check, `${String(late)} late by over ${String(lateSeconds)} s`, next),
    );
  }
  return findings;
}
