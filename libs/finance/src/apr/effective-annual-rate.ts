import { exactSign } from './exact-sign.js';
import { type FloatingFlows, floatingFlows, floatingSums, type TimedFlow } from './floating-flows.js';
import { type FlowRuns, runsOfFlows, runsOfPeriods, runsOfTable } from './flow-runs.js';
import { type FlowTable, flowsOfTable } from './flow-table.js';
import { allRoots, proveRate } from './prove-rate.js';
import { logarithm, rateOfRuns } from './run-rate.js';

export type { TimedFlow } from './floating-flows.js';

/**
 * The annual percentage rate of charge of Directives 2008/48/EC (annex I) and 2014/17/EU (annex I): the X with
 * Σ C·(1+X)^−t = Σ D·(1+X)^−s, in millionths of a percent. A flow before time 0, the first drawing, is a charge paid
 * in advance. Refuses flows with no such X from −99.99 % to 1,000,000 %, or with several.
 *
 * The last digit is proven: the present value has different signs half a unit below and above. Floating point decides
 * a sign when the value exceeds a bound of its rounding errors; otherwise fixed point of 192 binary digits does.
 * Equal amounts at equal steps, most loans, are valued by the sum of a geometric series.
 */
export function effectiveAnnualRate(flows: readonly TimedFlow[]): bigint {
  return ofRuns(runsOfFlows(flows)) ?? ofEachFlow(flows);
}

/** The same of a table of flows. */
export function effectiveAnnualRateOfTable(table: FlowTable): bigint {
  return ofRuns(runsOfTable(table)) ?? ofEachFlow(flowsOfTable(table));
}

/**
 * The same of amounts that follow each other at equal periods, the first one now, in whole minor units below 2^53
 * (drawn is positive, paid back negative). The quickest way in: it takes what `irr` functions take.
 */
export function effectiveAnnualRateOfPeriods(amounts: readonly number[], periodsPerYear: number): bigint {
  const denominator = BigInt(periodsPerYear);
  return (
    ofRuns(runsOfPeriods(amounts, periodsPerYear)) ??
    ofEachFlow(amounts.map((amount, n) => ({ amount: BigInt(amount), time: { numerator: BigInt(n), denominator } })))
  );
}

function ofRuns(runs: FlowRuns | undefined): bigint | undefined {
  const rate = runs && rateOfRuns(runs);
  return rate === undefined ? undefined : BigInt(rate);
}

function ofEachFlow(flows: readonly TimedFlow[]): bigint {
  const floating = floatingFlows(flows);
  const sums = floatingSums(floating);
  let exact: ReturnType<typeof exactSign> | undefined;
  return proveRate({
    ...equationOf(flows, floating, sums),
    signChanges: signChanges(floating.amounts),
    drawnFirst: (floating.amounts[0] ?? 0) > 0,
    chargedBefore: (floating.times[0] ?? 0) < 0 && (floating.amounts[0] ?? 0) < 0,
    mostAboveZero: floating.isExact ? balanceChanges(floating.amounts) : Infinity,
    signAt(halfMillionths) {
      const sign = sums.surelySigned(logarithm(Number(halfMillionths)));
      if (sign !== 0) return sign;
      exact ??= exactSign(flows);
      return exact(halfMillionths);
    },
  });
}

/** Every rate that solves the flows, as floating-point fractions a year; undefined where two cannot be told apart. */
export function floatingRates(flows: readonly TimedFlow[]): readonly number[] | undefined {
  const floating = floatingFlows(flows);
  if (signChanges(floating.amounts) === 0) return [];
  return allRoots(equationOf(flows, floating, floatingSums(floating)))?.map(({ rate }) => rate / 1e8);
}

/** The present value of the flows at a rate a year as a floating-point fraction; only its sign matters. */
export function floatingValue(flows: readonly TimedFlow[]): (rate: number) => number {
  const sums = floatingSums(floatingFlows(flows));
  return (rate) => {
    const y = Math.log1p(rate);
    const { drawn, paid } = y >= 0 ? sums.above(y) : sums.below(-y);
    return drawn - paid;
  };
}

function equationOf(flows: readonly TimedFlow[], floating: FloatingFlows, sums: ReturnType<typeof floatingSums>) {
  return {
    flows: floating.amounts.length,
    above: sums.above,
    below: sums.below,
    net: floating.isExact
      ? Math.sign(floating.amounts.reduce((sum, amount) => sum + amount, 0))
      : Number(flows.reduce((sum, { amount }) => sum + amount, 0n)),
    highest: Math.log(10_001),
    lowest: -Math.log(1e-4),
    rateOf: (y: number) => Math.expm1(y) * 1e8,
  };
}

/** How often money changes its direction: a bound on the number of rates (Descartes' rule of signs). */
export function signChanges(amounts: ArrayLike<number>): number {
  let changes = 0;
  for (let index = 1; index < amounts.length; index += 1) {
    if ((amounts[index] as number) > 0 !== (amounts[index - 1] as number) > 0) changes += 1;
  }
  return changes;
}

/**
 * How often the running balance of all flows changes its sign: a bound on the number of rates above zero (C. Norstrøm's
 * criterion; the present value is the rate times the Laplace transform of that balance).
 */
function balanceChanges(amounts: Float64Array): number {
  let [changes, balance, last] = [0, 0, 0];
  for (let index = 0; index < amounts.length; index += 1) {
    balance += amounts[index] as number;
    if (balance === 0) continue;
    if (last !== 0 && balance > 0 !== last > 0) changes += 1;
    last = balance;
  }
  return changes;
}
