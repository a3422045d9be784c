import type { Ratio } from '../ratio.js';

const bits = 224n;
const one = 1n << bits;

/**
 * The equal instalment that repays `balance` over the periods whose interest factors are given, leaving `balloon`
 * for the end, as an exact-enough quotient (224 binary digits after the point): E = (P·G − B) / S with
 * G the growth over all periods and S the sum of the growths after each instalment.
 */
export function levelInstalment(balance: bigint, balloon: bigint, factors: readonly Ratio[]): Ratio {
  const { growth, sum } = growthOf(factors);
  return { numerator: balance * growth - (balloon << bits), denominator: sum };
}

function fixedPoint({ numerator, denominator }: Ratio): bigint {
  return (numerator << bits) / denominator;
}

function equalGrowth(factor: Ratio, periods: number): { growth: bigint; sum: bigint } {
  if (factor.numerator === 0n) return { growth: one, sum: BigInt(periods) << bits };
  let growth = one;
  let square = one + fixedPoint(factor);
  for (let left = periods; left > 0; left >>= 1) {
    if (left % 2 === 1) growth = (growth * square) >> bits;
    if (left > 1) square = (square * square) >> bits;
  }
  return { growth, sum: ((growth - one) * factor.denominator) / factor.numerator };
}

/** Stretches of one factor in closed form, short ones step by step. */
function growthOf(factors: readonly Ratio[]): { growth: bigint; sum: bigint } {
  let [growth, sum] = [one, 0n];
  for (let index = 0; index < factors.length;) {
    const factor = factors[index] as Ratio;
    const first = index;
    do index += 1;
    while (factors[index] === factor);
    const count = index - first;
    if (count === factors.length) return equalGrowth(factor, count);
    if (count > 8 || factor.numerator === 0n) {
      const stretch = equalGrowth(factor, count);
      growth = (growth * stretch.growth) >> bits;
      sum = ((sum * stretch.growth) >> bits) + stretch.sum;
      continue;
    }
    const step = one + fixedPoint(factor);
    for (let each = 0; each < count; each += 1) {
      growth = (growth * step) >> bits;
      sum = ((sum * step) >> bits) + one;
    }
  }
  return { growth, sum };
}
