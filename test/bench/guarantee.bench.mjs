// size: three measurements that share one filling.
// Guarantees (issue 5), on the built code: `npx nest build` first, then `npm run bench -- guarantee`.
//   letters of intent on one capacity row, two processes: at least 3 × the rate of one transaction each, nothing overdrawn
//   1,000,000 guarantees: portfolio page p99 at most 200 ms; annual fee run at least 2,000 a second
// SANAD_BENCH_ROUNDS sets how often the rates are measured, SANAD_BENCH_GUARANTEES how many guarantees the portfolio has.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { percentile } from './figures.mjs';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
require('reflect-metadata');
const built = (path) => require(join(root, 'dist', path));
const { migrate, openDatabase, readEnvironment, idBytes, newId, PlatformModule } = built('libs/platform/src/index.js');
const { contexts } = built('config/contexts.js');
const guarantee = built('libs/guarantee/src/index.js');
const { NestFactory } = require('@nestjs/core');
const { Module } = require('@nestjs/common');

const facts = JSON.stringify({
  enterprise: {
    sector: 'C',
    region: 'SA-01',
    sizeClass: 'small',
    ageBand: '6_to_10',
    grade: null,
    womenLed: false,
    verified: true,
    profileVersion: 1,
  },
  lenderKind: 'bank',
});

const seconds = Number(process.env.SANAD_BENCH_SECONDS ?? 5);
const lanes = 64;

/** The context of guarantees alone, on a database. */
async function openHouse(environment) {
  class Root {}
  Module({ imports: [PlatformModule.forRoot(environment, contexts), guarantee.GuaranteeModule] })(Root);
  return NestFactory.createApplicationContext(Root, { logger: false });
}

const lenderContext = (lender, key) => ({
  actor: {
    kind: 'person',
    id: lender.person,
    organisationId: lender.organisation,
    organisationKind: 'financier',
    permissions: new Set(['guarantee.apply', 'guarantee.read']),
    steppedUp: true,
    locale: 'en',
  },
  traceId: 'bench',
  idempotency: { clientId: lender.person, key, route: 'bench', inputHash: Buffer.alloc(32) },
});

/** A process that draws letters for some seconds, in groups or each in a transaction of its own. */
async function draw({ environment, lender, schemeId, ids, alone }) {
  const house = await openHouse(environment);
  const letters = house.get(guarantee.DrawLetters);
  let next = 0;
  let done = 0;
  const refused = {};
  const lane = async (until) => {
    while (Date.now() < until && next < ids.length) {
      const applicationId = ids[next++];
      try {
        const context = lenderContext(lender, newId());
        if (alone) await letters.alone(context, { schemeId, applicationId });
        else await letters.execute(context, applicationId);
        done += 1;
      } catch (error) {
        refused[error.code ?? error.message] = (refused[error.code ?? error.message] ?? 0) + 1;
      }
    }
  };
  const run = async (ms) => {
    const start = Date.now();
    await Promise.all(Array.from({ length: lanes }, () => lane(start + ms)));
    return Date.now() - start;
  };
  await run(500);
  done = 0;
  process.send({ ready: true });
  await new Promise((resolve) => process.once('message', resolve));
  const took = await run(seconds * 1000);
  process.send({ done, took, refused, left: ids.length - next });
  await house.close();
  process.disconnect();
}

if (process.send) {
  process.once('message', (task) => void draw(task));
} else await main();

async function main() {
  const mysql = require('mysql2/promise');
  const name = `sanad_bench_${randomBytes(4).toString('hex')}`;
  const base = readEnvironment();
  const url = new URL(base.databaseUrl);
  const server = await mysql.createConnection(base.databaseUrl);
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
  url.pathname = `/${name}`;
  const environment = {
    ...base,
    databaseUrl: url.toString(),
    redisPrefix: `{${name}}`,
    databasePool: lanes,
    logLevel: 'silent',
    country: 'SA',
  };
  const dataSource = await openDatabase(environment, contexts);
  await migrate(dataSource);
  const sql = (text, values = []) => dataSource.query(text, values);
  const report = (title, value, unit, aim, met) => {
    console.log(`${title}: ${value} ${unit}${aim ? ` (aim: ${aim}) ${met ? 'met' : 'MISSED'}` : ''}`);
    if (process.env.SANAD_BENCH_RESULT)
      appendFileSync(process.env.SANAD_BENCH_RESULT, `${JSON.stringify({ name: title, value, unit, aim, met })}\n`);
    if (met === false) process.exitCode = 1;
  };
  const lender = { person: newId(), organisation: newId() };
  const guarantor = newId();
  const schemeId = newId();
  try {
    await fillScheme(sql, { schemeId, guarantor, lender });
    const rates = {};
    const rounds = Number(process.env.SANAD_BENCH_ROUNDS ?? 3);
    for (let round = 0; round < rounds; round++)
      for (const alone of [true, false]) {
        const count = alone ? 8_000 : 24_000;
        const ids = [
          await fillApplications(sql, { schemeId, lender }, count),
          await fillApplications(sql, { schemeId, lender }, count),
        ];
        const sum = await twoProcesses(ids.map((each) => ({ environment, lender, schemeId, ids: each, alone })));
        (rates[alone] ??= []).push(sum);
      }
    const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const [plain, grouped] = [median(rates[true]), median(rates[false])];
    report('letters of intent, one transaction each, two processes', Math.round(plain), 'a second');
    report('letters of intent, taken together, two processes', Math.round(grouped), 'a second');
    report(
      'together as a multiple of one each',
      Number((grouped / plain).toFixed(2)),
      '×',
      'at least 3',
      grouped >= 3 * plain,
    );
    const [capacity] = await sql('SELECT used_minor FROM scheme_capacity WHERE scheme_id = ?', [idBytes(schemeId)]);
    const [held] = await sql(
      "SELECT SUM(amount_minor) AS n FROM guarantee_reservation WHERE scheme_id = ? AND status = 'live'",
      [idBytes(schemeId)],
    );
    report(
      'hot row less what the rows hold',
      String(BigInt(capacity.used_minor) - BigInt(held.n)),
      'halalas',
      '0',
      BigInt(capacity.used_minor) === BigInt(held.n),
    );
    await portfolio(sql, environment, { schemeId, guarantor, lender }, report);
  } finally {
    await dataSource.destroy();
    await server.query(`DROP DATABASE ${name}`);
    await server.end();
  }
}

async function twoProcesses(tasks) {
  const children = tasks.map((task) => {
    const child = fork(import.meta.filename);
    child.send(task);
    return child;
  });
  const answer = (child) =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('error', reject);
      child.once('exit', (code) => code && reject(new Error(`a process ended with ${code}`)));
    });
  await Promise.all(children.map(answer));
  for (const child of children) child.send('go');
  const answers = await Promise.all(children.map(answer));
  for (const { refused, left } of answers)
    if (Object.keys(refused).length > 0 || left === 0) console.log('note', JSON.stringify({ refused, left }));
  return answers.reduce((sum, { done, took }) => sum + (done * 1000) / took, 0);
}

async function fillScheme(sql, { schemeId, guarantor, lender }) {
  const organisation = (id, kind, number) =>
    sql(
      `INSERT INTO organisation (id, kind, name, local_name, country, registration_number, contact_email, verified, created_at)
       VALUES (?, ?, ?, ?, 'SA', ?, 'a@example.org', 1, UTC_TIMESTAMP(6))`,
      [idBytes(id), kind, kind, kind, number],
    );
  await organisation(guarantor, 'guarantor', 'G');
  await organisation(lender.organisation, 'financier', 'L');
  const terms = structuredClone(guarantee.schemeTemplates().get('SA').terms);
  // Caps far away: what is measured is the row, with its caps read and written as ever.
  for (const clause of terms.clauses) if (clause.kind === 'cap') clause.percent = '100';
  await sql(
    `INSERT INTO guarantee_scheme (id, guarantor_id, code, names, currency, status, current_version, version, created_at, updated_at)
     VALUES (?, ?, 'BENCH', '{"en":"b","ar":"b","zh":"b"}', 'SAR', 'active', 1, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(schemeId), idBytes(guarantor)],
  );
  await sql(
    `INSERT INTO scheme_version (scheme_id, number, id, status, terms, reason, proposed_by, proposed_at)
     VALUES (?, 1, ?, 'in_force', ?, '', 'bench', UTC_TIMESTAMP(6))`,
    [idBytes(schemeId), idBytes(newId()), JSON.stringify(terms)],
  );
  await sql(
    'INSERT INTO scheme_capacity (scheme_id, currency, base_minor, leverage_hundredths) VALUES (?, ?, ?, 500)',
    [idBytes(schemeId), 'SAR', '100000000000000000'],
  );
  await sql(
    `INSERT INTO scheme_accreditation (id, scheme_id, lender_id, status, reason, proposed_by, version, created_at, updated_at)
     VALUES (?, ?, ?, 'accredited', '', 'bench', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(newId()), idBytes(schemeId), idBytes(lender.organisation)],
  );
}

async function fillApplications(sql, { schemeId, lender }, count) {
  const ids = Array.from({ length: count }, newId);
  const columns =
    'id, scheme_id, scheme_version, lender_id, enterprise_id, request_id, offer_id, currency, loan_minor, cover_percent, other_cover_percent, guaranteed_minor, product_kind, tenor_months, grace_months, repayment, retained_collateral, facts, fee, note, status, version, created_by, created_at, updated_at';
  const row =
    "(?, ?, 1, ?, ?, ?, ?, 'SAR', 10000000, 80, 0, 8000000, 'term_loan', 24, 0, 'instalments', 0, ?, '{}', '', 'approved', 3, 'bench', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))";
  for (let from = 0; from < count; from += 1000) {
    const part = ids.slice(from, from + 1000);
    await sql(
      `INSERT INTO guarantee_application (${columns}) VALUES ${part.map(() => row).join(',')}`,
      part.flatMap((id) => [
        idBytes(id),
        idBytes(schemeId),
        idBytes(lender.organisation),
        randomBytes(16),
        randomBytes(16),
        randomBytes(16),
        facts,
      ]),
    );
  }
  return ids;
}

/** A million guarantees of one scheme: what its pages cost, and a run over those whose yearly fee is due. */
async function portfolio(sql, environment, { schemeId, guarantor, lender }, report) {
  const count = Number(process.env.SANAD_BENCH_GUARANTEES ?? 1_000_000);
  const due = Math.min(Math.floor(count / 4), 40_000);
  const today = new Date().toISOString().slice(0, 10);
  const columns =
    'id, scheme_id, scheme_version, application_id, reservation_id, lender_id, enterprise_id, number, currency, loan_minor, cover_percent, guaranteed_minor, outstanding_minor, balance_minor, product_kind, tenor_months, sector, region, vintage, state, letter_until, issued_at, disbursed_on, in_force_at, ends_on, next_fee_on, version, created_at, updated_at';
  const row =
    "(?, ?, 1, ?, ?, ?, ?, ?, 'SAR', 10000000, 80, 8000000, 10000000, 8000000, 'term_loan', 60, 'C', 'SA-01', '2025', ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '2025-01-10', UTC_TIMESTAMP(6), '2030-01-10', ?, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))";
  const states = ['in_force', 'in_force', 'in_force', 'released', 'claimed'];
  for (let from = 0; from < count; from += 2000) {
    const part = Array.from({ length: Math.min(2000, count - from) }, (_each, at) => from + at);
    await sql(
      `INSERT INTO guarantee (${columns}) VALUES ${part.map(() => row).join(',')}`,
      part.flatMap((n) => [
        idBytes(newId()),
        idBytes(schemeId),
        randomBytes(16),
        randomBytes(16),
        idBytes(lender.organisation),
        randomBytes(16),
        `N${n}`,
        n < due ? 'in_force' : states[n % states.length],
        n < due ? today : '2029-01-10',
      ]),
    );
  }
  await sql('ANALYZE TABLE guarantee');
  const house = await openHouse(environment);
  const reader = house.get(guarantee.GuaranteeReader);
  const actors = [
    { organisationKind: 'guarantor', organisationId: guarantor },
    { organisationKind: 'financier', organisationId: lender.organisation },
    { organisationKind: 'supervisor', organisationId: newId() },
  ];
  const times = [];
  for (let page = 0; page < 600; page++) {
    const actor = actors[page % actors.length];
    const filter = page % 2 === 0 ? {} : { state: ['in_force', 'claimed', 'released'][page % 3] };
    let cursor;
    for (let turn = 0; turn < 2; turn++) {
      const start = performance.now();
      const found = await reader.guarantees(actor, { ...filter, limit: 50, cursor });
      times.push(performance.now() - start);
      if (found.items.length !== 50) throw new Error(`a page has ${found.items.length} guarantees`);
      cursor = found.nextCursor ?? undefined;
    }
  }
  const gauge = performance.now();
  await reader.capacity(actors[0], schemeId);
  times.push(performance.now() - gauge);
  const p99 = percentile(times, 99);
  report(
    `portfolio page over ${count.toLocaleString('en')} guarantees, p99`,
    Number(p99.toFixed(1)),
    'ms',
    'at most 200',
    p99 <= 200,
  );
  const fees = house.get(guarantee.RunAnnualFees);
  const start = performance.now();
  let billed = 0;
  for (let more = await fees.work(); more > 0; more = await fees.work()) billed += more;
  const rate = (billed * 1000) / (performance.now() - start);
  report(
    `annual fee run over ${billed.toLocaleString('en')} guarantees`,
    Math.round(rate),
    'a second',
    'at least 2,000',
    rate >= 2000 && billed === due,
  );
  await house.close();
}
