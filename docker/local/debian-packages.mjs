// MariaDB and Redis from Debian's or Ubuntu's own packages, with and without root, and without starting any service.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StepFailure } from './failure.mjs';
import { isAlive, outputOf, runToEnd } from './processes.mjs';

const policyFile = '/usr/sbin/policy-rc.d';
const mark = 'the launcher of sanad';

/** Package names differ by release: `mariadb-server-core` from Debian 12 on, with a version number before. */
function packageNames(wanted, options) {
  const names = [];
  if (wanted.database) {
    const server = newest('mariadb-server-core', options);
    if (server) names.push(server, server.replace('-server-', '-client-'));
  }
  if (wanted.redis && candidate('redis-server', options)) names.push('redis-server');
  return names.length === (wanted.database ? 2 : 0) + (wanted.redis ? 1 : 0) ? names : undefined;
}

function candidate(name, options) {
  const policy = outputOf('apt-cache', [...options, 'policy', name], { env: plain }) ?? '';
  return /Candidate: (?!\(none\))\S/.test(policy);
}

function newest(stem, options) {
  const names = (outputOf('apt-cache', [...options, 'pkgnames', stem]) ?? '').split('\n').filter(Boolean);
  const sorted = names.sort((a, b) => a.length - b.length || b.localeCompare(a, 'en', { numeric: true }));
  return sorted.find((name) => /^mariadb-server-core(-[\d.]+)?$/.test(name) && candidate(name, options));
}

const plain = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };

const listsNext =
  'Check that this machine reaches its package mirror (apt-get update), or install MariaDB and Redis by hand.';

/**
 * Installs the packages. While apt works, a policy file keeps it from starting services; the file is made and removed by
 * the very shell that runs apt, so that it goes away even when the launcher is killed. One that exists is left as it is.
 */
export async function installAsRoot(wanted, { log, say }) {
  removeStalePolicy();
  let names = packageNames(wanted, []);
  if (!names) {
    say('apt-get update');
    await runToEnd('apt-get', ['update', '-q'], { env: plain, log });
    names = packageNames(wanted, []);
  }
  if (!names) throw new StepFailure('the system knows no packages of MariaDB and Redis', { log, next: listsNext });
  say(`apt-get install ${names.join(' ')}`);
  if ((await install(names, log)) === 0) return;
  say('apt-get update, and once more');
  await runToEnd('apt-get', ['update', '-q'], { env: plain, log });
  if ((await install(names, log)) !== 0) {
    throw new StepFailure(`apt-get install ${names.join(' ')} failed`, { log, next: listsNext });
  }
}

function install(names, log) {
  const script = [
    'policy=$1; shift',
    'if [ ! -e "$policy" ]; then',
    `  trap 'rm -f "$policy"' EXIT; trap 'exit 130' HUP INT TERM`,
    `  printf '#!/bin/sh\\n# made by ${mark}, process %s, for the time of one installation\\nexit 101\\n' $$ > "$policy"`,
    '  chmod 755 "$policy"',
    'fi',
    'apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"',
  ].join('\n');
  return runToEnd('sh', ['-c', script, 'sh', policyFile, ...names], {
    env: plain,
    log,
    mayFinish: true,
  });
}

function removeStalePolicy() {
  if (!existsSync(policyFile)) return;
  const owner = new RegExp(`made by ${mark}, process (\\d+)`).exec(readFileSync(policyFile, 'utf8'))?.[1];
  if (owner && !isAlive(Number(owner))) rmSync(policyFile);
}

/** Downloads the packages and what they need beyond the installed ones, and unpacks them below `prefix`. */
export async function unpackPackages(wanted, { prefix, log, say }) {
  const folder = join(prefix, '..', 'apt');
  const packages = join(folder, 'packages');
  mkdirSync(packages, { recursive: true });
  let options = [];
  let names = packageNames(wanted, options);
  if (!names) {
    // An ordinary user may not write the system's lists: a private copy of them does as well.
    mkdirSync(join(folder, 'lists', 'partial'), { recursive: true });
    mkdirSync(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
    options = ['-o', `Dir::State::Lists=${join(folder, 'lists')}`, '-o', `Dir::Cache=${join(folder, 'cache')}`];
    say('apt-get update into .local');
    await runToEnd('apt-get', [...options, 'update', '-q'], { env: plain, log });
    names = packageNames(wanted, options);
  }
  if (!names) throw new StepFailure('the system knows no packages of MariaDB and Redis', { log, next: listsNext });
  const plan = outputOf('apt-get', [...options, '-s', '-q', 'install', '--no-install-recommends', ...names], {
    env: plain,
  });
  const needed = [...(plan ?? '').matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
  const all = [...new Set([...names, ...needed])];
  say(`apt-get download ${all.length} packages`);
  if ((await runToEnd('apt-get', [...options, 'download', '-q', ...all], { env: plain, cwd: packages, log })) !== 0) {
    throw new StepFailure('the packages of MariaDB and Redis could not be downloaded', { log, next: listsNext });
  }
  for (const file of readdirSync(packages).filter((name) => name.endsWith('.deb'))) {
    if ((await runToEnd('dpkg', ['-x', join(packages, file), prefix], { env: plain, log })) !== 0) {
      throw new StepFailure(`${file} could not be unpacked`, {
        log,
        next: 'Is there room on the disk? Remove .local/apt and try again.',
      });
    }
  }
  rmSync(packages, { recursive: true, force: true });
}
