// `npm run bench [-- name …]`: runs the measurements under test/bench on servers whose data lies on the disk.
// A measurement writes one line of JSON for each figure to the file SANAD_BENCH_RESULT: {name, value, unit, aim, met}.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runWithMarket } from './with-market.mjs';
import { StepFailure } from './failure.mjs';
import { local, root } from './places.mjs';

const folder = join(root, 'test/bench');
const suffix = '.bench.mjs';

function chosen(wanted) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)) : [];
  const all = names.map((name) => name.slice(0, -suffix.length)).sort();
  const unknown = wanted.filter((name) => !all.includes(name));
  if (all.length === 0 || unknown.length > 0) {
    throw new StepFailure(
      unknown.length > 0 ? `there is no measurement ${unknown.join(', ')}` : 'test/bench is empty',
      {
        next: `There ${all.length === 1 ? 'is' : 'are'}: ${all.join(', ') || 'none'}.`,
      },
    );
  }
  return wanted.length > 0 ? wanted : all;
}

function printFigures(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const figures = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  if (figures.length === 0) return true;
  const rows = figures.map(({ name, value, unit = '', aim = '', met }) => [
    name,
    `${value} ${unit}`.trim(),
    String(aim),
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const table = [['figure', 'measured', 'aim', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(
    `\n${table
      .map((row) =>
        row
          .map((cell, n) => cell.padEnd(widths[n]))
          .join('  ')
          .trimEnd(),
      )
      .join('\n')}`,
  );
  return figures.every(({ met }) => met !== false);
}

const options = { mode: 'on-disk', programs: false, bufferPool: process.env.SANAD_BENCH_BUFFER_POOL ?? '1G' };
runWithMarket(options, async ({ run, env, steps }) => {
  const names = chosen(process.argv.slice(2));
  mkdirSync(join(local, 'logs'), { recursive: true });
  const results = join(local, 'logs', `bench-${process.pid}.jsonl`);
  rmSync(results, { force: true });
  let worst = 0;
  for (const name of names) {
    steps.say(`\n${name}`);
    const code = await run(process.execPath, [join(folder, name + suffix)], { ...env, SANAD_BENCH_RESULT: results });
    worst = Math.max(worst, code);
  }
  const met = printFigures(results);
  rmSync(results, { force: true });
  return worst || (met ? 0 : 1);
});
