/** What the documents say of commands, variables and files is held against the repository. */
import { commands } from '../../apps/cli/src/commands.js';
import { environmentVariables, exists, textOf } from './repository.js';

const documents = [
  'README.md',
  'docs/guide/testing.md',
  'docs/guide/development.md',
  'docs/operations/running.md',
  'docs/adr/0001-modular-monolith.md',
  'docs/adr/0002-subpath-imports-and-swc.md',
  'docs/adr/0003-read-committed-and-retried-units.md',
  'docs/adr/0004-rows-are-the-truth.md',
];

describe('the documents', () => {
  it('explain exactly the environment variables that are read', () => {
    const table = [...textOf('docs/operations/running.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(environmentVariables().length).toBeGreaterThan(10);
    expect(table.toSorted()).toEqual(environmentVariables());
  });

  it.each(documents)('%s names only scripts that exist', (path) => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = [...textOf(path).matchAll(/npm (?:run (?:-s )?)?(start|test|(?<=run (?:-s )?)[a-z]+)/g)].map(
      ([, name]) => name,
    );
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it.each(documents)('%s links only to files that exist', (path) => {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
    const links = [...textOf(path).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target ?? '');
    for (const target of links) expect([target, exists(folder + target)]).toEqual([target, true]);
  });

  it('show commands of the command line that exist', () => {
    const shown = documents.flatMap((path) =>
      [...textOf(path).matchAll(/sanad (?:-- )?(calc [a-z-]+|audit verify|migrate)\b/g)].map(([, name]) => name ?? ''),
    );
    expect(shown).toContain('calc due');
    for (const name of shown) expect(commands.map((command) => command.name)).toContain(name);
  });

  it('say in package.json and README.md the same licence as the licence file', () => {
    expect((JSON.parse(textOf('package.json')) as { license: string }).license).toBe('Apache-2.0');
    expect(textOf('README.md')).toContain('Licence: Apache-2.0.');
    expect(textOf('LICENSE')).toMatch(/Apache License\s+Version 2\.0/);
  });
});
