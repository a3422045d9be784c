// The private MariaDB (or MySQL 8.4). Nothing of the system's own configuration is read (--no-defaults).
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepFailure } from './failure.mjs';
import { runToEnd } from './processes.mjs';
import { exchange, superviseServer } from './server-process.mjs';

const asRoot = () => (process.getuid?.() === 0 ? ['--user=root'] : []);

/**
 * @param {{flavour: 'mariadb'|'mysql', program: string, install?: string, base: string[], env: object}} programs
 * @param {object} options
 * @param {string} options.folder the data goes below it
 * @param {string} options.password of the account `sanad`, which may do everything
 * @param {'kept'|'throw-away'|'on-disk'} options.mode
 */
export async function startMariadb(
  programs,
  { folder, password, mode, bufferPool, wishedPort, log, onCrash, onRestart },
) {
  const data = join(folder, 'database');
  await initialise(programs, data, log('mariadb-install.log'));
  const accounts = join(folder, 'accounts.sql');
  const args = (port) => {
    writeFileSync(accounts, accountsSql(password), { mode: 0o600 });
    return [
      '--no-defaults',
      ...programs.base,
      `--datadir=${data}`,
      // Relative to the data folder: a deep checkout would exceed the length that a socket's path may have.
      '--socket=server.sock',
      `--pid-file=${join(folder, 'mariadb-own.pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      `--init-file=${accounts}`,
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_520_ci',
      '--innodb-flush-log-at-trx-commit=1',
      '--max-connections=400',
      '--max-allowed-packet=64M',
      `--innodb-buffer-pool-size=${bufferPool ?? '256M'}`,
      '--performance-schema=OFF',
      ...redoLog(programs.flavour, mode),
      ...(programs.flavour === 'mysql' ? ['--mysqlx=OFF', '--skip-log-bin'] : []),
      ...asRoot(),
    ];
  };
  return superviseServer({
    name: 'MariaDB',
    program: programs.program,
    args,
    env: programs.env,
    log: log('mariadb.log'),
    pidFile: join(folder, 'mariadb.pid'),
    wishedPort,
    onCrash,
    onRestart,
    // The greeting is sent only when the accounts are made: the file of accounts runs before connections are taken.
    answers: async (port) => (await exchange(port, undefined, (bytes) => bytes.length > 4))[4] === 10,
  });
}

function redoLog(flavour, mode) {
  const size = { kept: '96M', 'throw-away': '16M', 'on-disk': '512M' }[mode];
  return [flavour === 'mariadb' ? `--innodb-log-file-size=${size}` : `--innodb-redo-log-capacity=${size}`];
}

/** The account of the programs may make databases, for tests that want one of their own. Root gets the same password. */
function accountsSql(password) {
  return [
    'CREATE DATABASE IF NOT EXISTS sanad CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;',
    `CREATE USER IF NOT EXISTS 'sanad'@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `ALTER USER 'sanad'@'127.0.0.1' IDENTIFIED BY '${password}';`,
    "GRANT ALL PRIVILEGES ON *.* TO 'sanad'@'127.0.0.1' WITH GRANT OPTION;",
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';`,
    "DROP USER IF EXISTS 'root'@'127.0.0.1';",
    "DROP USER IF EXISTS 'root'@'::1';",
    '',
  ].join('\n');
}

/** Makes an empty data folder. Made beside its place and renamed, so that an interrupted run leaves no half of one. */
async function initialise({ flavour, program, install, base, env }, data, log) {
  const flavourFile = join(data, '..', 'flavour');
  if (existsSync(data)) {
    const kept = existsSync(flavourFile) ? readFileSync(flavourFile, 'utf8') : flavour;
    if (kept === flavour) return;
    throw new StepFailure(`the data folder was made by ${kept}, but ${flavour} is installed now`, {
      next: `Install ${kept} again, or remove .local/servers (its data is lost).`,
    });
  }
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const code =
    flavour === 'mariadb'
      ? await runToEnd(
          install,
          [
            '--no-defaults',
            ...base.filter((word) => word.startsWith('--basedir')),
            ...base.filter((word) => word.startsWith('--lc-messages')),
            `--datadir=${fresh}`,
            '--auth-root-authentication-method=normal',
            '--skip-test-db',
            '--skip-name-resolve',
            '--force',
            '--innodb-log-file-size=16M',
            ...asRoot(),
          ],
          { env, log },
        )
      : await runToEnd(
          program,
          ['--no-defaults', '--initialize-insecure', `--datadir=${fresh}`, ...base, ...asRoot()],
          {
            env,
            log,
          },
        );
  if (code !== 0) {
    throw new StepFailure('the database could not be set up', { log, next: 'Is the disk full? The log says more.' });
  }
  writeFileSync(flavourFile, flavour);
  renameSync(fresh, data);
}
