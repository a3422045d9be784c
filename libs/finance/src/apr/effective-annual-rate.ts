import type { Ratio } from '../ratio.js';
import { expFixed, fixedBits, fixedOne, lnFixed, multiplyFixed, toFixed, toNumber } from './fixed-point.js';
import { allRoots, proveRate } from './prove-rate.js';
import type { FallingSums } from './root-isolation.js';

/** Money at a time in years: drawn is positive, paid back negative, in minor units. */
export interface TimedFlow {
  readonly time: Ratio;
  readonly amount: bigint;
}

/**
 * The annual percentage rate of charge of Directives 2008/48/EC (annex I) and 2014/17/EU (annex I): the X with
 * Σ C·(1+X)^−t = Σ D·(1+X)^−s, in millionths of a percent. A flow before time 0, the first drawing, is a charge paid
 * in advance. Refuses flows with no such X from −99.99 % to 1,000,000 %, or with several.
 */
export function effectiveAnnualRate(flows: readonly TimedFlow[]): bigint {
  const { amounts, times } = netByTime(flows);
  return proveRate({
    ...equationOf(amounts, times),
    signChanges: signChanges(amounts),
    chargedBefore: (times[0] ?? 0n) < 0n && (amounts[0] ?? 0n) < 0n,
    signAt: exactSign(amounts, times),
  });
}

/** Every rate that solves the flows, as floating-point fractions a year; undefined where two cannot be told apart. */
export function floatingRates(flows: readonly TimedFlow[]): readonly number[] | undefined {
  const { amounts, times } = netByTime(flows);
  if (signChanges(amounts) === 0) return [];
  return allRoots(equationOf(amounts, times))?.map(({ rate }) => rate / 1e8);
}

function equationOf(amounts: readonly bigint[], times: readonly bigint[]) {
  return {
    ...floatingSums(amounts, times),
    net: amounts.reduce((sum, amount) => sum + amount, 0n),
    highest: Math.log(10_001),
    lowest: -Math.log(1e-4),
    rateOf: (y: number) => Math.expm1(y) * 1e8,
  };
}

/** Flows in order of time, those at one time added up, those that cancel left out; times in fixed point. */
function netByTime(flows: readonly TimedFlow[]): { amounts: bigint[]; times: bigint[] } {
  const timed = flows.map(({ time, amount }) => ({ at: toFixed(time.numerator, time.denominator), amount }));
  if (timed.some(({ at }, index) => index > 0 && at < (timed[index - 1] as { at: bigint }).at)) {
    timed.sort((first, second) => (first.at < second.at ? -1 : first.at > second.at ? 1 : 0));
  }
  const netted: { at: bigint; amount: bigint }[] = [];
  for (const flow of timed) {
    const last = netted[netted.length - 1];
    if (last && flow.at - last.at < 1n << 64n) last.amount += flow.amount;
    else netted.push({ ...flow });
  }
  const kept = netted.filter(({ amount }) => amount !== 0n);
  return { amounts: kept.map(({ amount }) => amount), times: kept.map(({ at }) => at) };
}

export function signChanges(amounts: readonly bigint[]): number {
  return amounts.filter((amount, index) => index > 0 && amount > 0n !== (amounts[index - 1] as bigint) > 0n).length;
}

/** Distances from flow to flow; equal ones share one index, so that each power is computed once. */
function distances(times: readonly bigint[]): { distinct: bigint[]; indexes: Int32Array } {
  const known = new Map<bigint, number>();
  const distinct: bigint[] = [];
  const indexes = new Int32Array(times.length);
  for (let at = 1; at < times.length; at += 1) {
    const distance = (times[at] as bigint) - (times[at - 1] as bigint);
    // Fixed-point quotients of equal distances differ in their last places only.
    const key = (distance + (1n << 31n)) >> 32n;
    let index = known.get(key);
    if (index === undefined) {
      index = distinct.push(distance) - 1;
      known.set(key, index);
    }
    indexes[at] = index;
  }
  return { distinct, indexes };
}

function floatingSums(amounts: readonly bigint[], times: readonly bigint[]) {
  const values = Float64Array.from(amounts, Number);
  const { distinct, indexes } = distances(times);
  const steps = Float64Array.from(distinct, toNumber);
  const offsets = Float64Array.from(times, (at) => toNumber(at - (times[0] as bigint)));
  const whole = offsets[offsets.length - 1] ?? 0;
  const powers = new Float64Array(steps.length);
  const sums = (y: number, forward: boolean): FallingSums => {
    for (let index = 0; index < steps.length; index += 1) powers[index] = Math.exp(-y * (steps[index] as number));
    let [drawn, paid, drawnSlope, paidSlope] = [0, 0, 0, 0];
    let discount = 1;
    for (let count = 0; count < values.length; count += 1) {
      const at = forward ? count : values.length - 1 - count;
      if (count > 0) discount *= powers[indexes[forward ? at : at + 1] as number] as number;
      const value = (values[at] as number) * discount;
      const slope = value * (forward ? (offsets[at] as number) : whole - (offsets[at] as number));
      if (value > 0) {
        drawn += value;
        drawnSlope += slope;
      } else {
        paid -= value;
        paidSlope -= slope;
      }
    }
    return { drawn, paid, drawnSlope, paidSlope };
  };
  return { above: (y: number) => sums(y, true), below: (y: number) => sums(y, false) };
}

/** The sign of the present value at a rate, by Horner's rule in fixed point of 192 binary digits. */
function exactSign(amounts: readonly bigint[], times: readonly bigint[]): (halfMillionths: bigint) => number {
  const { distinct, indexes } = distances(times);
  return (halfMillionths) => {
    const growth = fixedOne + toFixed(halfMillionths, 200_000_000n);
    const logarithm = lnFixed(growth);
    const powers = distinct.map((distance) => expFixed(-multiplyFixed(logarithm, distance)));
    let sum = 0n;
    for (let at = amounts.length - 1; at >= 0; at -= 1) {
      sum += (amounts[at] as bigint) << fixedBits;
      if (at > 0) sum = multiplyFixed(sum, powers[indexes[at] as number] as bigint);
    }
    return sum > 0n ? 1 : sum < 0n ? -1 : 0;
  };
}
