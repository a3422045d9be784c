// A rehearsal with real requests: node test/real/us-7a.mjs ../shared/data/requests/us-7a-loans.csv
// Imports 7(a) loans of the public record as requests into a throw-away market in dollars (COUNTRY=US), verifies, reviews and opens them,
// and lets made-up lenders with 104 mandates compete by their approved rules. Prints what was found; exit 1 when a rule was broken.
// With DATABASE_URL and REDIS_URL set, it makes and drops a database of its own there; else it starts private servers.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { freePort } from '../../docker/local/processes.mjs';
import { migrate, startPrograms } from '../../docker/local/programs.mjs';
import { runWithMarket } from '../../docker/local/with-market.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const file = resolve(process.argv[2] ?? '../shared/data/requests/us-7a-loans.csv');
const say = (text) => process.stdout.write(`${text}\n`);
const market = { COUNTRY: 'US', SIGN_INS_PER_MINUTE: '0', PUBLIC_REQUESTS_PER_MINUTE: '0', STAGE: 'sandbox' };

/** What is to be undone at the end, the last first; also when somebody ends the rehearsal. */
const undo = [];
let ending;
function end() {
  ending ??= (async () => {
    while (undo.length > 0) await undo.pop()();
  })();
  return ending;
}

if (!existsSync(file)) {
  say(`NOT RUN: there is no file ${file}. Name the public record of 7(a) loans as the first word.`);
  process.exitCode = 2;
} else if (process.env.DATABASE_URL) await onGivenServers();
else {
  Object.assign(process.env, market);
  runWithMarket({ mode: 'throw-away', programs: false }, ({ env, steps }) =>
    withPrograms(env, (text) => steps.say(text)),
  );
}

async function onGivenServers() {
  const url = new URL(process.env.DATABASE_URL);
  const name = `sanad_real_${process.pid}`;
  const server = await createConnection(process.env.DATABASE_URL);
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
  url.pathname = `/${name}`;
  const port = String(await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'sanad-real-data-'));
  const address = `http://127.0.0.1:${port}`;
  const own = {
    DATABASE_URL: url.toString(),
    REDIS_PREFIX: `{${name}}`,
    DATA_FOLDER: folder,
    PORT: port,
    PUBLIC_URL: address,
  };
  const env = { ...process.env, ...market, ...own, HOST: '127.0.0.1' };
  undo.push(async () => {
    await server.query(`DROP DATABASE ${name}`);
    await server.end();
    rmSync(folder, { recursive: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end().then(() => process.exit(130)));
  try {
    await migrate(env, folder);
    process.exitCode = await withPrograms(env, say);
  } finally {
    await end();
  }
}

async function withPrograms(env, tell) {
  const logs = join(env.DATA_FOLDER, 'logs');
  mkdirSync(logs, { recursive: true });
  const programs = startPrograms(env, { logs, tell });
  const folder = mkdtempSync(join(tmpdir(), 'sanad-real-'));
  const connection = await createConnection(env.DATABASE_URL);
  undo.push(async () => {
    connection.destroy();
    await programs.stop();
    rmSync(folder, { recursive: true });
  });
  await programs.ready(env.PUBLIC_URL);
  process.env.SANAD_URL = env.PUBLIC_URL;
  const code = await rehearse(env, folder, connection);
  return code;
}

async function rehearse(env, folder, connection) {
  // Loaded now: the client reads the address of the api when it is loaded.
  const { makeLenders, makeOperator, several } = await import('./us-7a-market.mjs');
  const { readLoans, writeTables } = await import('./us-7a-tables.mjs');
  const { findings, tally } = await import('./us-7a-report.mjs');
  const { visit } = await import('../demo/client.mjs');
  const started = performance.now();
  const step = async (what, work) => {
    const since = performance.now();
    const answer = await work();
    say(`${((performance.now() - since) / 1000).toFixed(1).padStart(6)} s  ${what(answer)}`);
    return answer;
  };
  const imported = (noun, path) => runImport(env, noun, path);

  const loans = readLoans(file);
  writeTables(loans, folder);
  say(`${loans.length} loans of the public record`);
  const lead = await makeOperator(root, env);
  await step(
    ({ mandates }) => `mandates of 26 lenders, each with an approved price rule: ${tally(mandates)}`,
    () => makeLenders(lead, folder, imported, () => settled(connection)),
  );
  await step(
    (answers) => `enterprises imported: ${tally(answers)}`,
    () => imported('enterprises', join(folder, 'enterprises.csv')),
  );
  const verify = async ({ id }) =>
    lead.refusal('POST', `/v1/operator/enterprises/${id}/decision`, {
      verified: true,
      accountOwnershipConfirmed: true,
      screeningCleared: true,
      reasons: [],
    });
  await step(
    (refusals) => `enterprises looked at: ${tally(refusals.map(asAnswer('verified')))}`,
    async () => {
      // A case is in review once it has its reviewer, which follows the hand-in by a moment.
      await settled(connection);
      return several(await all(lead, '/v1/operator/enterprises?status=in_review'), verify);
    },
  );
  const answers = await step(
    (found) => `requests imported and submitted: ${tally(found)}`,
    () => imported('requests', join(folder, 'requests.csv')),
  );
  const again = await step(
    (found) => `the same file once more: ${tally(found)}`,
    () => imported('requests', join(folder, 'requests.csv')),
  );
  const open = ({ id }) => lead.refusal('POST', `/v1/review/requests/${id}/open`);
  const submitted = answers.filter(({ result }) => result === 'created');
  await step(
    (refusals) => `reviewed and opened: ${tally(refusals.map(asAnswer('opened')))}`,
    () => several(submitted, open),
  );
  await step(
    () => 'until every request was matched and every rule had bid',
    () => settled(connection),
  );
  const { lines, broken, open: opened } = await findings(connection, await visit('GET', '/v1/market/rules'));
  say(`\nFound in ${((performance.now() - started) / 1000).toFixed(0)} s:`);
  for (const line of lines) say(`  ${line}`);
  const unmatched = await all(lead, '/v1/review/unmatched-requests');
  const misses = unmatched.map(({ nearest }) => ({ result: nearest[0]?.failed.join('+') ?? 'nothing near' }));
  if (misses.length > 0) say(`  unmatched, by what the nearest mandate lacked: ${tally(misses)}`);
  if (again.some(({ result, id }) => id && result !== 'unchanged')) broken.push('the second import changed something');
  if (opened !== submitted.length) broken.push(`${submitted.length} requests were submitted, but ${opened} are open`);
  for (const fault of broken) say(`  BROKEN: ${fault}`);
  return broken.length === 0 ? 0 : 1;
}

/** What a call met, as the answers of an import are told: done, or refused with a code. */
function asAnswer(done) {
  return (refusal) => (refusal ? { error: { code: refusal.code, fields: refusal.errors } } : { result: done });
}

/** Every item of a list, page by page. */
async function all(person, path) {
  const items = [];
  for (let cursor = ''; ;) {
    const page = await person.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    items.push(...page.items);
    if (!page.nextCursor) return items;
    cursor = page.nextCursor;
  }
}

/** Runs `sanad import` as a person would, and reads its answers. */
function runImport(env, noun, path) {
  const cli = join(root, 'dist/apps/cli/src/main.js');
  const child = spawn(process.execPath, [cli, 'import', noun, path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const answers = [];
  let trouble = '';
  child.stderr.on('data', (text) => (trouble = `${trouble}${text}`.slice(-4000)));
  createInterface({ input: child.stdout }).on('line', (line) => answers.push(JSON.parse(line)));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) =>
      code > 1 || answers.length === 0 ? fail(new Error(`import ${noun}: ${trouble}`)) : done(answers),
    );
  });
}

/** Waits until no event waits for a handler; messages to people may still be on their way. */
async function settled(connection) {
  for (let quiet = 0; quiet < 5; await wait(200)) {
    const [[row]] = await connection.query(
      'SELECT (SELECT COUNT(*) FROM outbox_event WHERE relayed = 0) + (SELECT COUNT(*) FROM outbox_delivery WHERE open = 1 AND handler NOT LIKE ? AND handler <> ?) AS waiting',
      ['notices.%', 'marketplace.tell-market'],
    );
    quiet = Number(row.waiting) === 0 ? quiet + 1 : 0;
  }
}
