import { Exact } from '../exact-decimal.js';
import { noValue } from './errors.js';

/** A function of a rate, once in floating point to find roots and once exactly to settle their digits. */
export interface RateFunction {
  readonly floating: (rate: number) => number;
  readonly exact: (rate: Exact) => Exact;
}

/**
 * The root nearest to the guess. Floating point looks for changes of sign on a grid of rates from -99.99 % to
 * 1,000,000 % that is even in ln(1 + rate); exact decimals then settle 20 digits by the secant method.
 */
export function nearestRate({ floating, exact }: RateFunction, guess: number): Exact {
  const grid = 2000;
  const [low, high] = [Math.log(1e-4), Math.log(10_001)];
  const roots: number[] = [];
  let before: { rate: number; value: number } | undefined;
  for (let step = 0; step <= grid; step += 1) {
    const rate = Math.expm1(low + ((high - low) * step) / grid);
    const value = floating(rate);
    if (!Number.isFinite(value)) {
      before = undefined;
      continue;
    }
    if (value === 0) roots.push(rate);
    else if (before && before.value !== 0 && before.value > 0 !== value > 0) roots.push(bisect(floating, before, rate));
    before = { rate, value };
  }
  const nearest = nearestTo(roots, guess);
  return nearest === undefined ? noValue(0, 'no rate solves these payments') : polish(exact, nearest);
}

export function nearestTo(roots: readonly number[], guess: number): number | undefined {
  return [...roots].sort((first, second) => Math.abs(first - guess) - Math.abs(second - guess))[0];
}

function bisect(floating: (rate: number) => number, low: { rate: number; value: number }, high: number): number {
  let [a, b] = [low.rate, high];
  for (let step = 0; step < 100; step += 1) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) break;
    if (floating(middle) > 0 === low.value > 0) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** The secant method in exact decimals from a floating-point root. */
export function polish(exact: (rate: Exact) => Exact, root: number): Exact {
  let last = new Exact(root);
  let lastValue = exact(last);
  let rate = last.add(new Exact(Math.max(Math.abs(root), 1e-3)).mul('1e-12'));
  for (let step = 0; step < 12; step += 1) {
    const value = exact(rate);
    if (value.eq(lastValue) || value.isZero()) break;
    const next = rate.sub(value.mul(rate.sub(last)).div(value.sub(lastValue)));
    [last, lastValue, rate] = [rate, value, next];
    if (rate.sub(last).abs().lte(rate.abs().mul('1e-25'))) break;
  }
  return rate.abs().lt('1e-20') ? new Exact(0) : rate;
}
