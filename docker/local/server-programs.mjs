// Finds the programs of the private servers, and brings them where they are missing.
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StepFailure } from './failure.mjs';
import { outputOf, runToEnd } from './processes.mjs';
import { installAsRoot, unpackPackages } from './debian-packages.mjs';

const usual = [
  '/usr/sbin',
  '/usr/bin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/libexec',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function find(names, folders) {
  for (const name of names) {
    const folder = folders.find((candidate) => isProgram(join(candidate, name)));
    if (folder) return join(folder, name);
  }
  return undefined;
}

/**
 * The programs as found. Unpacked packages (`prefix`) need their own library path and base folder.
 * @returns {{database?: {flavour: 'mariadb'|'mysql', program: string, install?: string, base: string[], env: object,
 *   version: string}, redis?: {program: string, env: object}}}
 */
export function findServerPrograms(prefix) {
  const system = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...usual];
  const found = inFolders(system, undefined);
  if (found.database && found.redis) return found;
  const unpacked = inFolders([join(prefix, 'usr/sbin'), join(prefix, 'usr/bin')], prefix);
  return { database: found.database ?? unpacked.database, redis: found.redis ?? unpacked.redis };
}

function inFolders(folders, prefix) {
  const env = prefix ? { ...process.env, LD_LIBRARY_PATH: libraryPath(prefix) } : process.env;
  const base = prefix
    ? [`--basedir=${join(prefix, 'usr')}`, `--lc-messages-dir=${join(prefix, 'usr/share/mysql')}`]
    : [];
  const redis = find(['redis-server', 'valkey-server'], folders);
  const result = { redis: redis && { program: redis, env } };
  for (const name of ['mariadbd', 'mysqld']) {
    const program = find([name], folders);
    if (!program) continue;
    const line = outputOf(program, ['--no-defaults', '--version'], { env })?.trim() ?? '';
    const flavour = /mariadb/i.test(line) ? 'mariadb' : 'mysql';
    const version = /Ver (\d+\.\d+)/.exec(line)?.[1] ?? '';
    const install = find(['mariadb-install-db', 'mysql_install_db'], folders);
    if (!isRecent(flavour, version) || (flavour === 'mariadb' && !install)) continue;
    return { ...result, database: { flavour, program, install, base, env, version } };
  }
  return result;
}

/** SKIP LOCKED and CHECK constraints are needed: MariaDB from 10.6 on, MySQL from 8.0 on. */
function isRecent(flavour, version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return flavour === 'mariadb' ? major > 10 || (major === 10 && minor >= 6) : major >= 8;
}

function libraryPath(prefix) {
  const folders = [join(prefix, 'usr/lib'), join(prefix, 'lib')].filter((folder) => existsSync(folder));
  const below = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
      .map((entry) => join(folder, entry.name)),
  );
  return [...below, ...folders, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
}

/**
 * The programs, installed when they are missing: by apt as root, unpacked below `prefix` without root, by brew on macOS.
 * @param {{prefix: string, log: string, needs: {database: boolean, redis: boolean}, say: (text: string) => void}} options
 */
export async function bringServerPrograms({ prefix, log, needs, say }) {
  const found = findServerPrograms(prefix);
  const wanted = { database: needs.database && !found.database, redis: needs.redis && !found.redis };
  if (!wanted.database && !wanted.redis) return found;
  const missing = [wanted.database && 'MariaDB', wanted.redis && 'Redis'].filter(Boolean).join(' and ');
  say(`${missing} not found, bringing the system's packages`);
  if (process.platform === 'darwin') await brew(wanted, log);
  else if (outputOf('apt-get', ['--version'])) {
    if (process.getuid?.() === 0) await installAsRoot(wanted, { log, say });
    else {
      mkdirSync(prefix, { recursive: true });
      chmodSync(prefix, 0o755);
      await unpackPackages(wanted, { prefix, log, say });
    }
  } else throw notHere(missing);
  const now = findServerPrograms(prefix);
  if ((now.database || !needs.database) && (now.redis || !needs.redis)) return now;
  throw notHere(missing, log);
}

function notHere(missing, log) {
  return new StepFailure(`${missing} could not be found or brought here`, {
    log,
    next:
      'Install MariaDB 10.6 or newer (or MySQL 8.4) and Redis so that mariadbd (mysqld) and redis-server are on the PATH; ' +
      'they need not run. Or give DATABASE_URL and REDIS_URL of servers that you have.',
  });
}

async function brew(wanted, log) {
  if (!outputOf('brew', ['--version'])) {
    throw new StepFailure('Homebrew, which brings MariaDB and Redis on macOS, was not found', {
      next: 'Install it from https://brew.sh, or MariaDB and Redis in another way, and run this again.',
    });
  }
  const names = [wanted.database && 'mariadb', wanted.redis && 'redis'].filter(Boolean);
  const env = { ...process.env, HOMEBREW_NO_AUTO_UPDATE: '1', HOMEBREW_NO_INSTALL_CLEANUP: '1' };
  if ((await runToEnd('brew', ['install', ...names], { env, log })) !== 0) {
    throw new StepFailure(`brew install ${names.join(' ')} failed`, { log, next: 'Its output is in the log.' });
  }
}
