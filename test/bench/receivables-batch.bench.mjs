/**
 * How long a file of 50,000 receivables takes from its upload to the answer of its last row, and how much memory the process needs:
 * `npm run bench -- receivables-batch`. Makes and removes a database of its own.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { NestFactory } = require('@nestjs/core');
const {
  readEnvironment,
  openDatabase,
  migrate,
  PlatformModule,
  systemContext,
  newId,
  idBytes,
} = require('../../dist/libs/platform/src/index.js');
const { contexts } = require('../../dist/config/contexts.js');
const { ReceivablesModule } = require('../../dist/libs/receivables/src/index.js');
const { StartBatch } = require('../../dist/libs/receivables/src/application/start-batch.js');
const { ProcessBatches } = require('../../dist/libs/receivables/src/application/process-batches.js');

const rows = Number(process.env.SANAD_BATCH_ROWS ?? 50_000);
const aims = { minutes: 10, mebibytes: 400 };

const environment = { ...readEnvironment(), country: 'SA' };
const name = `sanad_bench_${process.pid}_${Date.now().toString(36)}`;
const server = await mysql.createConnection(environment.databaseUrl);
await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
const url = new URL(environment.databaseUrl);
url.pathname = `/${name}`;
const dataFolder = mkdtempSync(join(tmpdir(), 'sanad-bench-'));
const settings = {
  ...environment,
  databaseUrl: url.toString(),
  dataFolder,
  clockOffsetSeconds: 0,
  redisPrefix: `{${name}}`,
};
const schema = await openDatabase(settings, contexts);
await migrate(schema);

const [seller, anchor] = [newId(), newId()];
for (const [id, kind, number] of [
  [seller, 'enterprise', '7000000010'],
  [anchor, 'anchor', '7000000020'],
])
  await schema.query(
    `INSERT INTO organisation (id, kind, name, local_name, country, registration_number, contact_email, verified, suspended, version, created_at)
     VALUES (?, ?, 'n', 'n', 'SA', ?, 'a@b.example', 1, 0, 1, UTC_TIMESTAMP(6))`,
    [idBytes(id), kind, number],
  );
await schema.query(
  `INSERT INTO anchor_profile (id, kind, visibility, about, website, status, version, created_at, updated_at)
   VALUES (?, 'company', 'public', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
  [idBytes(anchor)],
);
await schema.destroy();

class BenchModule {}
const app = await NestFactory.createApplicationContext(
  { module: BenchModule, imports: [PlatformModule.forRoot(settings, contexts), ReceivablesModule] },
  { logger: ['error'] },
);
try {
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const header =
    'invoice_number,issue_date,due_date,currency,seller_name,seller_tax_id,buyer_name,buyer_tax_id,amount_due';
  const lines = Array.from(
    { length: rows },
    (_, n) => `N-${n},${day(-3)},${day(60)},SAR,Firm,,Anchor,7000000020,${1000 + n}.00`,
  );
  const base = systemContext('bench');
  const context = {
    ...base,
    actor: { ...base.actor, kind: 'person', id: newId(), organisationId: seller, organisationKind: 'enterprise' },
  };
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
  const started = performance.now();
  const content = Buffer.from([header, ...lines].join('\n'));
  const { id } = await app.get(StartBatch, { strict: false }).execute(context, {}, content);
  while ((await app.get(ProcessBatches, { strict: false }).work()) > 0);
  const minutes = (performance.now() - started) / 60_000;
  clearInterval(watch);
  const [[batch]] = await server.query(
    `SELECT state, rows_done, created_rows FROM ${name}.receivable_batch WHERE id = ?`,
    [idBytes(id)],
  );
  const [[answered]] = await server.query(`SELECT COUNT(*) AS n FROM ${name}.receivable_batch_row`);
  if (batch.state !== 'done' || batch.created_rows !== rows || Number(answered.n) !== rows)
    throw new Error(`the batch is ${JSON.stringify(batch)}, with ${answered.n} answers`);
  const figures = [
    {
      name: `batch of ${rows} receivables`,
      value: Math.round(minutes * 100) / 100,
      unit: 'min',
      aim: `at most ${aims.minutes} min`,
      met: minutes <= aims.minutes,
    },
    {
      name: 'its peak of memory',
      value: Math.round(peak / 1024 / 1024),
      unit: 'MiB',
      aim: `at most ${aims.mebibytes} MiB`,
      met: peak <= aims.mebibytes * 1024 * 1024,
    },
  ];
  for (const figure of figures) {
    process.stdout.write(`${figure.name}: ${figure.value} ${figure.unit}\n`);
    if (process.env.SANAD_BENCH_RESULT) appendFileSync(process.env.SANAD_BENCH_RESULT, `${JSON.stringify(figure)}\n`);
  }
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
} finally {
  await app.close();
  rmSync(dataFolder, { recursive: true, force: true });
  await server.query(`DROP DATABASE ${name}`);
  await server.end();
}
