// `npm start`: from a fresh checkout to a running market, and back to nothing at Ctrl-C.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { StepFailure } from './failure.mjs';
import { takeLock } from './lock.mjs';
import { printPage } from './page.mjs';
import { local, runFile } from './places.mjs';
import { dismissKeeper, freePort, interruptRuns, isFree, whenNpmIsGone } from './processes.mjs';
import { checkNode, prepare } from './project.mjs';
import { keptSecret, migrate, seedDemo, startPrograms } from './programs.mjs';
import { startServers } from './servers.mjs';
import { Steps } from './steps.mjs';

const logs = join(local, 'logs');
const seeding = join(local, 'seeding');
const longestLog = 20 * 1024 ** 2;

const steps = new Steps();
let lock;
let servers;
let programs;
let ending;

/** Ends everything that was started, the last first. Called by signals and by failures, works once. */
function end(code) {
  ending ??= (async () => {
    await interruptRuns();
    await programs?.stop();
    await servers?.stop();
    lock?.release();
    dismissKeeper();
    process.exit(code);
  })();
  return ending;
}

function onSignal() {
  if (ending) return;
  steps.say('\nEnding: programs, then servers. The data stays under .local.');
  void end(0);
}

async function main() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  whenNpmIsGone(onSignal);
  checkNode();
  steps.say('Sanad: starting a market of your own on this machine.');
  const since = Date.now();
  makeLocal();
  const taken = takeLock(runFile);
  if (!taken.held) {
    const { pid, address } = taken.holder;
    throw new StepFailure(
      `the market of this folder already runs${address ? ` at ${address}` : ' and is just starting'} (process ${pid})`,
      { next: `Use that one, or end it first: Ctrl-C in its window, or kill ${pid}.` },
    );
  }
  lock = taken;
  const port = await choosePort();
  await prepare(steps);
  const env = await bringServers();
  await steps.run('bringing the database to the present schema', () => migrate(env, logs));
  await seedOnce(env);
  const host = process.env.HOST ?? '127.0.0.1';
  const address = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  const all = { ...env, HOST: host, PORT: String(port), PUBLIC_URL: process.env.PUBLIC_URL ?? address };
  await steps.run('starting api and worker', async () => {
    programs = startPrograms(all, { logs, tell: (text) => steps.say(text) });
    await programs.ready(address);
  });
  lock.write({ address, databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, host, port });
  await printPage(steps, address, { since, stage: all.STAGE ?? 'sandbox' });
}

function makeLocal() {
  try {
    mkdirSync(logs, { recursive: true });
    writeFileSync(join(local, 'writable'), '');
    rmSync(join(local, 'writable'));
  } catch (error) {
    throw new StepFailure('the folder .local cannot be written to', {
      next: 'Run this as the user who owns this folder, or give the folder to yourself (chown -R).',
      cause: error,
    });
  }
  for (const name of readdirSync(logs).filter((entry) => entry.endsWith('.log'))) {
    if (statSync(join(logs, name)).size > longestLog) renameSync(join(logs, name), join(logs, `${name}.1`));
  }
}

/** The environment of the programs: given servers are used as they are, missing ones are started here. */
async function bringServers() {
  const { DATABASE_URL, REDIS_URL } = process.env;
  const env = { ...process.env, SANAD_SECRET: process.env.SANAD_SECRET ?? keptSecret() };
  if (DATABASE_URL && REDIS_URL) return env;
  // A demonstration market that was interrupted while it was made was never shown to anybody: it is made anew.
  if (!DATABASE_URL && existsSync(seeding)) rmSync(join(local, 'servers'), { recursive: true, force: true });
  await steps.run('starting the private database and queue', async (say) => {
    const needs = { database: !DATABASE_URL, redis: !REDIS_URL };
    servers = await startServers({ mode: 'kept', needs, say, onCrash: (_name, text) => steps.say(text) });
    if (ending) await servers.stop();
  });
  return { ...env, DATABASE_URL: DATABASE_URL ?? servers.databaseUrl, REDIS_URL: REDIS_URL ?? servers.redisUrl };
}

/** The demonstration market is made once for a database, and never in a live stage. */
async function seedOnce(env) {
  if (env.STAGE === 'live') return;
  const name = process.env.DATABASE_URL
    ? createHash('sha1').update(process.env.DATABASE_URL).digest('hex').slice(0, 12)
    : '';
  const done = process.env.DATABASE_URL ? join(local, `seeded-${name}`) : join(local, 'servers', 'seeded');
  if (existsSync(done)) return;
  if (!process.env.DATABASE_URL) writeFileSync(seeding, '');
  await steps.run('making the demonstration market (the first time only)', () => seedDemo(env, logs));
  writeFileSync(done, '');
  rmSync(seeding, { force: true });
}

async function choosePort() {
  const { PORT, HOST } = process.env;
  if (!PORT) return freePort(3000, 3001, 3002, 3003, 3080);
  if (await isFree(Number(PORT), HOST ?? '127.0.0.1')) return Number(PORT);
  throw new StepFailure(`port ${PORT} is taken by another program`, {
    next: 'Give another PORT, or none: then a free one is chosen.',
  });
}

main().catch(async (error) => {
  if (!ending) steps.fail(error);
  await end(1);
});
