// A market on a database of its own, filled by bulk statements, with the api beside the bare server of the measurement.
import { createHash, createHmac } from 'node:crypto';
import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { apiFlags } from '../../docker/local/programs.mjs';

export const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
export const built = (path) => require(join(root, 'dist', path));

/** The identifier of the nth row of a kind; made alike in SQL by {@link idSql}. */
export const idOf = (kind, n) =>
  `0190${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const bytesOf = (id) => Buffer.from(id.replaceAll('-', ''), 'hex');
export const idSql = (kind, n) =>
  `UNHEX(CONCAT('0190${kind.toString(16).padStart(4, '0')}000070008000', LPAD(HEX(${n}), 12, '0')))`;

export const kinds = { enterprise: 1, financier: 2, person: 3, membership: 4, mandate: 5, request: 6, session: 7 };

const sessionToken = (n) => `bench-session-${String(n).padStart(12, '0')}`;

/** Cookie and CSRF token of the nth person's session, as identity derives them. */
export function sessionOf(n) {
  const cookie = sessionToken(n);
  const csrf = createHmac('sha256', process.env.SANAD_SECRET).update(`csrf:${cookie}`).digest('base64url');
  return { cookie, csrf };
}

export const nowSql = 'UTC_TIMESTAMP(6)';

/** Makes an empty, migrated database and ends with removing it, whatever happens. */
export async function withMarket(work) {
  const name = `sanad_bench_${process.pid}`;
  const server = await createConnection({ uri: process.env.DATABASE_URL, multipleStatements: false });
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
  const url = new URL(process.env.DATABASE_URL);
  url.pathname = `/${name}`;
  const env = {
    ...process.env,
    DATABASE_URL: url.toString(),
    REDIS_PREFIX: `{${name}}`,
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    NODE_ENV: 'production',
  };
  const children = [];
  try {
    await migrate(env);
    await server.query(`USE ${name}`);
    await server.query("SET SESSION time_zone = '+00:00'");
    const sql = async (text, parameters = []) => (await server.query(text, parameters))[0];
    await numbers(sql);
    return await work({
      sql,
      env,
      name,
      api: (flags) => api(env, children, flags),
      bare: (file) => bare(env, children, file),
    });
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => child.exited));
    await server.query(`DROP DATABASE ${name}`);
    await server.end();
  }
}

async function migrate(env) {
  const { migrate: bring, openDatabase, readEnvironment } = built('libs/platform/src/index.js');
  const { contexts } = built('config/contexts.js');
  const database = await openDatabase(readEnvironment(env), contexts);
  await bring(database);
  await database.destroy();
}

/** The numbers from 0 to 999,999, from which the other rows are made. */
async function numbers(sql) {
  await sql('CREATE TABLE digit (d INT PRIMARY KEY)');
  await sql('INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)');
  await sql('CREATE TABLE number (n INT PRIMARY KEY)');
  await sql(
    `INSERT INTO number SELECT a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d + 100000*g.d
     FROM digit g, digit f, digit e, digit c, digit b, digit a`,
  );
}

/**
 * Organisations of one kind with `count` signed-in people, who hold the role; one person each, or spread over fewer `organisations`.
 * Sessions are numbered from `firstSession`.
 */
export async function people(sql, { kind, organisationKind, role, count, firstSession, organisations = count }) {
  const from = `FROM number WHERE n < ${count}`;
  const person = `n + ${firstSession}`;
  await sql(
    `INSERT INTO organisation (id, kind, name, local_name, country, registration_number, contact_email, verified, created_at)
     SELECT ${idSql(kind, 'n')}, '${organisationKind}', CONCAT('${organisationKind} ', n), '', 'SA', CONCAT('${organisationKind.slice(0, 3)}', n), CONCAT('${organisationKind}', n, '@example.org'), 1, ${nowSql} FROM number WHERE n < ${organisations}`,
  );
  await sql(
    `INSERT INTO person (id, email, name, password_hash, created_at)
     SELECT ${idSql(kinds.person, person)}, CONCAT('${organisationKind}.person', n, '@example.org'), CONCAT('Person ', n), 'none', ${nowSql} ${from}`,
  );
  await sql(
    `INSERT INTO membership (id, person_id, organisation_id, roles, approval_limit_minor)
     SELECT ${idSql(kinds.membership, person)}, ${idSql(kinds.person, person)}, ${idSql(kind, `MOD(n, ${organisations})`)}, '["${role}"]', 1000000000000 ${from}`,
  );
  const sessions = Array.from({ length: count }, (_, n) => [
    bytesOf(idOf(kinds.session, n + firstSession)),
    createHash('sha256')
      .update(sessionToken(n + firstSession))
      .digest(),
    bytesOf(idOf(kinds.person, n + firstSession)),
    bytesOf(idOf(kind, n % organisations)),
  ]);
  for (const session of sessions)
    await sql(
      `INSERT INTO session (id, token_hash, person_id, organisation_id, user_agent, created_at, expires_at)
       VALUES (?, ?, ?, ?, 'bench', ${nowSql}, ${nowSql} + INTERVAL 1 DAY)`,
      session,
    );
}

export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts the built api as the launcher does, unless SANAD_BENCH_NODE_FLAGS says otherwise; `memoryMegabytes` reads how much of it is resident. */
async function api(env, children, flags = process.env.SANAD_BENCH_NODE_FLAGS?.split(' ') ?? apiFlags) {
  const port = await freePort();
  const child = spawn(process.execPath, [...flags, join(root, 'dist/apps/api/src/main.js')], {
    cwd: root,
    env: { ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  watch(child, children);
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error('the api did not start')));
  });
  child.stdout.resume();
  return {
    port,
    memoryMegabytes: () => residentMegabytes(child.pid),
    processorSeconds: () => processorSeconds(child.pid),
  };
}

/** Starts a bare server; its module calls `process.send` when it listens. */
async function bare(env, children, file) {
  const port = await freePort();
  const child = fork(join(import.meta.dirname, file), [], { env: { ...env, PORT: String(port) } });
  watch(child, children);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('the bare server did not start')));
  });
  return { port, processorSeconds: () => processorSeconds(child.pid) };
}

function watch(child, children) {
  child.exited = new Promise((resolve) => child.once('exit', resolve));
  children.push(child);
}

/** What a process has used of the processors, in user and kernel mode; the system counts in hundredths of a second. */
function processorSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

function residentMegabytes(pid) {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
