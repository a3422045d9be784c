import type { FlowRuns, Run } from './flow-runs.js';

/** Present values at a continuous rate of p ≥ 0 a tick: of what was drawn and of what was paid, with their slopes. */
interface RunSums {
  readonly drawn: number;
  readonly paid: number;
  readonly drawnSlope: number;
  readonly paidSlope: number;
}

/** Rates from −99 % to 900,000 %: what lies nearer to the ends of the range is left to the general method. */
const [highest, lowest] = [Math.log(9001), Math.log(0.01)];

/**
 * The effective annual rate of runs that change direction once, in millionths of a percent and proven to the last
 * digit; undefined where this quick method does not apply or cannot prove it. A run of n amounts A at steps s is worth
 * A·e^(−p·t)·(1 − e^(−p·s·n)) / (1 − e^(−p·s)).
 */
export function rateOfRuns(flows: FlowRuns): number | undefined {
  const { runs, net, ticksPerYear } = flows;
  const first = runs[0];
  if (!first || !changesOnce(runs)) return undefined;
  if (net === 0) return 0;
  const isAbove = net > 0 !== first.amount > 0;
  const p = solve(flows, isAbove);
  const y = isAbove ? p * ticksPerYear : -p * ticksPerYear;
  if (!(y < highest && y > lowest)) return undefined;
  const rate = Math.round(Math.expm1(y) * 1e8);
  const drawnFirst = first.amount > 0 ? 1 : -1;
  const isProven =
    surelySigned(flows, 2 * rate - 1) === -drawnFirst && surelySigned(flows, 2 * rate + 1) === drawnFirst;
  return isProven ? rate : undefined;
}

function changesOnce(runs: readonly Run[]): boolean {
  let changes = 0;
  for (let index = 1; index < runs.length; index += 1) {
    if ((runs[index] as Run).amount > 0 !== (runs[index - 1] as Run).amount > 0) changes += 1;
  }
  return changes === 1;
}

/**
 * Newton's method on ln(drawn / paid), which is nearly straight in p. It need not be right: what it finds is proven
 * afterwards. NaN where it does not settle.
 */
function solve(flows: FlowRuns, isAbove: boolean): number {
  let p = 0;
  for (let step = 0; step < 20; step += 1) {
    const { drawn, paid, drawnSlope, paidSlope } = sumsAt(flows, p, isAbove);
    const next = p + Math.log(drawn / paid) / (drawnSlope / drawn - paidSlope / paid);
    if (!(next > 0)) return NaN;
    if (Math.abs(next - p) <= 1e-5 * next) return next;
    p = next;
  }
  return NaN;
}

/** From the first flow on, or from the last one backwards in time for rates below zero: nothing grows with p. */
function sumsAt({ runs }: FlowRuns, p: number, isAbove: boolean): RunSums {
  const [start, end] = ends(runs);
  let [drawn, paid, drawnSlope, paidSlope] = [0, 0, 0, 0];
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index] as Run;
    const { amount, step, count } = run;
    const offset = isAbove ? run.first - start : end - lastTick(run);
    let value = offset === 0 ? amount : amount * Math.exp(-p * offset);
    let slope = value * offset;
    if (count > 1) {
      const near = -Math.expm1(-p * step);
      const far = -Math.expm1(-p * step * count);
      const sum = p === 0 ? count : far / near;
      // The difference loses its digits where the growth over the run is slight; the mean time does for Newton there.
      const weighted = far < 1e-4 ? (sum * (count - 1)) / 2 : (sum * (1 - near) - count * (1 - far)) / near;
      slope = value * (offset * sum + step * weighted);
      value *= sum;
    }
    if (value > 0) {
      drawn += value;
      drawnSlope += slope;
    } else {
      paid -= value;
      paidSlope -= slope;
    }
  }
  return { drawn, paid, drawnSlope, paidSlope };
}

/**
 * The sign of the present value at an odd number of half-millionths of a percent, or 0 where rounding could change it.
 * In units of 2^−53: y carries at most 4, p another, an exponent p·t one more, and exp or expm1 two of their own; a
 * term is a product and a quotient of three of them, at most 9 + 11 + 17·p·(last − first) units of its size. 64 leaves
 * room for three times as much. Adding the terms up adds one unit of the whole size each.
 */
function surelySigned({ runs, ticksPerYear }: FlowRuns, halfMillionths: number): number {
  const p = Math.abs(logarithm(halfMillionths)) / ticksPerYear;
  const isAbove = halfMillionths > 0;
  const [start, end] = ends(runs);
  let [value, size] = [0, 0];
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index] as Run;
    const { amount, step, count } = run;
    const offset = isAbove ? run.first - start : end - lastTick(run);
    let present = offset === 0 ? amount : amount * Math.exp(-p * offset);
    if (count > 1) present *= Math.expm1(-p * step * count) / Math.expm1(-p * step);
    value += present;
    size += Math.abs(present);
  }
  const error = (64 + 2 * runs.length) * 2 ** -53 * (1 + p * (end - start));
  return Math.abs(value) > error * size ? Math.sign(value) : 0;
}

/** ln(1 + rate) of a rate in half-millionths of a percent; far below zero from the exact 1 + rate, as ln1p would amplify the rounding of the rate there. */
export function logarithm(halfMillionths: number): number {
  const rate = halfMillionths / 2e8;
  return rate > -0.5 ? Math.log1p(rate) : Math.log((2e8 + halfMillionths) / 2e8);
}

function ends(runs: readonly Run[]): readonly [number, number] {
  return [(runs[0] as Run).first, lastTick(runs[runs.length - 1] as Run)];
}

function lastTick({ first, step, count }: Run): number {
  return first + step * (count - 1);
}
