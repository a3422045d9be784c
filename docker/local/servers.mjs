// Private MariaDB and Redis: own data folder, loopback only, a port that was free, a password that nobody else knows.
// A server that this file did not start is never touched.
//
//   node docker/local/servers.mjs [--data-on-disk] [-- command …]
// runs the command with throw-away servers (DATABASE_URL, REDIS_URL, SANAD_SECRET set); without one it prints the
// addresses and keeps the servers until Ctrl-C.
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
} from 'node:fs';
import { renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepFailure } from './failure.mjs';
import { startMariadb } from './mariadb.mjs';
import { birthOf, dismissKeeper, removeAtTheEnd } from './processes.mjs';
import { local } from './places.mjs';
import { startRedis } from './redis.mjs';
import { bringServerPrograms } from './server-programs.mjs';
import { Steps } from './steps.mjs';

const throwAwayNeeds = 1024 ** 3;
const tmpfs = 0x01021994;

/**
 * Starts MariaDB and Redis and waits until both answer.
 * @param {object} [options]
 * @param {'kept'|'throw-away'|'on-disk'} [options.mode] `kept`: data under .local/servers, there again at the next start;
 *   `throw-away`: in memory where there is room, removed at the end; `on-disk`: on disk, removed at the end
 * @param {{database: boolean, redis: boolean}} [options.needs] which of the two; both unless told
 * @param {string} [options.bufferPool] memory for the database's pages, such as `1G`
 * @param {(text: string) => void} [options.say] progress
 * @param {(name: string, text: string) => void | Promise<void>} [options.onCrash] told when a server ended by itself; it
 *   is started again, after the promise where one is given
 * @param {(name: string) => void} [options.onRestart] told when it answers again
 * @returns {Promise<{databaseUrl: string, redisUrl: string, folder: string, ports: object, stop: () => Promise<void>}>}
 */
export async function startServers({
  mode = 'kept',
  needs = { database: true, redis: true },
  bufferPool,
  say = () => undefined,
  onCrash = () => undefined,
  onRestart = () => undefined,
} = {}) {
  const logs = join(local, 'logs');
  mkdirSync(logs, { recursive: true });
  const programs = await bringServerPrograms({
    prefix: join(local, 'programs'),
    log: join(logs, 'packages.log'),
    needs,
    say,
  });
  const folder = makeFolder(mode);
  const before = readState(folder);
  const password = before.password ?? randomBytes(18).toString('base64url');
  writeState(folder, { ...before, password });
  const shared = {
    folder,
    password,
    mode,
    bufferPool,
    onCrash,
    onRestart,
    log: (name) => join(mode === 'kept' ? logs : folder, name),
  };
  const started = [];
  const stop = async () => {
    for (const server of started.splice(0).toReversed()) await server.stop();
    if (mode !== 'kept') rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ports = {};
    const starters = { database: startMariadb, redis: startRedis };
    for (const name of Object.keys(starters).filter((each) => needs[each])) {
      const server = await starters[name](programs[name], { ...shared, wishedPort: before.ports?.[name] });
      started.push(server);
      ports[name] = server.port;
    }
    writeState(folder, { password, ports });
    return {
      databaseUrl: `mysql://sanad:${password}@127.0.0.1:${ports.database}/sanad`,
      redisUrl: `redis://:${password}@127.0.0.1:${ports.redis}`,
      folder,
      ports,
      stop,
    };
  } catch (error) {
    // The log of throw-away servers goes with their folder: keep it for the person who must read it.
    if (error instanceof StepFailure && error.log && existsSync(error.log)) {
      const kept = join(logs, basename(error.log));
      if (kept !== error.log) writeFileSync(kept, readFileSync(error.log));
      error.log = kept;
    }
    await stop();
    throw error;
  }
}

function makeFolder(mode) {
  if (mode === 'kept') {
    const folder = join(local, 'servers');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
      chmodSync(folder, 0o700);
    } catch (error) {
      throw new StepFailure('the data folder .local/servers belongs to another user', {
        next: 'Run this as the user who started it first, or remove .local (its data is lost).',
        cause: error,
      });
    }
    return folder;
  }
  const parent = mode === 'on-disk' ? local : memoryFolder();
  if (mode === 'on-disk' && statfsSync(local).type === tmpfs) {
    throw new StepFailure('this folder lies in a memory file system', {
      next: 'Move the checkout to a disk to measure.',
    });
  }
  sweep(parent);
  const folder = mkdtempSync(join(parent, `sanad-${process.pid}-`));
  writeFileSync(join(folder, 'owner'), `${process.pid} ${birthOf(process.pid)}`);
  removeAtTheEnd(folder);
  return folder;
}

/** /dev/shm where it has room, else the temporary folder. */
function memoryFolder() {
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize >= throwAwayNeeds) return '/dev/shm';
  } catch {
    // macOS has none, some containers none to write to.
  }
  return tmpdir();
}

/** Removes folders of runs that died without their keeper; those of living runs and of other users stay. */
function sweep(parent) {
  for (const name of readdirSync(parent).filter((entry) => /^sanad-\d+-/.test(entry))) {
    try {
      const [pid, ...birth] = readFileSync(join(parent, name, 'owner'), 'utf8').split(' ');
      if (birthOf(Number(pid)) !== birth.join(' ')) rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Another user's folder, or one that is just being made or removed.
    }
  }
}

function readState(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'servers.json'), 'utf8'));
  } catch {
    return {};
  }
}

function writeState(folder, state) {
  writeFileSync(join(folder, 'servers.json.new'), JSON.stringify(state), { mode: 0o600 });
  renameSync(join(folder, 'servers.json.new'), join(folder, 'servers.json'));
}

/** What programs and tests need to know of throw-away servers. `SANAD_SERVERS` holds the pid files, for fault tests. */
export function environmentOf(servers) {
  return {
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    SANAD_SECRET: randomBytes(32).toString('base64url'),
    SANAD_SERVERS: servers.folder,
    DATA_FOLDER: join(servers.folder, 'data'),
    STAGE: 'sandbox',
    // A mail server of the person's own environment must not get mails of a test.
    SMTP_URL: '',
  };
}

async function main(words) {
  const cut = words.indexOf('--');
  const command = cut < 0 ? [] : words.slice(cut + 1);
  const mode = words.slice(0, cut < 0 ? words.length : cut).includes('--data-on-disk') ? 'on-disk' : 'throw-away';
  const say = (text) => console.error(text);
  const servers = await startServers({ mode, say, onCrash: (_name, text) => console.error(text) });
  const env = environmentOf(servers);
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130));
  if (command.length > 0) {
    const { spawn } = await import('node:child_process');
    const child = spawn(command[0], command.slice(1), { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('error', (error) => (console.error(error.message), end(127)));
    child.once('exit', (code) => end(code ?? 1));
  } else {
    for (const [name, value] of Object.entries(env)) console.log(`export ${name}='${value}'`);
    console.error('Private servers run until Ctrl-C.');
  }
  const code = await ended;
  await servers.stop();
  dismissKeeper();
  process.exit(code);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    new Steps(process.stderr).fail(error);
    dismissKeeper();
    process.exit(1);
  });
}
