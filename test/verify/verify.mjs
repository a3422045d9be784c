// `npm run verify [-- name …]`: every check that needs no server, two at a time, with one summary.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkNode, prepare } from '../../docker/local/project.mjs';
import { Steps } from '../../docker/local/steps.mjs';
import { root } from './sources.mjs';

const own = (name, ...words) => [join(root, 'test/verify', name), ...words];
const tool = (path, ...words) => [join(root, 'node_modules', path), ...words];

/** The longest first, so that two lanes end at about the same time. */
const checks = {
  format: tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  types: own('types.mjs'),
  'unused code': tool('knip/bin/knip.js', '--no-progress'),
  boundaries: own('boundaries.mjs'),
  'generated files': own('generate.mjs', '--check'),
  lint: tool('oxlint/bin/oxlint', '--deny-warnings', '-c', '.oxlintrc.json', '.'),
  'house rules': own('house-rules.mjs'),
  licences: own('licences.mjs'),
};

function runCheck(args) {
  return new Promise((resolve) => {
    const since = Date.now();
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => (output += part));
    child.once('close', (code) => resolve({ code, output: output.trim(), seconds: (Date.now() - since) / 1000 }));
  });
}

async function main(wanted) {
  const unknown = wanted.filter((name) => !(name in checks));
  if (unknown.length > 0)
    throw new Error(`no check named ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  const steps = new Steps();
  try {
    checkNode();
    await prepare(steps);
  } catch (error) {
    steps.fail(error);
    return false;
  }
  const queue = Object.entries(checks).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  const failed = [];
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [name, args] = next;
      const { code, output, seconds } = await runCheck(args);
      const [last = ''] = code === 0 ? output.split('\n').slice(-1) : [];
      console.log(
        `  ${code === 0 ? '✓' : '✗'} ${name.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s  ${last.slice(0, 90)}`.trimEnd(),
      );
      if (code !== 0) failed.push({ name, output });
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, lane));
  for (const { name, output } of failed) console.log(`\n── ${name}\n${output}`);
  console.log(
    failed.length > 0 ? `\nverify: ${failed.map(({ name }) => name).join(', ')} failed` : '\nverify: all is well',
  );
  return failed.length === 0;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
