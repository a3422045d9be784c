// The rules of the house that a pattern can see. Each carries a line that breaks it and must be caught.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, finish, root } from './sources.mjs';

const longest = 250;
const test = /\.(spec|int-spec|journey)\.ts$|^test\/|^libs\/[^/]+\/src\/testing\//;
const mark = ['TO', 'DO'].join('');

/** @type {{name: string, pattern: RegExp, where?: RegExp, unless?: RegExp, bad: string}[]} */
const rules = [
  {
    name: 'no forwardRef: a circle of modules wants another cut',
    pattern: /\bforwardRef\(/,
    bad: 'forwardRef(() => A)',
  },
  {
    name: 'nothing left for later',
    pattern: new RegExp(`\\b(${mark}|FIX${'ME'}|XX${'X'}|HA${'CK'})\\b`),
    bad: `// ${mark}: later`,
  },
  {
    name: 'no test runs alone or is left out',
    pattern: /\b(it|test|describe)(\.each)?\.(only|skip|todo)\b|\b(xit|fit|xdescribe|fdescribe)\(/,
    where: /\.(spec|int-spec|journey)\.ts$|^test\//,
    bad: ['it.', "only('x')"].join(''),
  },
  {
    name: 'no default export: a thing has one name',
    pattern: /^export default\b|\bas default\b/m,
    where: /\.ts$/,
    bad: 'export default 1;',
  },
  {
    name: 'the environment is read in libs/platform/src/config/environment.ts only',
    pattern: /\bprocess\.env\b/,
    where: /^(libs|apps|config)\/.*\.ts$/,
    unless: new RegExp(`${test.source}|^libs/platform/src/config/environment\\.ts$`),
    bad: 'const x = process.env.X;',
  },
  {
    name: 'a domain folder has no clock, no chance and no environment: time is an argument',
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bprocess\./,
    where: /^libs\/(kernel|finance|invoices)\/src\/|^libs\/[^/]+\/src\/domain\//,
    unless: test,
    bad: 'const now = Date.now();',
  },
  {
    name: 'no switched-off checks',
    pattern: /@ts-(ignore|nocheck)|\b(eslint|oxlint)-disable\b/,
    bad: '// @ts-ignore',
  },
  { name: 'no schema made by the framework', pattern: /synchronize:\s*true/, where: /\.ts$/, bad: 'synchronize: true' },
];
const vague = /(^|\/)(utils?|helpers?|common|misc)(\/|\.[a-z.]+$)/;

const self = /^test\/verify\/(house-rules|planted-violations)\.mjs$/;
const sources = filesBelow('.', /\.(ts|tsx|mjs|cjs)$/, self);
const faults = [];

for (const { name, pattern, bad } of rules) {
  if (!pattern.test(bad)) faults.push(`the rule "${name}" did not see its own bad line`);
}
for (const path of sources) {
  const text = readFileSync(join(root, path), 'utf8');
  const lines = text.split('\n');
  for (const { name, pattern, where = /./, unless = /$^/ } of rules) {
    if (!where.test(path) || unless.test(path) || !pattern.test(text)) continue;
    const line = lines.findIndex((each) => pattern.test(each)) + 1;
    faults.push(`${path}:${line || 1} ${name}`);
  }
  if (vague.test(path)) faults.push(`${path} a name that says nothing: call it by its noun`);
  const length = text.endsWith('\n') ? lines.length - 1 : lines.length;
  if (length > longest && !lines.slice(0, 5).some((line) => line.includes('size:'))) {
    faults.push(`${path} has ${length} lines; cut it, or give the reason at its top in a line "// size: …"`);
  }
}

finish(faults, `${sources.length} files, ${rules.length + 2} rules`);
