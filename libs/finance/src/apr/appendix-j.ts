import type { Ratio } from '../ratio.js';
import { signChanges } from './effective-annual-rate.js';
import { fixedBits, fixedOne, toFixed } from './fixed-point.js';
import { proveRate } from './prove-rate.js';
import type { FallingSums } from './root-isolation.js';

/** Money after whole unit-periods and a fraction of one: an advance is positive, a payment negative. */
export interface UnitPeriodFlow {
  readonly unitPeriods: number;
  readonly fraction: Ratio;
  readonly amount: bigint;
}

interface Flow {
  readonly periods: number;
  readonly fraction: number;
  readonly exact: Ratio;
  readonly amount: bigint;
}

/**
 * The nominal annual percentage rate of US Regulation Z, 12 CFR 1026 appendix J (b)(8): the rate i of a unit-period
 * with Σ A / ((1+f·i)(1+i)^t) = Σ P / ((1+f·i)(1+i)^t), times the unit-periods in a year, in millionths of a percent.
 */
export function nominalAnnualRate(flows: readonly UnitPeriodFlow[], unitPeriodsPerYear: Ratio): bigint {
  const ordered = netFlows(flows);
  const columns = columnsOf(ordered);
  const amounts = ordered.map(({ amount }) => amount);
  const perYear = Number(unitPeriodsPerYear.numerator) / Number(unitPeriodsPerYear.denominator);
  return proveRate({
    signChanges: signChanges(amounts.map(Number)),
    net: Number(amounts.reduce((sum, amount) => sum + amount, 0n)),
    drawnFirst: (amounts[0] ?? 0n) > 0n,
    chargedBefore: false,
    above: (y) => sumsAbove(columns, y),
    below: (y) => sumsBelow(columns, y),
    flows: ordered.length,
    highest: Math.log1p(10_000 / perYear),
    lowest: -Math.log(1e-4),
    rateOf: (y) => Math.expm1(y) * perYear * 1e8,
    signAt: (halfMillionths) => exactSign(ordered, halfMillionths, unitPeriodsPerYear),
  });
}

function netFlows(flows: readonly UnitPeriodFlow[]): Flow[] {
  const ordered = flows
    .map(({ unitPeriods, fraction, amount }): Flow => ({
      periods: unitPeriods,
      fraction: Number(fraction.numerator) / Number(fraction.denominator),
      exact: fraction,
      amount,
    }))
    .sort((first, second) => first.periods + first.fraction - (second.periods + second.fraction));
  const netted: Flow[] = [];
  for (const flow of ordered) {
    const last = netted[netted.length - 1];
    const isSame = last?.periods === flow.periods && last.fraction === flow.fraction;
    if (isSame) netted[netted.length - 1] = { ...last, amount: last.amount + flow.amount };
    else netted.push(flow);
  }
  return netted.filter(({ amount }) => amount !== 0n);
}

/** Flows as columns; the unit-periods between neighbours, mostly few different ones, share a power. */
interface Columns {
  readonly amounts: Float64Array;
  readonly periods: Float64Array;
  readonly fractions: Float64Array;
}

function columnsOf(flows: readonly Flow[]): Columns {
  return {
    amounts: Float64Array.from(flows, ({ amount }) => Number(amount)),
    periods: Float64Array.from(flows, ({ periods }) => periods),
    fractions: Float64Array.from(flows, ({ fraction }) => fraction),
  };
}

/** Sums over (1+i)^−1 times the present value: the extra unit-period makes every slope fall too. */
function sumsAbove({ amounts, periods, fractions }: Columns, y: number): FallingSums {
  const [growth, i] = [Math.exp(y), Math.expm1(y)];
  const sums = { drawn: 0, paid: 0, drawnSlope: 0, paidSlope: 0 };
  let [discount, done] = [1 / growth, 0];
  for (let index = 0; index < amounts.length; index += 1) {
    const at = periods[index] as number;
    if (at !== done) {
      discount *= at === done + 1 ? 1 / growth : Math.exp(-y * (at - done));
      done = at;
    }
    const fraction = fractions[index] as number;
    const odd = 1 / (1 + fraction * i);
    addTerm(sums, (amounts[index] as number) * odd * discount, at + 1 + fraction * growth * odd);
  }
  return sums;
}

/** The same below zero, over (1+i)^(T+2) times the present value with i = e^−y − 1 and T the last unit-period. */
function sumsBelow({ amounts, periods, fractions }: Columns, y: number): FallingSums {
  const growth = Math.exp(y);
  const sums = { drawn: 0, paid: 0, drawnSlope: 0, paidSlope: 0 };
  const last = periods[periods.length - 1] ?? 0;
  let [discount, done] = [1 / growth, last];
  for (let index = amounts.length - 1; index >= 0; index -= 1) {
    const at = periods[index] as number;
    if (at !== done) {
      discount *= Math.exp(-y * (done - at));
      done = at;
    }
    const fraction = fractions[index] as number;
    const odd = 1 / ((1 - fraction) * growth + fraction);
    addTerm(sums, (amounts[index] as number) * odd * discount, last - at + 1 + (1 - fraction) * growth * odd);
  }
  return sums;
}

function addTerm(sums: { -readonly [K in keyof FallingSums]: number }, value: number, slope: number): void {
  if (value > 0) {
    sums.drawn += value;
    sums.drawnSlope += value * slope;
  } else {
    sums.paid -= value;
    sums.paidSlope -= value * slope;
  }
}

function exactSign(flows: readonly Flow[], halfMillionths: bigint, perYear: Ratio): number {
  const i = toFixed(halfMillionths * perYear.denominator, 200_000_000n * perYear.numerator);
  const step = (fixedOne << fixedBits) / (fixedOne + i);
  let sum = 0n;
  let discount = fixedOne;
  let done = 0;
  for (const { periods, exact, amount } of flows) {
    for (; done < periods; done += 1) discount = (discount * step) >> fixedBits;
    const odd = fixedOne + (i * exact.numerator) / exact.denominator;
    sum += ((amount * discount) << fixedBits) / odd;
  }
  return sum > 0n ? 1 : sum < 0n ? -1 : 0;
}
