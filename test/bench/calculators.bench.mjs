/**
 * How quick the calculators are, against the targets of the project: `node test/bench/calculators.bench.mjs` after a build.
 * Rates of npm packages are printed beside ours when a package is installed; it counts only when its answer is right
 * (European Commission 2015, example 1: 6.434412). Ends with 1 when a target is missed.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const {
  aprCalculator,
  effectiveAnnualRate,
  effectiveAnnualRateOfPeriods,
  repaymentSchedule,
  scheduleCalculator,
} = require('../../dist/libs/finance/src/index.js');
const cli = new URL('../../dist/apps/cli/src/main.js', import.meta.url).pathname;

/** Calls a second over about a second, the best of three rounds, so that a busy machine disturbs least. */
function perSecond(work) {
  for (let warm = 0; warm < 200; warm += 1) work();
  const rounds = [0, 1, 2].map(() => {
    const start = process.hrtime.bigint();
    let calls = 0;
    while (process.hrtime.bigint() - start < 300_000_000n) {
      for (let each = 0; each < 10; each += 1) work();
      calls += 10;
    }
    return calls / (Number(process.hrtime.bigint() - start) / 1e9);
  });
  return Math.max(...rounds);
}

const instalments = Array.from({ length: 240 }, (_, index) => index + 1);
const flows = [
  { time: { numerator: 0n, denominator: 1n }, amount: 19_600_000n },
  ...instalments.map((n) => ({ time: { numerator: BigInt(n), denominator: 12n }, amount: -143_286n })),
];
const aprInput = {
  method: 'eu',
  flows: [{ at: '0', amount: '196000' }, ...instalments.map((n) => ({ at: `${n}/12`, amount: '-1432.86' }))],
};
const terms = {
  principal: 20_000_000n,
  annualRate: { numerator: 6n, denominator: 100n },
  interest: 'declining',
  amortization: 'equal_instalments',
  dayCount: 'ACT/365',
  start: '2024-01-15',
  periods: 360,
  every: { count: 1, unit: 'month' },
  rounding: { step: 1n, mode: 'half_even' },
};
const scheduleInput = {
  principal: '200000',
  annualRate: '6',
  interest: 'declining',
  amortization: 'equal_instalments',
  dayCount: 'equal_periods',
  start: '2024-01-15',
  periods: 360,
  rounding: { to: '0.01', mode: 'half_even' },
};

/** The same amounts in minor units as the lender sees them, one array for us and for the packages of equal periods. */
const amounts = flows.map(({ amount }) => -Number(amount));
/** Packages that solve the same loan, as they want it told. Only the dated ones can state flows at any time. */
const values = [-196_000, ...instalments.map(() => 1432.86)];
const day = (n) => new Date(Date.UTC(2024, 0, 1) + Math.round((n * 365 * 86_400_000) / 12));
const packages = {
  'node-irr (equal periods only)': () => {
    const { irr } = require('node-irr');
    return () => 100 * ((1 + irr(amounts)) ** 12 - 1);
  },
  xirr: () => {
    const xirr = require('xirr');
    return () => 100 * xirr(values.map((amount, n) => ({ amount, when: day(n) })));
  },
  '@webcarrot/xirr': () => {
    const { xirr } = require('@webcarrot/xirr');
    return () => 100 * xirr(values.map((amount, n) => ({ amount, date: day(n) })));
  },
};

function attempt(solve) {
  try {
    return solve();
  } catch (error) {
    return error.message;
  }
}

let missed = 0;
function report(what, value, unit, { least, most } = {}) {
  const isMissed = (least !== undefined && value < least) || (most !== undefined && value > most);
  const target = least !== undefined ? `target at least ${least}` : most !== undefined ? `target at most ${most}` : '';
  const figure = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  console.log(`${isMissed ? 'MISSED' : 'ok    '}  ${what.padEnd(58)} ${figure} ${unit}  ${target}`);
  if (isMissed) missed += 1;
}

const aprRate = perSecond(() => effectiveAnnualRate(flows));
report('APR of 240 instalments, proven to six decimals', aprRate, '/s', { least: 2000 });
const periodsRate = perSecond(() => effectiveAnnualRateOfPeriods(amounts, 12));
report('APR of 240 instalments, amounts at equal periods', periodsRate, '/s', { least: 2000 });
report(
  'APR of 240 instalments, from JSON',
  perSecond(() => aprCalculator(aprInput)),
  '/s',
  { least: 2000 },
);
report(
  'schedule of 360 rows, counted days',
  perSecond(() => repaymentSchedule(terms)),
  '/s',
  { least: 5000 },
);
report(
  'schedule of 360 rows, from JSON to JSON',
  perSecond(() => scheduleCalculator(scheduleInput)),
  '/s',
  { least: 5000 },
);

for (const [name, prepare] of Object.entries(packages)) {
  let solve;
  try {
    solve = prepare();
  } catch {
    console.log(`        ${name}: not installed, not compared`);
    continue;
  }
  const answer = attempt(solve);
  const isRight = Math.abs(answer - 6.434412) < 5e-7;
  const rate = perSecond(() => attempt(solve));
  const own = name.includes('equal periods') ? periodsRate : aprRate;
  console.log(`        ${name}: ${answer} ${isRight ? 'right' : 'WRONG'}, ${Math.round(rate).toLocaleString('en')} /s`);
  if (isRight) report(`APR against ${name}`, own / rate, 'times', { least: 5 });
}

const seconds = Array.from({ length: 7 }, () => {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, [cli, 'calc', 'apr'], { input: JSON.stringify(aprInput) });
  return Number(process.hrtime.bigint() - start) / 1e9;
}).sort((first, second) => first - second);
report('the process of calc apr, median of seven', seconds[3], 's', { most: 0.3 });

process.exitCode = missed > 0 ? 1 : 0;
