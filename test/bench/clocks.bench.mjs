// size: one measurement whose parts share their servers, their filling and their clean-up
// Clocks of review cases (issue 2), through the real worker on the built code: `npm run build` first.
//   100,000 pending with 20,000 due within a minute: lateness p99 at most 300 ms
//   20,000 due in one instant, recorded with history and events: at most 5 s
//   Redis emptied: 100,000 alarms back in at most 30 s, none lost or doubled
//   1,000,000 pending: memory of the worker and of Redis
// Lateness is the database's time of the breach's event minus the due instant. The calendar of this bench is open day and
// night, so that the figures do not depend on the weekday. SANAD_BENCH_MILLION=0 leaves the last part out.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const built = (path) => require(join(root, 'dist', path));
const { migrate, openDatabase, readEnvironment } = built('libs/platform/src/index.js');
const { contexts } = built('config/contexts.js');
const mysql = require('mysql2/promise');
const { Redis } = require('ioredis');

const name = `sanad_bench_${randomBytes(4).toString('hex')}`;
const prefix = `{${name}}`;
const base = readEnvironment();
const url = new URL(base.databaseUrl);
const server = await mysql.createConnection(base.databaseUrl);
await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
url.pathname = `/${name}`;
const environment = { ...base, databaseUrl: url.toString(), redisPrefix: prefix };
const dataSource = await openDatabase(environment, contexts);
await migrate(dataSource);
const redis = new Redis(base.redisUrl);
const sql = (text, values = []) => dataSource.query(text, values);

const day = 86_400_000;
const operator = randomBytes(16);
const applicant = randomBytes(16);
const reviewers = Array.from({ length: 20 }, () => randomBytes(16));
let worker;

function report(title, value, unit, aim, met) {
  const figure = { name: title, value, unit, aim, met };
  console.log(`${title}: ${value} ${unit}${aim ? ` (aim: ${aim}) ${met ? 'met' : 'MISSED'}` : ''}`);
  if (process.env.SANAD_BENCH_RESULT) appendFileSync(process.env.SANAD_BENCH_RESULT, `${JSON.stringify(figure)}\n`);
}

/** Ids that sort by time, as the program makes them. */
let counter = 0;
function id() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt32BE(counter++, 6);
  return bytes;
}

const book = {
  kind: 'business-calendar',
  id: 'bench',
  title: 'open day and night',
  version: '1',
  sources: ['this bench'],
  validFrom: '2020-01-01',
  timeZone: 'UTC',
  opens: '00:00',
  closes: '24:00',
  weekend: [],
  years: [],
};

async function keepCalendar() {
  await sql('INSERT INTO business_calendar (country, id, version) VALUES (?, ?, 1)', [base.country, id()]);
  await sql(
    `INSERT INTO business_calendar_version (country, version, book_version, definition, reason, changed_by, changed_at)
     VALUES (?, 1, '1', ?, 'bench', 'bench', UTC_TIMESTAMP(6))`,
    [base.country, JSON.stringify(book)],
  );
}

/**
 * Cases that were warned twice and are due at `dueOf(n)`: opened ten days ago at noon, paused an hour later, and resumed
 * so much later that what remained ends at that instant.
 */
async function addCases(count, dueOf) {
  const noon = Math.floor(Date.now() / day) * day - 10 * day + day / 2;
  const firstDue = noon + 2.5 * day;
  const asked = new Date(noon + 3_600_000);
  for (let done = 0; done < count; done += 1000) {
    const rows = Array.from({ length: Math.min(1000, count - done) }, (_, n) => ({
      id: id(),
      due: dueOf(done + n),
      reviewer: reviewers[(done + n) % reviewers.length],
    }));
    const many = (marks) => rows.map(() => marks).join(',');
    await sql(
      `INSERT INTO review_case (id, kind, subject_type, subject_id, applicant_id, operator_id, state, assignee_id,
         service_days, opened_at, due_at, stage, information_requests, country, calendar_version)
       VALUES ${many("(?,'funding_request','funding_request',?,?,?,'open',?,3,?,?,2,1,?,1)")}`,
      rows.flatMap((row) => [
        row.id,
        row.id,
        applicant,
        operator,
        row.reviewer,
        new Date(noon),
        new Date(row.due),
        base.country,
      ]),
    );
    await sql(
      `INSERT INTO review_information_request (id, case_id, reasons, asked_by, asked_at, answered_at)
       VALUES ${many("(?,?,'[]','bench',?,?)")}`,
      rows.flatMap((row) => [row.id, row.id, asked, new Date(asked.getTime() + row.due - firstDue)]),
    );
    await sql(
      `INSERT INTO timer (kind, subject_id, due_at) VALUES ${many("('review_case.clock',?,?)")}`,
      rows.flatMap((row) => [row.id, new Date(row.due)]),
    );
  }
}

async function emptyTables() {
  for (const table of [
    'review_case',
    'review_information_request',
    'review_case_history',
    'timer',
    'outbox_event',
    'outbox_delivery',
    'audit_entry',
    'audit_link',
  ])
    await sql(`TRUNCATE ${table}`);
  await sql('UPDATE audit_head SET sequence = 0, link_hash = REPEAT(CHAR(0), 32)');
}

async function startWorker() {
  worker = spawn(process.execPath, [join(root, 'dist/apps/worker/src/main.js')], {
    env: {
      ...process.env,
      DATABASE_URL: environment.databaseUrl,
      REDIS_PREFIX: prefix,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    worker.stdout.once('data', resolve);
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}; was the code built?`)));
  });
}

async function stopWorker() {
  if (!worker || worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await ended;
}

const number = async (text, values) => Number(Object.values((await sql(text, values))[0])[0]);

async function until(text, wanted, seconds, what) {
  const limit = Date.now() + seconds * 1000;
  for (;;) {
    const found = await number(text);
    if (found >= wanted) return found;
    if (Date.now() > limit) throw new Error(`${what}: ${found} of ${wanted} after ${seconds} s`);
    await pause(200);
  }
}

async function dropKeys() {
  let dropped = 0;
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix.replace(/[[\]*?\\]/g, '\\$&')}*`, 'COUNT', 5000);
    if (keys.length > 0) dropped += await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
  return dropped;
}

/** Every breach once, and how late each was, in milliseconds. */
async function lateness() {
  const rows = await sql(
    `SELECT TIMESTAMPDIFF(MICROSECOND, c.due_at, e.occurred_at) / 1000 AS late FROM outbox_event e
     JOIN review_case c ON c.id = e.subject_id WHERE e.name = 'review_case.breached' ORDER BY late`,
  );
  return rows.map(({ late }) => Number(late));
}

const breached = "SELECT COUNT(*) FROM outbox_event WHERE name = 'review_case.breached'";

async function withinAMinute() {
  const start = Date.now() + 15_000;
  const far = Date.now() + day;
  await addCases(100_000, (n) => (n < 20_000 ? start + n * 3 : far + n * 1000));
  const shift = Math.max(0, Date.now() + 5_000 - start);
  if (shift > 0) {
    await sql('UPDATE timer SET due_at = due_at + INTERVAL ? MICROSECOND', [shift * 1000]);
    await sql('UPDATE review_case SET due_at = due_at + INTERVAL ? MICROSECOND', [shift * 1000]);
    await sql('UPDATE review_information_request SET answered_at = answered_at + INTERVAL ? MICROSECOND', [
      shift * 1000,
    ]);
  }
  await startWorker();
  await until(breached, 20_000, 120, 'breaches');
  await stopWorker();
  const late = await lateness();
  const at = (share) => Math.round(late[Math.min(late.length - 1, Math.floor(late.length * share))]);
  if (late.length !== 20_000 || late[0] < 0) throw new Error(`${late.length} breaches, the earliest ${late[0]} ms`);
  report('20,000 of 100,000 clocks due within a minute, late p50', at(0.5), 'ms', '', undefined);
  report('20,000 of 100,000 clocks due within a minute, late p99', at(0.99), 'ms', '≤ 300 ms', at(0.99) <= 300);
}

async function inOneInstant() {
  const due = Date.now() + 20_000;
  await addCases(20_000, () => due);
  if (Date.now() > due - 4_000) throw new Error('the machine is too slow to prepare this in time');
  await startWorker();
  await until(breached, 20_000, 90, 'breaches');
  const late = await lateness();
  await stopWorker();
  const history = await number("SELECT COUNT(DISTINCT case_id) FROM review_case_history WHERE action = 'breach'");
  if (history !== 20_000 || late.length !== 20_000) throw new Error('a breach is missing or doubled');
  const seconds = Math.round(late.at(-1) / 10) / 100;
  report('20,000 clocks due in one instant, recorded with their events', seconds, 's', '≤ 5 s', seconds <= 5);
}

async function redisEmptied() {
  const first = Date.now() + 10 * 60_000;
  await addCases(100_000, (n) => first + n * 20);
  await startWorker();
  const armed = 'SELECT COUNT(*) FROM timer WHERE armed = 1';
  await until(armed, 100_000, 90, 'armed');
  const jobs = () => redis.zcard(`${prefix}:timer-tick:delayed`);
  while ((await jobs()) < 20_000) await pause(200);
  const before = await jobs();
  const since = performance.now();
  await dropKeys();
  while ((await jobs()) < before) {
    if (performance.now() - since > 120_000) throw new Error(`${await jobs()} of ${before} alarms are back`);
    await pause(100);
  }
  await until(armed, 100_000, 60, 'armed again');
  const seconds = Math.round((performance.now() - since) / 10) / 100;
  if ((await jobs()) !== before || (await number(breached)) !== 0) throw new Error('an alarm was lost or doubled');
  await stopWorker();
  report('Redis emptied: alarms of 100,000 clocks are back', seconds, 's', '≤ 30 s', seconds <= 30);
}

async function aMillion() {
  // Only timers: a case whose clock is not due costs nothing but its row. One is due every 600 ms, for a week.
  const far = new Date(Date.now() + 10 * 60_000);
  const digits = `(SELECT 0 AS d ${Array.from({ length: 9 }, (_, n) => `UNION ALL SELECT ${n + 1}`).join(' ')})`;
  const count = '((((a.d * 10 + b.d) * 10 + c.d) * 10 + e.d) * 10 + f.d) * 10 + g.d';
  await sql(
    `INSERT INTO timer (kind, subject_id, due_at)
     SELECT 'review_case.clock', UNHEX(MD5(${count})), ? + INTERVAL (${count}) * 600000 MICROSECOND
     FROM ${['a', 'b', 'c', 'e', 'f', 'g'].map((alias) => `${digits} ${alias}`).join(', ')}`,
    [far],
  );
  const usedBefore = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))[1]);
  await startWorker();
  await pause(15_000);
  const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8');
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))[1]);
  const mb = (bytes) => Math.round(bytes / 1e6);
  report('1,000,000 clocks pending: memory of the worker', mb(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024), 'MB');
  report('1,000,000 clocks pending: memory of Redis for them', mb(used - usedBefore), 'MB');
  await stopWorker();
}

try {
  await keepCalendar();
  for (const part of [withinAMinute, inOneInstant, redisEmptied, aMillion]) {
    if (part === aMillion && process.env.SANAD_BENCH_MILLION === '0') continue;
    if (process.env.SANAD_BENCH_PART && process.env.SANAD_BENCH_PART !== part.name) continue;
    await emptyTables();
    await dropKeys();
    await part();
  }
} finally {
  await stopWorker();
  await dropKeys();
  redis.disconnect();
  await dataSource.destroy();
  await server.query(`DROP DATABASE ${name}`);
  await server.end();
}
