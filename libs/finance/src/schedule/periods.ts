import { addCivilMonths, type CivilDate, civilOf, civilOfDay, dayOf, monthLength } from '../day-count/civil-day.js';
import { yearFraction } from '../day-count/day-count.js';
import { addRatios, multiplyRatios, type Ratio, ratio } from '../ratio.js';
import type { PeriodTerms } from './terms.js';

/** One period of a schedule. Dates are absent where the terms have no start. */
export interface Period {
  readonly from: CivilDate | undefined;
  readonly to: CivilDate | undefined;
  /** The part of a year that its interest is computed for. */
  readonly fraction: Ratio;
}

/** How many periods the terms say, undefined where the instalment decides it. */
export function periodCount({ dueDates, periods }: PeriodTerms): number | undefined {
  return dueDates?.length ?? periods;
}

/** The periods of a schedule, the first with index 0, computed as they are asked for. */
export function periodsOf(terms: PeriodTerms): (index: number) => Period {
  const regular = regularFraction(terms);
  if (terms.dueDates) return listedPeriods(terms, terms.dueDates.map(civilOf), regular);
  if (terms.start === undefined) {
    const period: Period = { from: undefined, to: undefined, fraction: regular };
    return () => period;
  }
  return ruledPeriods(terms, civilOf(terms.start), regular);
}

function listedPeriods(terms: PeriodTerms, dues: readonly CivilDate[], regular: Ratio) {
  const start = terms.start === undefined ? undefined : civilOf(terms.start);
  return (index: number): Period => {
    const from = index === 0 ? start : dues[index - 1];
    const to = dues[index] as CivilDate;
    if (index === 0 && start && terms.stub) {
      const due = (steps: number) => step(to, terms, steps);
      return { from, to, fraction: oddFirstFraction(terms, start, to, due, 0, regular) };
    }
    const counted = terms.dayCount !== 'equal_periods' && from;
    return { from, to, fraction: counted ? yearFraction(terms.dayCount, from, to) : regular };
  };
}

function ruledPeriods(terms: PeriodTerms, start: CivilDate, regular: Ratio) {
  const { anchor, shift } = anchorOf(terms, start);
  const due = (steps: number) => step(anchor, terms, steps);
  const isOdd = terms.firstDue !== undefined && dayOf(due(shift)) !== dayOf(step(start, terms, 1));
  let last: { index: number; to: CivilDate } | undefined;
  return (index: number): Period => {
    const from = index === 0 ? start : last?.index === index - 1 ? last.to : due(index - 1 + shift);
    const to = due(index + shift);
    last = { index, to };
    if (index === 0 && isOdd) return { from, to, fraction: oddFirstFraction(terms, start, to, due, shift, regular) };
    return { from, to, fraction: fractionBetween(terms, from, to, anchor, regular) };
  };
}

/**
 * Due dates count from the start, or from the first due date where the start cannot reach it in whole months:
 * a loan of 31 January falls due on 28 February and again on 31 March.
 */
function anchorOf(terms: PeriodTerms, start: CivilDate): { anchor: CivilDate; shift: number } {
  if (terms.firstDue === undefined) return { anchor: start, shift: 1 };
  const first = civilOf(terms.firstDue);
  if (terms.every.unit === 'month') {
    const isClipped = first.day === monthLength(first.year, first.month) && start.day > first.day;
    if (isClipped) return { anchor: { ...first, day: start.day }, shift: 0 };
  }
  return { anchor: first, shift: 0 };
}

function step(anchor: CivilDate, { every }: PeriodTerms, steps: number): CivilDate {
  if (every.unit === 'month') return addCivilMonths(anchor, steps * every.count);
  return civilOfDay(dayOf(anchor) + steps * every.count * (every.unit === 'week' ? 7 : 1));
}

function fractionBetween(
  { dayCount, every }: PeriodTerms,
  from: CivilDate,
  to: CivilDate,
  anchor: CivilDate,
  regular: Ratio,
): Ratio {
  if (dayCount === 'equal_periods') return regular;
  // A month of the thirty-day conventions is thirty days, also between month-ends that were anchored on day 31.
  if (dayCount.startsWith('30') && every.unit === 'month' && anchor.day > 27) return regular;
  return yearFraction(dayCount, from, to);
}

function oddFirstFraction(
  terms: PeriodTerms,
  start: CivilDate,
  firstDue: CivilDate,
  due: (steps: number) => CivilDate,
  shift: number,
  regular: Ratio,
): Ratio {
  const { dayCount, stub } = terms;
  if (dayCount !== 'equal_periods' && stub === undefined) return yearFraction(dayCount, start, firstDue);
  let whole = 0;
  while (dayOf(due(shift - whole - 1)) >= dayOf(start)) whole += 1;
  const near = due(shift - whole);
  const far = due(shift - whole - 1);
  const oddDays = dayOf(near) - dayOf(start);
  const wholeFraction =
    dayCount === 'equal_periods' ? multiplyRatios(regular, ratio(whole)) : yearFraction(dayCount, near, firstDue);
  if (stub === '365') return addRatios(wholeFraction, ratio(oddDays, 365));
  const oddPeriod = dayCount === 'equal_periods' ? regular : yearFraction(dayCount, far, near);
  return addRatios(wholeFraction, multiplyRatios(oddPeriod, ratio(oddDays, dayOf(near) - dayOf(far))));
}

/** One period as a part of a year where no dates say otherwise: months over 12, weeks over 52, days over 365. */
function regularFraction({ dayCount, every }: PeriodTerms): Ratio {
  if (every.unit === 'month') return ratio(every.count, 12);
  if (dayCount === 'equal_periods') return ratio(every.count, every.unit === 'week' ? 52 : 365);
  const days = every.count * (every.unit === 'week' ? 7 : 1);
  return ratio(days, dayCount === 'ACT/364' ? 364 : dayCount === 'ACT/365' || dayCount === 'ACT/ACT' ? 365 : 360);
}

/** The part of the year from `from` to `to`, both inside `period`: interest for a piece of a period. */
export function fractionInside(terms: PeriodTerms, period: Period, from: number, to: number): Ratio {
  const [first, last] = [dayOf(period.from as CivilDate), dayOf(period.to as CivilDate)];
  if (from === first && to === last) return period.fraction;
  const isActual = terms.dayCount.startsWith('ACT');
  if (!isActual && (terms.dayCount === 'equal_periods' || terms.stub === 'period_days')) {
    return multiplyRatios(period.fraction, ratio(to - from, last - first));
  }
  return yearFraction(terms.dayCount === 'equal_periods' ? '30/360' : terms.dayCount, civilOfDay(from), civilOfDay(to));
}
