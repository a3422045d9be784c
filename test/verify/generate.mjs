// Everything that is generated and committed, in one place. Without words it writes, with --check it compares.
//   config/answers.json           what each route answers, read from the types of the controllers
//   config/openapi.json           the HTTP API, by `sanad export openapi`
//   package-lock.json             with the optional packages of other systems
//   libs/*/README.md              the life cycles, between <!-- lifecycle:NAME --> and <!-- /lifecycle -->
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describeAnswers } from './answers.mjs';
import { completeLockFile } from './lock-file.mjs';
import { filesBelow, finish, root } from './sources.mjs';

const load = createRequire(import.meta.url);
const dist = join(root, 'dist');
const faults = [];

/** Each generator gives the files that it makes: path → text. */
/** In this order: the OpenAPI document takes over the answers. */
const generators = { lockFile, answers, openapi, lifecycles };

function lockFile() {
  const { text, unknown } = completeLockFile(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  faults.push(...unknown.map((name) => `package-lock.json lacks the optional package ${name}`));
  return { 'package-lock.json': text };
}

function answers() {
  const { document, faults: found } = describeAnswers();
  faults.push(...found);
  return { 'config/answers.json': `${JSON.stringify(document, null, 2)}\n` };
}

function openapi() {
  const { commands } = load(join(dist, 'apps/cli/src/commands.js'));
  if (!commands.some(({ name }) => name === 'export openapi')) return {};
  const cli = join(dist, 'apps/cli/src/main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'export', 'openapi'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) {
    faults.push(`sanad export openapi ended with ${status}: ${stderr.slice(0, 2000)}`);
    return {};
  }
  for (const [address, path] of Object.entries(JSON.parse(stdout).paths)) {
    for (const [method, { responses }] of Object.entries(path)) {
      const silent = Object.entries(responses).filter(([status, { content }]) => status !== '204' && !content);
      for (const [status] of silent)
        faults.push(`${method.toUpperCase()} ${address} says nothing about its answer ${status}`);
    }
  }
  return { 'config/openapi.json': stdout.endsWith('\n') ? stdout : `${stdout}\n` };
}

/** The life cycles of a library: exported by its index or by a file named *.lifecycle.ts. */
function lifecyclesOf(library) {
  const front = `libs/${library}/src/index.ts`;
  const sources = [
    ...(existsSync(join(root, front)) ? [front] : []),
    ...filesBelow(`libs/${library}/src`, /\.lifecycle\.ts$/),
  ];
  const found = new Map();
  for (const source of sources) {
    const built = join(dist, source.replace(/\.ts$/, '.js'));
    for (const value of Object.values(load(built))) {
      if (typeof value?.toMermaid === 'function' && value.table?.name) found.set(value.table.name, value);
    }
  }
  return found;
}

function lifecycles() {
  load('reflect-metadata');
  const files = {};
  for (const library of readdirSync(join(root, 'libs'))) {
    const path = `libs/${library}/README.md`;
    const found = lifecyclesOf(library);
    if (!existsSync(join(root, path))) {
      if (found.size > 0) faults.push(`${path} is missing; it shows the life cycles ${[...found.keys()].join(', ')}`);
      continue;
    }
    const shown = new Set();
    files[path] = readFileSync(join(root, path), 'utf8').replace(
      /(<!-- lifecycle:(.+?) -->\n)[\s\S]*?(<!-- \/lifecycle -->)/g,
      (whole, open, name, close) => {
        shown.add(name);
        const lifecycle = found.get(name);
        if (!lifecycle) faults.push(`${path} shows a life cycle "${name}" that libs/${library} does not have`);
        return lifecycle
          ? `${open}\n\`\`\`mermaid\n${lifecycle.toMermaid()}\n\`\`\`\n\n${meanings(lifecycle)}\n\n${close}`
          : whole;
      },
    );
    for (const name of found.keys()) {
      if (!shown.has(name)) faults.push(`${path} lacks <!-- lifecycle:${name} --> <!-- /lifecycle -->`);
    }
  }
  return files;
}

/** What each state means, in the table's own words. */
function meanings({ table }) {
  return Object.entries(table.states)
    .map(([state, meaning]) => `- \`${state}\`: ${meaning}`)
    .join('\n');
}

const check = process.argv.includes('--check');
let count = 0;
for (const generate of Object.values(generators)) {
  for (const [path, text] of Object.entries(generate())) {
    count += 1;
    const full = join(root, path);
    const present = existsSync(full) ? readFileSync(full, 'utf8') : undefined;
    if (present === text) continue;
    if (check) faults.push(`${path} is not what the code says now: npm run generate, and commit it`);
    else writeFileSync(full, text);
  }
}
finish(faults, `${count} generated file${count === 1 ? '' : 's'}`);
