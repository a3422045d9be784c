import { addRatios, multiplyRatios, type Ratio, ratio } from '../ratio.js';
import { divideRounded, type Rounding, roundQuotient } from '../rounding.js';
import { scheduleError } from './errors.js';
import { levelInstalment } from './level-instalment.js';
import { type Period, periodCount, periodsOf } from './periods.js';
import { maxInstalments, type ScheduleTerms } from './terms.js';

/** Extra decimals that a balance carries when it is not rounded from instalment to instalment. */
const exactScale = 10n ** 24n;

const zero = ratio(0n);

/** The terms made ready for computing: amounts on one scale, periods and their interest factors at hand. */
export interface Plan {
  readonly terms: ScheduleTerms;
  readonly scale: bigint;
  readonly principal: bigint;
  readonly balloon: bigint;
  readonly instalment: bigint | undefined;
  readonly interestRounding: Rounding;
  readonly instalmentRounding: Rounding;
  /** The number of instalments; undefined where the given instalment decides it. */
  readonly count: number | undefined;
  readonly gracePrincipal: number;
  readonly graceInterest: number;
  /** The part of a year of all periods together; computed when asked for, once. */
  readonly wholeTerm: () => Ratio;
  readonly periodAt: (index: number) => Period;
  /** Interest owed per unit of balance over the period with this index, before any grace. */
  readonly factorAt: (index: number) => Ratio;
}

/** One instalment on the plan's own scale, before it is rounded for showing. */
export interface Row {
  readonly index: number;
  readonly principal: bigint;
  readonly interest: bigint;
  readonly balance: bigint;
  /** The day of the payment where it is not the due date: an early settlement. */
  readonly paidOn?: number;
}

export function planOf(terms: ScheduleTerms): Plan {
  const scale = terms.carry === 'exact' ? exactScale : 1n;
  const count = periodCount(terms);
  if (count !== undefined && count > maxInstalments) throw tooLong();
  const unrounded: Rounding = { step: 1n, mode: terms.rounding.mode };
  const interestRounding = terms.carry === 'exact' ? unrounded : terms.rounding;
  const unit = terms.instalmentRounding;
  const { periodAt, factorAt } = rememberPeriods(terms);
  let whole: Ratio | undefined;
  return {
    terms,
    scale,
    principal: terms.principal * scale,
    balloon: (terms.balloon ?? 0n) * scale,
    instalment: terms.instalment === undefined ? undefined : terms.instalment * scale,
    interestRounding,
    instalmentRounding: unit ? { step: unit.step * scale, mode: unit.mode } : interestRounding,
    count,
    gracePrincipal: terms.grace?.principal ?? 0,
    graceInterest: terms.grace?.interest ?? 0,
    wholeTerm: () => (whole ??= wholeTerm(count ?? 0, periodAt)),
    periodAt,
    factorAt,
  };
}

export function tooLong() {
  return scheduleError('schedule_too_long', { detail: `The schedule has more than ${maxInstalments} instalments.` });
}

function rememberPeriods(terms: ScheduleTerms): Pick<Plan, 'periodAt' | 'factorAt'> {
  const compute = periodsOf(terms);
  const periods: Period[] = [];
  const factors: Ratio[] = [];
  let last: { fraction: Ratio; factor: Ratio } | undefined;
  const periodAt = (index: number): Period => {
    while (periods.length <= index) periods.push(compute(periods.length));
    return periods[index] as Period;
  };
  const factorAt = (index: number): Ratio => {
    for (let next = factors.length; next <= index; next += 1) {
      const { fraction } = periodAt(next);
      if (last?.fraction !== fraction) last = { fraction, factor: multiplyRatios(terms.annualRate, fraction) };
      factors.push(last.factor);
    }
    return factors[index] as Ratio;
  };
  return { periodAt, factorAt };
}

export function interestOn(balance: bigint, factor: Ratio, rounding: Rounding): bigint {
  return roundQuotient(balance * factor.numerator, factor.denominator, rounding);
}

/** A period of the interest grace whose interest is never owed. */
export function isWaived({ terms, graceInterest }: Plan, index: number): boolean {
  return index < graceInterest && terms.grace?.interestIs === 'waived';
}

/** The interest factors from `index` to the last instalment, none for waived periods. */
export function factorsFrom(plan: Plan, index: number, rateAt?: (index: number) => Ratio): Ratio[] {
  const factors: Ratio[] = [];
  for (let at = index; at < (plan.count ?? 0); at += 1) {
    factors.push(isWaived(plan, at) ? zero : (rateAt ?? plan.factorAt)(at));
  }
  return factors;
}

/**
 * The equal instalment from `factors` on, rounded. Where instalments are rounded to a unit of their own and days are
 * counted, the public loan systems compute it from a nominal period (a month of 30 days over the basis of the day
 * count) and let the last instalment take the difference; so does this, as long as that difference stays below one
 * unit an instalment. Otherwise, and without a unit, it is computed from the exact periods.
 */
export function roundedLevel(plan: Plan, balance: bigint, factors: readonly Ratio[], annualRate: Ratio): bigint {
  const exact = levelInstalment(balance, plan.balloon, factors);
  const rounding = plan.instalmentRounding;
  const nominal = plan.terms.instalmentRounding && nominalFactor(plan.terms, annualRate);
  if (nominal) {
    const { numerator, denominator } = levelInstalment(
      balance,
      plan.balloon,
      factors.map(() => nominal),
    );
    const level = roundQuotient(numerator, denominator, rounding);
    // The last instalment takes (exact − level) grown over the periods: the sum S of `exact`, 2^224 scaled.
    const last = divideRounded(exact.numerator - level * exact.denominator, 1n << 224n, 'up');
    if ((last < 0n ? -last : last) <= rounding.step * BigInt(factors.length)) return level;
  }
  return roundQuotient(exact.numerator, exact.denominator, rounding);
}

function nominalFactor({ dayCount, every }: ScheduleTerms, annualRate: Ratio): Ratio | undefined {
  if (!dayCount.startsWith('ACT')) return undefined;
  const days = every.count * (every.unit === 'month' ? 30 : every.unit === 'week' ? 7 : 1);
  const basis = dayCount === 'ACT/360' ? 360 : dayCount === 'ACT/364' ? 364 : 365;
  return multiplyRatios(annualRate, ratio(days, basis));
}

/** The part of a year of the whole loan, for interest that is flat. */
function wholeTerm(count: number, periodAt: Plan['periodAt']): Ratio {
  const seen = new Map<Ratio, number>();
  for (let index = 0; index < count; index += 1) {
    const { fraction } = periodAt(index);
    seen.set(fraction, (seen.get(fraction) ?? 0) + 1);
  }
  let sum = zero;
  for (const [fraction, times] of seen) sum = addRatios(sum, multiplyRatios(fraction, ratio(times)));
  return sum;
}
