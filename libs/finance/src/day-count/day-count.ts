import type { CalendarDate } from '#kernel';
import { type Ratio, ratio } from '../ratio.js';
import { type CivilDate, civilOf, dayOf, isLeap, monthLength } from './civil-day.js';

/** The day-count conventions of the 2006 ISDA Definitions, section 4.16; ACT/364 is the fifty-two-week year. */
export const dayCounts = ['30/360', '30E/360', '30E/360 ISDA', 'ACT/360', 'ACT/364', 'ACT/365', 'ACT/ACT'] as const;
export type DayCount = (typeof dayCounts)[number];

const actualYear: Partial<Record<DayCount, number>> = { 'ACT/360': 360, 'ACT/364': 364, 'ACT/365': 365 };

/** Days that the convention counts from `from` to `to`: actual days, or days of thirty-day months. */
export function countDays(dayCount: DayCount, from: CivilDate, to: CivilDate, termination?: CivilDate): number {
  switch (dayCount) {
    case '30/360':
    case '30E/360':
    case '30E/360 ISDA':
      return thirtyDayMonths(dayCount, from, to, termination);
    default:
      return dayOf(to) - dayOf(from);
  }
}

/**
 * The exact part of a year from `from` to `to`, not before `from`. `ACT/ACT` is ISDA's: days in leap years over 366
 * plus days in other years over 365. `termination` matters to `30E/360 ISDA` only.
 */
export function yearFraction(dayCount: DayCount, from: CivilDate, to: CivilDate, termination?: CivilDate): Ratio {
  if (dayCount === 'ACT/ACT') return actualActual(from, to);
  return ratio(countDays(dayCount, from, to, termination), actualYear[dayCount] ?? 360);
}

export function yearFractionOfDates(dayCount: DayCount, from: CalendarDate, to: CalendarDate): Ratio {
  return yearFraction(dayCount, civilOf(from), civilOf(to));
}

/**
 * 30/360 ("bond basis", ISDA 4.16(f)): a first day 31 is 30; a last day 31 is 30 when the first day is 30 or 31.
 * 30E/360 (4.16(g)): each 31 is 30. 30E/360 ISDA (4.16(h)): each last day of a month is 30, except a last day of
 * February that is the termination date.
 */
function thirtyDayMonths(
  dayCount: '30/360' | '30E/360' | '30E/360 ISDA',
  from: CivilDate,
  to: CivilDate,
  termination: CivilDate | undefined,
): number {
  let [first, last] = [from.day, to.day];
  if (dayCount === '30/360') {
    if (first === 31) first = 30;
    if (last === 31 && first >= 30) last = 30;
  } else if (dayCount === '30E/360') {
    first = Math.min(first, 30);
    last = Math.min(last, 30);
  } else {
    if (isMonthEnd(from)) first = 30;
    const terminates = termination !== undefined && dayOf(termination) === dayOf(to);
    if (isMonthEnd(to) && !(terminates && to.month === 2)) last = 30;
  }
  return 360 * (to.year - from.year) + 30 * (to.month - from.month) + (last - first);
}

function isMonthEnd({ year, month, day }: CivilDate): boolean {
  return day === monthLength(year, month);
}

function actualActual(from: CivilDate, to: CivilDate): Ratio {
  let common = 0;
  let leap = 0;
  let at = dayOf(from);
  for (let year = from.year; year <= to.year; year += 1) {
    const end = year === to.year ? dayOf(to) : dayOf({ year: year + 1, month: 1, day: 1 });
    if (isLeap(year)) leap += end - at;
    else common += end - at;
    at = end;
  }
  if (leap === 0) return ratio(common, 365);
  return common === 0 ? ratio(leap, 366) : ratio(common * 366 + leap * 365, 365 * 366);
}
