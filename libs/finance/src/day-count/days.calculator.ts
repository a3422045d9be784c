import { type CalendarDate } from '#kernel';
import { type Calculator, date, object, oneOf, optional, readInput, refuseField } from '../input/index.js';
import { decimalOfRatio } from '../ratio.js';
import { type CivilDate, civilOf } from './civil-day.js';
import { countDays, dayCounts, yearFraction } from './day-count.js';

const daysInput = object({ dayCount: oneOf(dayCounts), from: date, to: date, terminationDate: optional(date) });

/** `calc days`: days and part of a year between two dates by the conventions of the 2006 ISDA Definitions. */
export const daysCalculator: Calculator = (input) => {
  const { dayCount, from, to, terminationDate } = readInput(input, daysInput);
  if (to < from) refuseField('/to', 'order', 'must not be before from');
  const [first, last, termination] = [civilOf(from), civilOf(to), civilOrUndefined(terminationDate)];
  return {
    days: countDays(dayCount, first, last, termination),
    yearFraction: decimalOfRatio(yearFraction(dayCount, first, last, termination)).toFixed(12),
  };
};

function civilOrUndefined(value: CalendarDate | undefined): CivilDate | undefined {
  return value === undefined ? undefined : civilOf(value);
}
