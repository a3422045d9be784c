import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const never = new Set(['node_modules', 'dist', 'dist.new', 'dist.old', '.local', '.git', 'coverage']);

/** Paths below `folder` (from the root, with forward slashes) that match `wanted` and not `unwanted`. */
export function filesBelow(folder, wanted, unwanted = /$^/) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return never.has(entry.name) ? [] : filesBelow(path, wanted, unwanted);
    return wanted.test(path) && !unwanted.test(path) ? [path] : [];
  });
}

/** Ends a check: every fault on a line of its own and exit code 1, or one line of what was looked at. */
export function finish(faults, looked) {
  for (const fault of faults) console.log(fault);
  console.log(faults.length > 0 ? `${faults.length} fault${faults.length === 1 ? '' : 's'} (${looked})` : looked);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
