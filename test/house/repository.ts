import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** The text of a file of this repository. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function exists(path: string): boolean {
  return existsSync(join(root, path));
}

/** Every variable that libs/platform/src/config/environment.ts reads. */
export function environmentVariables(): string[] {
  const source = textOf('libs/platform/src/config/environment.ts');
  const names = [...source.matchAll(/\b(?:read|required|wholeNumber)\(\s*'([A-Z][A-Z0-9_]+)'/g)].map(
    ([, name]) => name ?? '',
  );
  return [...new Set(names)].toSorted();
}
