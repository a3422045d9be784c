// Who may import whom: the rules of .dependency-cruiser.cjs over every source; a rule that does not fire on a planted
// violation, or a source that was not looked at, is a failure too.
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planted } from './planted-violations.mjs';
import { filesBelow, finish, root } from './sources.mjs';

const config = join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config);
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const folders = (base) => ['apps', 'libs', 'config', 'test'].filter((name) => readdirSync(base).includes(name));

function cruise(base) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders(base)],
    { cwd: base, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no result: ${stderr || stdout}`);
  return JSON.parse(stdout);
}

/** A small tree in a temporary folder in which every rule is broken once. */
function plantedTree() {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'sanad-boundaries-')));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    writeFileSync(join(base, file), readFileSync(join(root, file)));
  }
  symlinkSync(realpathSync(join(root, 'node_modules')), join(base, 'node_modules'));
  for (const [path, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  }
  return base;
}

const describe = ({ rule, from, to }) =>
  `${from} → ${to}  [${rule.name}] ${forbidden.find(({ name }) => name === rule.name)?.comment}`;

const faults = [];
const real = cruise(root);
faults.push(...real.summary.violations.map(describe));
const seen = new Set(real.modules.map(({ source }) => source));
const sources = folders(root).flatMap((folder) => filesBelow(folder, /\.ts$/, /\.d\.ts$|^apps\/web\//));
const unseen = sources.filter((path) => !seen.has(path));
if (unseen.length > 0) faults.push(`not looked at: ${unseen.join(', ')}`);
const known = new Set(forbidden.map(({ name }) => name).filter((name) => name.startsWith('layer-')));
for (const library of readdirSync(join(root, 'libs'))) {
  if (!known.has(`layer-${library}`))
    faults.push(`libs/${library} has no place in the order of .dependency-cruiser.cjs`);
}

const base = plantedTree();
try {
  const fired = new Set(cruise(base).summary.violations.map(({ rule }) => rule.name));
  for (const { name } of forbidden)
    if (!fired.has(name)) faults.push(`the rule ${name} did not see its planted violation`);
} finally {
  rmSync(base, { recursive: true, force: true });
}

finish(faults, `${sources.length} sources, ${forbidden.length} rules, each seen to fire`);
