/**
 * A present value as the difference of two sums over y ≥ 0: what was drawn and what was paid back. Each sum and each
 * sum of slopes is positive and falls as y grows; so their values at both ends of an interval enclose them on it.
 */
export interface FallingSums {
  readonly drawn: number;
  readonly paid: number;
  readonly drawnSlope: number;
  readonly paidSlope: number;
}

export interface Bracket {
  readonly low: number;
  readonly high: number;
  /** The present value at `low` is positive. */
  readonly falls: boolean;
}

/** Rounding of a sum of some hundred terms in binary floating point. */
const noise = 1e-12;
const narrowest = 1e-10;
/** So many terms are computed at most, well below a second: flows whose roots need more cannot be told apart. */
const mostTerms = 20_000_000;

/**
 * Every root of `drawn − paid` on [low, high], each alone in its bracket. An interval is dropped when the sums cannot
 * meet on it, decided by the signs at its ends when the slope cannot change sign on it, and halved otherwise.
 * A root of even order comes back as undefined: its neighbourhood cannot be decided.
 */
export function isolateRoots(
  sumsAt: (y: number) => FallingSums,
  low: number,
  high: number,
  flows: number,
): readonly Bracket[] | undefined {
  const brackets: Bracket[] = [];
  const most = Math.max(200, Math.min(20_000, mostTerms / Math.max(1, flows)));
  const open = [{ low, high, first: sumsAt(low), last: sumsAt(high) }];
  for (let steps = 0; open.length > 0; steps += 1) {
    if (steps > most) return undefined;
    const { low: a, high: b, first, last } = open.pop() as (typeof open)[number];
    const margin = noise * (first.drawn + first.paid);
    if (last.drawn - first.paid > margin || first.drawn - last.paid < -margin) continue;
    const slopeMargin = noise * (first.drawnSlope + first.paidSlope);
    const isMonotone =
      last.drawnSlope - first.paidSlope > slopeMargin || first.drawnSlope - last.paidSlope < -slopeMargin;
    const [atLow, atHigh] = [first.drawn - first.paid, last.drawn - last.paid];
    if (isMonotone || b - a < narrowest) {
      if (atLow > 0 !== atHigh > 0) brackets.push({ low: a, high: b, falls: atLow > 0 });
      else if (!isMonotone) return undefined;
      continue;
    }
    const middle = (a + b) / 2;
    const between = sumsAt(middle);
    open.push({ low: middle, high: b, first: between, last }, { low: a, high: middle, first, last: between });
  }
  return brackets;
}

/**
 * The root inside a bracket to floating-point precision: Newton's method, halving when it leaves the bracket.
 * Without a change of sign in the bracket it ends at the bracket's end.
 */
export function solveBracket(sumsAt: (y: number) => FallingSums, { low, high, falls }: Bracket, atLow = sumsAt(low)) {
  let [a, b] = [low, high];
  let y = firstGuess(atLow, low, high);
  for (let step = 0; step < 200; step += 1) {
    const { drawn, paid, drawnSlope, paidSlope } = sumsAt(y);
    const value = drawn - paid;
    if (value === 0) return y;
    if (value > 0 === falls) a = y;
    else b = y;
    const newton = y + value / (drawnSlope - paidSlope);
    const isInside = newton > a && newton < b;
    const next = isInside ? newton : (a + b) / 2;
    // Newton's steps square their error: after one of a millionth the error is far below the printed digits.
    if (Math.abs(next - y) <= (isInside ? 1e-6 : 1e-15) * Math.max(1e-3, Math.abs(y))) return next;
    if (next === a || next === b) return next;
    y = next;
  }
  return y;
}

/** Where both sums would meet if each flow stood at its mean time: ln(paid / drawn) over the time between. */
function firstGuess({ drawn, paid, drawnSlope, paidSlope }: FallingSums, low: number, high: number): number {
  const guess = low + Math.log(paid / drawn) / (paidSlope / paid - drawnSlope / drawn);
  return guess > low && guess < high ? guess : (low + high) / 2;
}
