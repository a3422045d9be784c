import {
  addDays,
  type CalendarDate,
  dateParts,
  dayNumber,
  dateOfDayNumber,
  defineErrors,
  makeDate,
  weekday,
} from '#kernel';
import { type CalendarDefinition, daysOf, weekdayNumber } from './calendar-definition.js';
import { dayMs, type EpochMs, instantOfLocal } from './time-zone.js';

export const calendarError = defineErrors({
  calendar_exhausted: {
    kind: 'invalid',
    title: 'The working time asked for runs beyond the years that a calendar covers (1900 to 2199).',
    next: 'Ask for less working time, or correct the calendar if it has no working days.',
  },
});

/** The working days of one local calendar year, with the working time that lies before each. */
export interface YearTable {
  readonly days: readonly number[];
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  /** Working milliseconds of the year before each day, and in the last place the year's total. */
  readonly before: Float64Array;
}

const firstYear = 1900;
const lastYear = 2199;

/**
 * A business calendar prepared for arithmetic. Years are tabled when first asked for and found by binary search,
 * so that recomputing many deadlines after a change of the calendar costs microseconds each.
 */
export class WorkingCalendar {
  private readonly tables = new Map<number, YearTable>();
  private readonly weekend: ReadonlySet<number>;
  private readonly holidays: ReadonlySet<number>;
  private readonly workingDays: ReadonlySet<number>;
  private readonly open: ReadonlySet<number>;
  private readonly published: ReadonlySet<number>;

  constructor(readonly definition: CalendarDefinition) {
    const { weekend, years } = definition;
    this.weekend = new Set(weekend.map(weekdayNumber));
    this.holidays = new Set(years.flatMap(({ holidays }) => holidays.flatMap(daysOf)));
    this.workingDays = new Set(years.flatMap(({ workingDays }) => workingDays.map(dayNumber)));
    this.open = new Set(years.flatMap(({ open }) => open.flatMap(daysOf)));
    this.published = new Set(years.filter(({ status }) => status === 'published').map(({ year }) => year));
  }

  isWorkingDay(date: CalendarDate): boolean {
    const day = dayNumber(date);
    return this.workingDays.has(day) || (!this.holidays.has(day) && !this.weekend.has(weekday(date)));
  }

  /** True when a day from `from` to `to` is in a year not yet published, or is one that the sources leave open. */
  isProvisional(from: CalendarDate, to: CalendarDate): boolean {
    const { validFrom, validTo } = this.definition;
    if (from < validFrom || (validTo !== undefined && to > validTo)) return true;
    for (let { year } = dateParts(from); year <= dateParts(to).year; year++) if (!this.published.has(year)) return true;
    for (const day of this.open) if (day >= dayNumber(from) && day <= dayNumber(to)) return true;
    return false;
  }

  /** The table of a year; refuses years outside 1900 to 2199. */
  year(year: number): YearTable {
    if (!(year >= firstYear && year <= lastYear)) throw calendarError('calendar_exhausted', { data: { year } });
    const known = this.tables.get(year);
    if (known) return known;
    const made = this.tabulate(year);
    this.tables.set(year, made);
    return made;
  }

  private tabulate(year: number): YearTable {
    const { timeZone, opens, closes } = this.definition;
    const first = dayNumber(makeDate(year, 1, 1));
    const last = dayNumber(makeDate(year, 12, 31));
    const days: number[] = [];
    for (let day = first; day <= last; day++) if (this.isWorkingDay(dateOfDayNumber(day))) days.push(day);
    const table = {
      days,
      opens: Float64Array.from(days, (day) => instantOfLocal(timeZone, day, opens)),
      closes: Float64Array.from(days, (day) => instantOfLocal(timeZone, day, closes)),
      before: new Float64Array(days.length + 1),
    };
    days.forEach((_, index) => {
      table.before[index + 1] = at(table.before, index) + Math.max(0, at(table.closes, index) - at(table.opens, index));
    });
    return table;
  }
}

/** The first working day at or after `date`. */
export function nextWorkingDay(calendar: WorkingCalendar, date: CalendarDate): CalendarDate {
  return stepToWorkingDay(calendar, date, 1);
}

/**
 * The `count`-th working day after `date` (before it when negative). Zero gives `date` itself when it is a
 * working day, otherwise the next one.
 */
export function addWorkingDays(calendar: WorkingCalendar, date: CalendarDate, count: number): CalendarDate {
  if (count === 0) return nextWorkingDay(calendar, date);
  const step = count > 0 ? 1 : -1;
  let day = date;
  for (let left = Math.abs(count); left > 0; left--) day = stepToWorkingDay(calendar, nextDay(day, step), step);
  return day;
}

/** The year in which a search for `instant` starts: no working day of an earlier year ends at or after it. */
export function yearBefore(instant: EpochMs): number {
  return new Date(instant - dayMs).getUTCFullYear();
}

/** The index of the first element at or above `value`, or the length. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An element that is known to exist. */
export function at(values: Float64Array, index: number): number {
  return values[index] as number;
}

function stepToWorkingDay(calendar: WorkingCalendar, date: CalendarDate, step: 1 | -1): CalendarDate {
  let day = date;
  while (!calendar.isWorkingDay(day)) day = nextDay(day, step);
  return day;
}

function nextDay(date: CalendarDate, step: 1 | -1): CalendarDate {
  const { year } = dateParts(date);
  if (year >= lastYear || year <= firstYear) throw calendarError('calendar_exhausted', { data: { year } });
  return addDays(date, step);
}
