// The packages of the lock file and the build, each done only when something changed.
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { StepFailure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { local, root } from './places.mjs';
import { runToEnd } from './processes.mjs';

const packagesStamp = join(local, 'packages.stamp');
const buildStamp = join(local, 'build.stamp');
const cliMain = join(root, 'dist/apps/cli/src/main.js');

/** CommonJS output that requires ES modules: Node 20.19, 22.12, or anything from 23 on. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  throw new StepFailure(`Node ${version} is too old`, {
    next: 'Install Node 20.19 or newer (22.12 or newer in the 22 line).',
  });
}

const hash = (text) => createHash('sha1').update(text).digest('hex');
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Packages are as the lock file says: known from a stamp, which also sees that somebody ran npm since. */
function packagesMark() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const when = existsSync(installed) ? statSync(installed).mtimeMs : 'none';
  return `${hash(textOf(join(root, 'package-lock.json')))} ${when} ${process.platform} ${process.arch}`;
}

/** Whether what npm installed equals the lock file; optional packages of other systems may be absent. */
function installedEqualsLock() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(([path, { version, optional, peer, devOptional }]) => {
    if (path === '') return true;
    const present = have[path];
    return present ? present.version === version : Boolean(optional || peer || devOptional);
  });
}

/** Every source that the build reads, with its size and time of change, in one short text. */
function sourcesMark() {
  const parts = [textOf(packagesStamp)];
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && path !== `${root}/apps/web`) visit(path);
      } else if (entry.name.endsWith('.ts') && !entry.name.endsWith('spec.ts')) {
        const { size, mtimeMs } = statSync(path);
        parts.push(`${path} ${size} ${mtimeMs}`);
      }
    }
  };
  for (const folder of ['apps', 'libs', 'config']) if (existsSync(join(root, folder))) visit(join(root, folder));
  for (const file of ['.swcrc', 'nest-cli.json']) parts.push(textOf(join(root, file)));
  return hash(parts.join('\n'));
}

const packagesReady = () => existsSync(packagesStamp) && textOf(packagesStamp) === packagesMark();
const buildReady = () => existsSync(cliMain) && textOf(buildStamp) === sourcesMark();

/** Whether nothing is left to do: a few milliseconds. */
export function isReady() {
  return packagesReady() && buildReady();
}

/** Brings packages and build up to date; at once when nothing changed. @param {import('./steps.mjs').Steps} steps */
export async function prepare(steps) {
  if (isReady()) return;
  mkdirSync(join(local, 'logs'), { recursive: true });
  await withLock(
    join(local, 'prepare.lock'),
    async () => {
      if (!packagesReady()) await bringPackages(steps);
      if (!buildReady()) await steps.run('building', build);
    },
    { onWait: ({ pid }) => steps.say(`  … process ${pid} is installing or building here, waiting for it`) },
  );
}

async function bringPackages(steps) {
  if (!installedEqualsLock()) {
    // npm ci empties the folder first: through a link it would empty another checkout's.
    if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new StepFailure('node_modules is a link to packages that differ from this lock file', {
        next: 'Remove the link (rm node_modules) and run this again; the packages are then installed here.',
      });
    }
    await steps.run('installing the packages of the lock file (npm ci)', async (say) => {
      const log = join(local, 'logs', 'npm.log');
      writeFileSync(log, '');
      const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
      let code = await npm(['ci', ...quiet], log);
      // npm refuses a lock file made on another system when optional packages of this one are not in it.
      if (code !== 0 && /EUSAGE|in sync|Missing: /.test(textOf(log))) {
        say('npm ci refused the lock file; npm install');
        code = await npm(['install', '--no-save', ...quiet], log);
      }
      if (code !== 0) {
        throw new StepFailure('npm could not install the packages', {
          log,
          next: 'Check that this machine reaches its npm registry (npm ping), then run this again.',
        });
      }
    });
  }
  writeFileSync(packagesStamp, packagesMark());
}

function npm(args, log) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js')
    ? runToEnd(process.execPath, [cli, ...args], { cwd: root, log })
    : runToEnd('npm', args, { cwd: root, log });
}

/** Builds beside `dist` and swaps: a running market keeps whole files, an interrupted build leaves nothing half done. */
async function build() {
  const mark = sourcesMark();
  const fresh = join(root, 'dist.new');
  const log = join(local, 'logs', 'build.log');
  const config = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8'));
  const { options } = config.compilerOptions.builder;
  options.filenames = options.filenames.filter((folder) => existsSync(join(root, folder)));
  options.outDir = 'dist.new';
  config.compilerOptions.deleteOutDir = false;
  writeFileSync(join(local, 'nest-cli.json'), JSON.stringify(config));
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(log, '');
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  const code = await runToEnd(process.execPath, [nest, 'build', '--config', '.local/nest-cli.json'], {
    cwd: root,
    log,
  });
  if (code !== 0 || !existsSync(join(fresh, 'apps/cli/src/main.js'))) {
    throw new StepFailure('the build failed', { log, next: 'The log names the file and line.' });
  }
  const old = join(root, 'dist.old');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
  renameSync(fresh, join(root, 'dist'));
  rmSync(old, { recursive: true, force: true });
  writeFileSync(buildStamp, mark);
}
