import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { refuseRuleBook } from '#finance';

/** A rule book as it stands on disk, not yet validated by its kind's reader. */
export interface RuleBookFile {
  /** Path below config/countries, such as `sa/calendar.bank.json`. */
  readonly path: string;
  readonly kind: string;
  readonly content: unknown;
}

let files: readonly RuleBookFile[] | undefined;

/** Every JSON file under config/countries, read once. Fails on a file that is not JSON or states no `kind`. */
export function ruleBookFiles(): readonly RuleBookFile[] {
  files ??= readRuleBookFiles(join(projectRoot(__dirname), 'config', 'countries'));
  return files;
}

/** Reads a folder of rule books; exported for tests of other folders. */
export function readRuleBookFiles(folder: string): readonly RuleBookFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path) => readFile(folder, path));
}

function readFile(folder: string, path: string): RuleBookFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, path), 'utf8'));
  } catch (error) {
    refuseRuleBook(path, [
      { pointer: '', rule: 'json', message: error instanceof Error ? error.message : 'is not JSON' },
    ]);
  }
  const kind = typeof content === 'object' && content !== null && 'kind' in content ? content.kind : undefined;
  if (typeof kind !== 'string') refuseRuleBook(path, [{ pointer: '/kind', rule: 'required', message: 'is required' }]);
  return { path, kind, content };
}

/** The checkout or image folder: the nearest one above that holds package.json, from the sources and from dist alike. */
function projectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json above ${from}`);
  }
}
