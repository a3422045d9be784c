/**
 * How many transfers a second the ledger writes, each in a unit of work of its own, beside a bare node + mysql2 loop that sends
 * the same statements in the same run: `npm run bench -- ledger`, or `node test/bench/ledger.bench.mjs` after a build with DATABASE_URL.
 * Ends with 1 when the ledger reaches less than 0.7 of the bare loop. Makes and removes a database of its own.
 */
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import mysql from 'mysql2/promise';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const {
  readEnvironment,
  openDatabase,
  migrate,
  platformPersistence,
  UnitOfWork,
  systemContext,
  newId,
} = require('../../dist/libs/platform/src/index.js');
const {
  ledgerPersistence,
  Ledger,
  LedgerReader,
  checkLedger,
  FoldMovements,
  organisationAccount,
  WriteTransfers,
} = require('../../dist/libs/ledger/src/index.js');

const aim = 0.7;
const lanes = 16;
const seconds = Number(process.env.SANAD_BENCH_SECONDS ?? 1);
/** Ours and the bare loop in turn, so that a busy machine disturbs both alike; the medians count. */
const rounds = 9;
const payees = 200;

const environment = readEnvironment();
const name = `sanad_bench_${process.pid}_${Date.now().toString(36)}`;
const server = await mysql.createConnection(environment.databaseUrl);
await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
const url = new URL(environment.databaseUrl);
url.pathname = `/${name}`;
const settings = { ...environment, databaseUrl: url.toString(), databasePool: lanes, clockOffsetSeconds: 0 };
const dataSource = await openDatabase(settings, [platformPersistence, ledgerPersistence]);
const context = systemContext('bench');

/** What the statements of one transfer cost without any program around them. */
const pool = mysql.createPool({
  uri: url.toString(),
  connectionLimit: lanes,
  timezone: 'Z',
  supportBigNumbers: true,
  bigNumberStrings: true,
});
pool.pool.on('connection', (connection) => {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  connection.query("SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5");
});

/** Records what one transfer sends, through a transaction that writes down every statement. */
async function recordStatements(work) {
  const statements = [];
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  const connection = await runner.connect();
  const query = connection.query.bind(connection);
  connection.query = (asked, ...rest) => {
    if (typeof asked === 'string') statements.push({ sql: asked, parameters: Array.isArray(rest[0]) ? rest[0] : [] });
    else if (asked.sql) statements.push({ sql: asked.sql, parameters: asked.values ?? [] });
    return query(asked, ...rest);
  };
  const { Transaction } = require('../../dist/libs/platform/src/db/transaction.js');
  await runner.startTransaction();
  statements.length = 0;
  await work(new Transaction(context, runner, connection, 0));
  await runner.commitTransaction();
  connection.query = query;
  await runner.release();
  return statements.filter(({ sql }) => !/^(START|BEGIN|COMMIT|SET)\b/i.test(sql));
}

/** Runs `one` in every lane until the time is over; transfers a second. */
async function perSecond(one) {
  const start = process.hrtime.bigint();
  const until = start + BigInt(seconds * 1e9);
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let n = 0; process.hrtime.bigint() < until; n++, done++) await one(lane, n);
    }),
  );
  return done / (Number(process.hrtime.bigint() - start) / 1e9);
}

async function measure({ input, setUp }) {
  const unitOfWork = new UnitOfWork(dataSource, 0);
  const ledger = new Ledger(new WriteTransfers(settings));
  const post = (lane, n) => unitOfWork.run(context, (tx) => ledger.post(tx, input(lane, n)));
  if (setUp) await setUp((one) => unitOfWork.run(context, (tx) => ledger.post(tx, one)));
  for (let n = 0; n < payees; n++) await post(n % lanes, n);
  // The bare loop sends one recorded transfer of each lane again, with a fresh id, reference and hash.
  const recorded = [];
  for (let lane = 0; lane < lanes; lane++)
    recorded.push(await recordStatements((tx) => ledger.post(tx, input(lane, lane))));
  const bare = async (lane, n) => {
    const connection = await pool.getConnection();
    const id = Buffer.from(newId().replaceAll('-', ''), 'hex');
    const old = recorded[lane].find(({ sql }) => sql.includes('INTO ledger_transfer')).parameters;
    const [oldId, oldReference] = old;
    await connection.query('START TRANSACTION');
    for (const { sql, parameters } of recorded[lane]) {
      const fresh = parameters.map((value) =>
        Buffer.isBuffer(value) && value.equals(oldId)
          ? id
          : value === oldReference
            ? `bare:${lane}:${n}:${id.toString('hex')}`
            : value,
      );
      await connection.query(sql, fresh);
    }
    await connection.query('COMMIT');
    connection.release();
  };
  const ours = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await perSecond(bare));
    ours.push(await perSecond(post));
  }
  const median = (figures) => [...figures].sort((one, other) => one - other)[Math.floor(figures.length / 2)];
  const ratio = median(ours.map((figure, round) => figure / theirs[round]));
  return { statements: recorded[0].length, ours: median(ours), bare: median(theirs), ratio };
}

let missed = 0;
function report(figure) {
  if (figure.met === false) missed += 1;
  console.log(
    `${figure.met === false ? 'MISSED' : 'ok    '}  ${figure.name.padEnd(64)} ${figure.value} ${figure.unit}  ${figure.aim ?? ''}`,
  );
  if (process.env.SANAD_BENCH_RESULT) appendFileSync(process.env.SANAD_BENCH_RESULT, `${JSON.stringify(figure)}\n`);
}

try {
  await migrate(dataSource);
  const owners = Array.from({ length: payees }, () => newId());
  const bank = organisationAccount(newId(), 'settlement_bank');
  const of = (n, purpose) => organisationAccount(owners[n % payees], purpose);
  const transfer = (debit, credit, amount = 1n) => ({
    reference: `bench:${newId()}`,
    description: 'a measurement',
    subject: { type: 'bench', id: owners[0] },
    postings: [{ debit, credit, amount, currency: 'SAR' }],
  });
  const cases = {
    'without floors, one hot account': { input: (lane, n) => transfer(bank, of(lane * 13 + n, 'fee_income')) },
    'with a floor, many payers': {
      setUp: async (post) => {
        for (let n = 0; n < payees; n++) await post(transfer(bank, of(n, 'settlement_payable'), 1_000_000n));
      },
      input: (lane, n) => transfer(of(lane * 13 + n, 'settlement_payable'), of(lane * 13 + n, 'fee_income')),
    },
  };
  for (const [title, what] of Object.entries(cases)) {
    const { ours, bare, ratio, statements } = await measure(what);
    report({ name: `${title}: transfers`, value: Math.round(ours), unit: '/s' });
    report({ name: `${title}: bare loop of the same ${statements} statements`, value: Math.round(bare), unit: '/s' });
    report({
      name: `${title}: of the bare loop`,
      value: ratio.toFixed(2),
      unit: '×',
      aim: `at least ${aim}`,
      met: ratio >= aim,
    });
  }

  const unitOfWork = new UnitOfWork(dataSource, 0);
  const ledger = new Ledger(new WriteTransfers(settings));
  const runStart = process.hrtime.bigint();
  const batches = 10;
  for (let n = 0; n < batches; n++) {
    const inputs = Array.from({ length: 1_000 }, (_, at) => transfer(of(at, 'fee_receivable'), of(at, 'fee_income')));
    await unitOfWork.run(context, (tx) => ledger.postAll(tx, inputs));
  }
  const runSeconds = Number(process.hrtime.bigint() - runStart) / 1e9;
  report({
    name: 'runs of 1,000 transfers in one unit of work',
    value: Math.round((batches * 1_000) / runSeconds),
    unit: '/s',
  });

  const fold = new FoldMovements(unitOfWork);
  const [{ n: waiting }] = await dataSource.query('SELECT COUNT(*) AS n FROM ledger_movement');
  const foldStart = process.hrtime.bigint();
  while ((await fold.execute(context)) > 0);
  const foldSeconds = Number(process.hrtime.bigint() - foldStart) / 1e9;
  report({ name: 'movements folded by one process', value: Math.round(Number(waiting) / foldSeconds), unit: '/s' });

  const reader = new LedgerReader(dataSource);
  const readStart = process.hrtime.bigint();
  for (let n = 0; n < 500; n++) await reader.figures(bank, 'SAR');
  report({
    name: 'balance of the hot account, mean of 500 reads',
    value: (Number(process.hrtime.bigint() - readStart) / 1e6 / 500).toFixed(2),
    unit: 'ms',
  });
  // The bare loop writes what nobody checked: only the floors and sums must still hold, not the hashes.
  const verdict = await unitOfWork.run(context, checkLedger);
  const sound = verdict.ok || verdict.broken.invariant === 'content_hashes';
  report({
    name: `proof of the books over ${verdict.transfers} transfers`,
    value: sound ? 'sound' : verdict.broken.invariant,
    unit: '',
    met: sound,
  });
} finally {
  await pool.end();
  await dataSource.destroy();
  await server.query(`DROP DATABASE ${name}`);
  await server.end();
}
process.exitCode = missed > 0 ? 1 : 0;
