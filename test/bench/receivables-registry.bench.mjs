/**
 * How long the look-up of one claim's fingerprints takes among 10,000,000 that are registered: its exact key and its five loose keys, in a
 * transaction as a confirmation does it. `npm run bench -- receivables-registry`. Makes and removes a database of its own.
 */
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const {
  readEnvironment,
  openDatabase,
  migrate,
  UnitOfWork,
  systemContext,
  newId,
} = require('../../dist/libs/platform/src/index.js');
const { contexts } = require('../../dist/config/contexts.js');
const { Fingerprints, looseKeysOf } = require('../../dist/libs/receivables/src/application/fingerprints.js');
const { ReceivableRuleBook } = require('../../dist/libs/receivables/src/application/receivable-rule-book.js');
const { looseMatches } = require('../../dist/libs/receivables/src/persistence/registry.store.js');
const { registeredHashes } = require('../../dist/libs/receivables/src/persistence/peer.store.js');

const aimMs = 5;
const fingerprints = Number(process.env.SANAD_BENCH_FINGERPRINTS ?? 10_000_000);
const checks = 20_000;
const lanes = 2;
const rowsAtOnce = 10_000;

const environment = { ...readEnvironment(), country: 'SA' };
const name = `sanad_bench_${process.pid}_${Date.now().toString(36)}`;
const server = await mysql.createConnection(environment.databaseUrl);
await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
const url = new URL(environment.databaseUrl);
url.pathname = `/${name}`;
const settings = { ...environment, databaseUrl: url.toString(), databasePool: lanes, clockOffsetSeconds: 0 };
const dataSource = await openDatabase(settings, contexts);
const sample = [];

/** Hashes in the order of their table, so that ten million rows are written in a minute; each is as random as a real one behind its first bytes. */
async function fill(table, rows, rowOf) {
  const columns =
    table === 'registry_exact' ? '(hash, receivable_id, registered_at)' : '(hash, receivable_id, kind, issued_on)';
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - from);
    const random = randomBytes(28 * count);
    const values = [];
    for (let index = 0; index < count; index++) {
      const hash = Buffer.alloc(16);
      hash.writeUInt32BE(Math.floor(((from + index) / rows) * 2 ** 32), 0);
      random.copy(hash, 4, index * 28, index * 28 + 12);
      const id = random.subarray(index * 28 + 12, index * 28 + 28).toString('hex');
      values.push(`(x'${hash.toString('hex')}',x'${id}',${rowOf(from + index)})`);
      if ((from + index) % Math.ceil(rows / checks) === 0) sample.push({ table, hash });
    }
    await dataSource.query(`INSERT INTO ${table} ${columns} VALUES ${values.join(',')}`);
  }
}

try {
  await migrate(dataSource);
  const started = performance.now();
  // A claim registers one exact key and three loose ones.
  await fill('registry_exact', fingerprints / 4, () => 'UTC_TIMESTAMP(6)');
  await fill('registry_loose', (fingerprints / 4) * 3, (index) => `${(index % 3) + 1},'2026-01-15'`);
  process.stdout.write(`${fingerprints} fingerprints in ${Math.round((performance.now() - started) / 1000)} s\n`);
  const [[size]] = await server.query(
    `SELECT (SELECT COUNT(*) FROM ${name}.registry_exact) + (SELECT COUNT(*) FROM ${name}.registry_loose) AS n`,
  );
  if (Number(size.n) !== fingerprints) throw new Error(`${size.n} fingerprints instead of ${fingerprints}`);

  const unitOfWork = new UnitOfWork(dataSource, 0);
  const prints = new Fingerprints(settings, new ReceivableRuleBook(settings));
  const context = systemContext('bench');
  const party = (n) => ({ country: 'SA', registrationNumber: String(7_000_000_000 + (n % 100_000)) });
  let found = 0;

  /** Every second claim has a key that is registered. */
  async function check(n) {
    const set = prints.of({
      seller: party(n),
      debtor: party(n * 7 + 1),
      number: `INV-2026-${n}`,
      issuedOn: '2026-01-15',
      currency: 'SAR',
      amountMinor: BigInt(1000 + n),
    });
    const known = n % 2 === 0 ? sample[n % sample.length] : undefined;
    const exact = known?.table === 'registry_exact' ? known.hash : set.exact;
    const loose = looseKeysOf(known?.table === 'registry_loose' ? { ...set, number: known.hash } : set);
    await unitOfWork.run(context, async (tx) => {
      const blocked = await registeredHashes((sql, parameters) => tx.rows(sql, parameters), 'registry_exact', [exact]);
      const matches = await looseMatches(tx, newId(), loose);
      if (blocked.size + matches.length > 0) found += 1;
    });
  }

  /** The same round trips with nothing to look up: what the machine itself takes at that moment. */
  const bare = () =>
    unitOfWork.run(context, async (tx) => {
      await tx.rows('SELECT 1');
      await tx.rows('SELECT 1');
    });

  for (let n = 0; n < 2000; n++) await check(n);
  found = 0;
  const times = [];
  const bareTimes = [];
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let n = lane; n < checks; n += lanes) {
        const start = performance.now();
        await check(n);
        times.push(performance.now() - start);
        const idle = performance.now();
        await bare();
        bareTimes.push(performance.now() - idle);
      }
    }),
  );
  if (found !== checks / 2) throw new Error(`${found} of ${checks / 2} registered claims were found`);
  const at = (share, list = times) => {
    const sorted = [...list].sort((a, b) => a - b);
    return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 100) / 100;
  };
  const figures = [
    { name: 'bare round trips beside it, median', value: at(0.5, bareTimes), unit: 'ms' },
    { name: 'bare round trips beside it, p99', value: at(0.99, bareTimes), unit: 'ms' },
    { name: `fingerprint check among ${fingerprints}, median`, value: at(0.5), unit: 'ms' },
    {
      name: `fingerprint check among ${fingerprints}, p99`,
      value: at(0.99),
      unit: 'ms',
      aim: `at most ${aimMs} ms`,
      met: at(0.99) <= aimMs,
    },
  ];
  for (const figure of figures) {
    process.stdout.write(`${figure.name}: ${figure.value} ms\n`);
    if (process.env.SANAD_BENCH_RESULT) appendFileSync(process.env.SANAD_BENCH_RESULT, `${JSON.stringify(figure)}\n`);
  }
  if (figures.some(({ met }) => met === false)) process.exitCode = 1;
} finally {
  await dataSource.destroy();
  await server.query(`DROP DATABASE ${name}`);
  await server.end();
}
