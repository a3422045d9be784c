import { type CalendarDate } from '#kernel';
import { type CivilDate, civilOf, dayOf, isLeap, monthLength } from '../day-count/civil-day.js';
import { countDays } from '../day-count/day-count.js';
import { Exact } from '../exact-decimal.js';
import { noValue } from './errors.js';

export type Basis = 0 | 1 | 2 | 3 | 4;

/** The part of a year between settlement and maturity by a spreadsheet's basis argument. */
export function basisFraction(basis: Basis, settlement: CalendarDate, maturity: CalendarDate): Exact {
  if (maturity <= settlement) noValue(1, 'maturity must be after settlement');
  const [from, to] = [civilOf(settlement), civilOf(maturity)];
  const actual = new Exact(dayOf(to) - dayOf(from));
  switch (basis) {
    case 0:
      return new Exact(nasdDays(from, to)).div(360);
    case 1:
      return actual.div(actualYear(from, to));
    case 2:
      return actual.div(360);
    case 3:
      return actual.div(365);
    case 4:
      return new Exact(countDays('30E/360', from, to)).div(360);
  }
}

/** Basis 0, US (NASD) 30/360: the last day of February counts as day 30 too. */
function nasdDays(from: CivilDate, to: CivilDate): number {
  const endsFebruary = ({ year, month, day }: CivilDate) => month === 2 && day === monthLength(year, month);
  let [first, last] = [from.day, to.day];
  if (endsFebruary(from) && endsFebruary(to)) last = 30;
  if (endsFebruary(from)) first = 30;
  if (last === 31 && first >= 30) last = 30;
  if (first === 31) first = 30;
  return 360 * (to.year - from.year) + 30 * (to.month - from.month) + (last - first);
}

/** Basis 1: 365 or 366 up to a year, the mean length of the calendar years touched beyond it. */
function actualYear(from: CivilDate, to: CivilDate): Exact {
  const beyond = to.year > from.year + 1 || (to.year === from.year + 1 && isLater(to, from));
  if (beyond) {
    let days = 0;
    for (let year = from.year; year <= to.year; year += 1) days += isLeap(year) ? 366 : 365;
    return new Exact(days).div(to.year - from.year + 1);
  }
  if (from.year === to.year) return new Exact(isLeap(from.year) ? 366 : 365);
  const leapDayInside =
    (isLeap(from.year) && (from.month < 2 || (from.month === 2 && from.day <= 29))) ||
    (isLeap(to.year) && (to.month > 2 || (to.month === 2 && to.day === 29)));
  return new Exact(leapDayInside ? 366 : 365);
}

/** The day of the year of `to` is after that of `from`. */
function isLater(to: CivilDate, from: CivilDate): boolean {
  return to.month > from.month || (to.month === from.month && to.day > from.day);
}
