// Licences of every package of the lock file: what this project ships must stay free to use, change and pass on.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, root } from './sources.mjs';

const shipped = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Zlib',
  // The one of argparse, as permissive as MIT.
  'Python-2.0',
]);
/** Used while building and testing only; nothing of it is passed on. */
const tools = new Set([...shipped, 'CC-BY-4.0', 'CC-BY-3.0', 'MPL-2.0', 'WTFPL']);

/** An expression is allowed when one of its alternatives is, and every part of that one. */
function allowed(expression, list) {
  const text = expression.replace(/[()]/g, ' ').trim();
  return text.split(/\s+OR\s+/i).some((choice) => choice.split(/\s+AND\s+/i).every((part) => list.has(part.trim())));
}

function licenceOf(path, entry) {
  if (entry.license) return entry.license;
  const manifest = join(root, path, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { license, licenses } = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(' OR '));
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const faults = [];
const entries = Object.entries(packages).filter(([path]) => path !== '');
for (const [path, entry] of entries) {
  const licence = licenceOf(path, entry);
  const name = path.replace(/^.*node_modules\//, '');
  if (!licence) {
    if (!entry.optional) faults.push(`${name}: no licence is stated`);
  } else if (!allowed(licence, entry.dev || entry.devOptional ? tools : shipped)) {
    faults.push(`${name}: ${licence} is not on the list${entry.dev ? '' : ' for what is shipped'}`);
  }
}
if (!allowed('(GPL-2.0 OR MIT)', shipped) || allowed('MIT AND GPL-3.0', shipped))
  faults.push('the comparison of licences is broken');
finish(faults, `${entries.length} packages`);
