import { expFixed, fixedBits, fixedOne, lnFixed, multiplyFixed, toFixed } from './fixed-point.js';
import type { TimedFlow } from './floating-flows.js';

/**
 * The exact sign of the present value at a rate given in half-millionths of a percent: Horner's rule in fixed point
 * of 192 binary digits, flow by flow from the last to the first.
 */
export function exactSign(flows: readonly TimedFlow[]): (halfMillionths: bigint) => number {
  const ordered = flows
    .map(({ time, amount }) => ({ at: toFixed(time.numerator, time.denominator), amount }))
    .sort((first, second) => (first.at < second.at ? -1 : first.at > second.at ? 1 : 0));
  return (halfMillionths) => {
    const logarithm = lnFixed(fixedOne + toFixed(halfMillionths, 200_000_000n));
    const powers = new Map<bigint, bigint>();
    const powerOf = (distance: bigint): bigint => {
      // Fixed-point quotients of equal distances differ in their last places only.
      const key = (distance + (1n << 31n)) >> 32n;
      const known = powers.get(key) ?? expFixed(-multiplyFixed(logarithm, distance));
      powers.set(key, known);
      return known;
    };
    let sum = 0n;
    for (let index = ordered.length - 1; index >= 0; index -= 1) {
      const { at, amount } = ordered[index] as (typeof ordered)[number];
      sum += amount << fixedBits;
      const before = ordered[index - 1];
      if (before && before.at !== at) sum = multiplyFixed(sum, powerOf(at - before.at));
    }
    return sum > 0n ? 1 : sum < 0n ? -1 : 0;
  };
}
