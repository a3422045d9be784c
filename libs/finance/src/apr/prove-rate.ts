import { aprError } from './errors.js';
import { type FallingSums, isolateRoots, solveBracket } from './root-isolation.js';

/**
 * An equation of value whose root is an annual rate. The floating-point side finds the root over y ≥ 0 in both
 * directions from zero; the exact side decides signs and so proves the last printed digit.
 */
export interface RateEquation {
  /** Signs of the flows in order of time change once: there is at most one root. */
  readonly signChanges: number;
  /** At most so many rates above zero solve it, from the signs of the running balance; undefined where not known. */
  readonly mostAboveZero?: number;
  /** The number of flows: what one evaluation costs. */
  readonly flows: number;
  /** Net of all flows: the sign of the present value at a rate of zero. */
  readonly net: number;
  /** The first flow is a drawing. */
  readonly drawnFirst: boolean;
  /** Charges fall due before the first drawing; they add a root, far up, where the present value falls. */
  readonly chargedBefore: boolean;
  /** Sums at a rate above zero (y = ln(1 + rate)) and below zero (y = −ln(1 + rate)). */
  readonly above: (y: number) => FallingSums;
  readonly below: (y: number) => FallingSums;
  readonly highest: number;
  readonly lowest: number;
  /** The printed rate, in millionths of a percent, that y stands for. */
  readonly rateOf: (y: number) => number;
  /** The exact sign of the present value at half-millionths of a percent. */
  readonly signAt: (halfMillionths: bigint) => number;
}

interface Root {
  /** In millionths of a percent, as floating point found it. */
  readonly rate: number;
  /** The present value rises through zero as the rate rises: what a loan's does. */
  readonly rises: boolean;
}

/** The one rate that solves the equation, in millionths of a percent and proven to the last digit. */
export function proveRate(equation: RateEquation): bigint {
  const root = onlyRoot(equation);
  if (root.rate === 0 && equation.net === 0) return 0n;
  let rate = BigInt(Math.round(root.rate));
  let [step, last] = [1n, 0];
  for (let tries = 0; tries < 200; tries += 1) {
    const below = equation.signAt(2n * rate - 1n);
    const above = equation.signAt(2n * rate + 1n);
    if (below !== above) return rate;
    const up = below > 0 !== root.rises ? 1 : -1;
    step = up === last ? step * 2n : step > 1n ? step / 2n : 1n;
    rate += BigInt(up) * step;
    last = up;
  }
  throw several('the rate found cannot be proven');
}

function onlyRoot(equation: RateEquation): Root {
  const { signChanges, net } = equation;
  if (signChanges === 0) throw noSolution('all money flows in one direction');
  if (signChanges === 1) {
    if (net === 0) return { rate: 0, rises: true };
    return simpleRoot(equation) ?? outOfRange();
  }
  const positive = equation.chargedBefore ? undefined : onlyPositiveRoot(equation);
  if (positive) return positive;
  const roots = allRoots(equation);
  if (!roots) throw several('two of them cannot be told apart');
  const loans = equation.chargedBefore ? roots.filter(({ rises }) => rises) : roots;
  // Beside one rate that is not negative, a negative one is not what the credit costs.
  const candidates = loans.filter(({ rate }) => rate >= 0).length === 1 ? loans.filter(({ rate }) => rate >= 0) : loans;
  if (candidates.length === 0) outOfRange();
  if (candidates.length > 1) {
    const rates = candidates.map(({ rate }) => `${(Math.round(rate / 100) / 1e4 + 0).toFixed(4)} %`);
    throw several(`the equation holds at ${[...new Set(rates)].join(', ')}`);
  }
  return candidates[0] as Root;
}

/**
 * The one root that is not negative, where the running balance tells that there is one: beside it a negative one is
 * not what the credit costs.
 */
function onlyPositiveRoot(equation: RateEquation): Root | undefined {
  const { mostAboveZero, net } = equation;
  if (net === 0) return mostAboveZero === 0 ? { rate: 0, rises: true } : undefined;
  return mostAboveZero === 1 ? simpleRoot(equation) : undefined;
}

/** A root known to be alone on its side of zero, which the net of all decides; undefined beyond the range. */
function simpleRoot({ above, below, highest, lowest, rateOf, net, drawnFirst }: RateEquation): Root | undefined {
  const isAbove = net > 0 !== drawnFirst;
  const [sumsAt, end, sign] = isAbove ? ([above, highest, 1] as const) : ([below, lowest, -1] as const);
  const atLow = sumsAt(0);
  const y = solveBracket(sumsAt, { low: 0, high: end, falls: atLow.drawn > atLow.paid }, atLow);
  if (y > 0.999 * end) {
    const atEnd = sumsAt(end);
    if (atEnd.drawn > atEnd.paid === atLow.drawn > atLow.paid) return undefined;
  }
  return { rate: rateOf(sign * y), rises: drawnFirst };
}

function outOfRange(): never {
  throw noSolution('the equation has no root from -99.99 % to 1,000,000 %');
}

/** Every root from -99.99 % to 1,000,000 %; undefined where two cannot be told apart. */
export function allRoots(
  equation: Omit<RateEquation, 'signAt' | 'chargedBefore' | 'signChanges' | 'drawnFirst'>,
): readonly Root[] | undefined {
  const { above, below, highest, lowest, rateOf, net, flows } = equation;
  const clear = net === 0 ? 1e-8 : 0;
  const up = isolateRoots(above, clear, highest, flows);
  const down = isolateRoots(below, clear, lowest, flows);
  if (!up || !down) return undefined;
  const roots: Root[] = [
    ...up.map((bracket) => ({ rate: rateOf(solveBracket(above, bracket)), rises: !bracket.falls })),
    ...down.map((bracket) => ({ rate: rateOf(-solveBracket(below, bracket)), rises: bracket.falls })),
  ];
  if (net !== 0) return roots;
  // At a rate of zero exactly: what floating point finds within a millionth of a percent of it is the same root.
  const { drawn, paid } = above(clear);
  return [...roots.filter(({ rate }) => Math.abs(rate) > 100), { rate: 0, rises: drawn > paid }];
}

function noSolution(why: string) {
  return aprError('apr_no_solution', { detail: `No annual rate solves these flows: ${why}.` });
}

function several(why: string) {
  return aprError('apr_several_solutions', { detail: `More than one annual rate solves these flows: ${why}.` });
}
