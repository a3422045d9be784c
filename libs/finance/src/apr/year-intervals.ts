import type { CalendarDate } from '#kernel';
import { addCivilMonths, type CivilDate, civilOf, dayOf, isLeap } from '../day-count/civil-day.js';
import { addRatios, type Ratio, ratio } from '../ratio.js';

/**
 * Times in years of dated flows, from `origin`, the first drawing; Directive 2014/17/EU annex I, remark (c), and
 * 2011/90/EU. Where every interval is a whole number of months, twelfths; where every one is a whole number of weeks,
 * 52nds; otherwise whole months counted backwards from each date and the days left over, divided by the days
 * (365 or 366) of the year that ends where they end.
 */
export function yearsFrom(origin: CalendarDate, dates: readonly CalendarDate[]): Ratio[] {
  const start = civilOf(origin);
  const days = dates.map(civilOf);
  const months = days.map((date) => wholeMonths(start, date));
  if (months.every((count) => count !== undefined)) return months.map((count) => ratio(count, 12));
  const distances = days.map((date) => dayOf(date) - dayOf(start));
  if (distances.every((distance) => distance % 7 === 0)) return distances.map((distance) => ratio(distance / 7, 52));
  return days.map((date) => {
    if (dayOf(date) >= dayOf(start)) return monthsAndDays(start, date);
    const { numerator, denominator } = monthsAndDays(date, start);
    return { numerator: -numerator, denominator };
  });
}

function monthIndex({ year, month }: CivilDate): number {
  return year * 12 + month;
}

/** Whole months between two dates, where a month's last day stands for a later day that it does not have. */
function wholeMonths(start: CivilDate, date: CivilDate): number | undefined {
  const months = monthIndex(date) - monthIndex(start);
  const [first, last, count] = months >= 0 ? [start, date, months] : [date, start, -months];
  return dayOf(addCivilMonths(first, count)) === dayOf(last) ? months : undefined;
}

function monthsAndDays(start: CivilDate, date: CivilDate): Ratio {
  const whole = wholeMonths(start, date);
  if (whole !== undefined) return ratio(whole, 12);
  let months = monthIndex(date) - monthIndex(start);
  if (dayOf(addCivilMonths(date, -months)) < dayOf(start)) months -= 1;
  const end = addCivilMonths(date, -months);
  return addRatios(ratio(months, 12), ratio(dayOf(end) - dayOf(start), yearLengthBefore(end)));
}

/** Days from the same day of the year before. */
function yearLengthBefore(end: CivilDate): number {
  const february = end.month > 2 || (end.month === 2 && end.day === 29) ? end.year : end.year - 1;
  return isLeap(february) ? 366 : 365;
}
