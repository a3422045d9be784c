import { type CalendarDate, dateOfDayNumber } from '#kernel';
import { at, lowerBound, type WorkingCalendar, yearBefore, type YearTable } from './working-calendar.js';
import { dayMs, type EpochMs, localDate } from './time-zone.js';

export interface Deadline {
  /** Closing time of the last working day. */
  readonly dueAt: EpochMs;
  /** The working day that counts as the first. */
  readonly firstDay: CalendarDate;
  readonly lastDay: CalendarDate;
  /** True when the deadline rests on days that the authority has not announced. */
  readonly provisional: boolean;
}

/**
 * Rule L: a case submitted on a working day by closing time (inclusive) counts that day as the first, otherwise the
 * next working day is the first; it is due at closing time of working day number `workingDays` (1 or more).
 */
export function dueAt(calendar: WorkingCalendar, submittedAt: EpochMs, workingDays: number): Deadline {
  if (!Number.isInteger(workingDays) || workingDays < 1)
    throw new RangeError('a deadline has at least one working day');
  let year = yearBefore(submittedAt);
  let index = lowerBound(calendar.year(year).closes, submittedAt);
  while (index === calendar.year(year).days.length) index = lowerBound(calendar.year(++year).closes, submittedAt);
  const firstDay = dayAt(calendar.year(year), index);
  index += workingDays - 1;
  while (index >= calendar.year(year).days.length) index -= calendar.year(year++).days.length;
  const table = calendar.year(year);
  const lastDay = dayAt(table, index);
  const from = localDate(calendar.definition.timeZone, submittedAt);
  return { dueAt: at(table.closes, index), firstDay, lastDay, provisional: calendar.isProvisional(from, lastDay) };
}

/**
 * Working milliseconds from `from` to `to`; negative when `to` is earlier. For a deadline this is the working time
 * that remains, zero at the deadline itself and less than zero when it has passed.
 */
export function workingTimeBetween(calendar: WorkingCalendar, from: EpochMs, to: EpochMs): number {
  if (to < from) return -workingTimeBetween(calendar, to, from);
  let total = 0;
  for (let year = yearBefore(from); year <= yearAfter(to); year++) {
    const table = calendar.year(year);
    total += workedBefore(table, to) - workedBefore(table, from);
  }
  return total;
}

/** Working milliseconds that remain at `now` until `due`; negative when it is late. */
export function remainingWorkingTime(calendar: WorkingCalendar, now: EpochMs, due: EpochMs): number {
  return workingTimeBetween(calendar, now, due);
}

/**
 * The earliest instant by which `duration` working milliseconds have passed since `instant`, so a duration that
 * fills a day ends at its closing time. With a negative duration: the latest instant that lies as much before.
 * The inverse of `workingTimeBetween`; zero gives `instant` itself.
 */
export function addWorkingTime(calendar: WorkingCalendar, instant: EpochMs, duration: number): EpochMs {
  if (!Number.isSafeInteger(duration)) throw new RangeError('a duration is a whole number of milliseconds');
  if (duration === 0) return instant;
  return duration > 0 ? later(calendar, instant, duration) : earlier(calendar, instant, -duration);
}

/** The instant at which `share` (0 to 1) of the working time from `from` to `due` has passed: warnings at 0.5 and 0.8. */
export function shareOfWorkingTime(calendar: WorkingCalendar, from: EpochMs, due: EpochMs, share: number): EpochMs {
  return addWorkingTime(calendar, from, Math.round(workingTimeBetween(calendar, from, due) * share));
}

function later(calendar: WorkingCalendar, instant: EpochMs, duration: number): EpochMs {
  let year = yearBefore(instant);
  let table = calendar.year(year);
  let wanted = workedBefore(table, instant) + duration;
  while (wanted > total(table)) {
    wanted -= total(table);
    table = calendar.year(++year);
    wanted += workedBefore(table, instant);
  }
  const index = lowerBound(table.before, wanted) - 1;
  return at(table.opens, index) + (wanted - at(table.before, index));
}

function earlier(calendar: WorkingCalendar, instant: EpochMs, duration: number): EpochMs {
  let year = yearAfter(instant);
  let table = calendar.year(year);
  let wanted = workedBefore(table, instant) - duration;
  while (wanted < 0) {
    table = calendar.year(--year);
    wanted += workedBefore(table, instant);
  }
  const index = lowerBound(table.before, wanted + 1) - 1;
  return at(table.opens, index) + (wanted - at(table.before, index));
}

/** Working time of the table's year that lies before `instant`. */
function workedBefore(table: YearTable, instant: EpochMs): number {
  const index = lowerBound(table.closes, instant);
  if (index === table.days.length) return total(table);
  return at(table.before, index) + Math.max(0, instant - at(table.opens, index));
}

function total(table: YearTable): number {
  return at(table.before, table.days.length);
}

function yearAfter(instant: EpochMs): number {
  return new Date(instant + dayMs).getUTCFullYear();
}

function dayAt(table: YearTable, index: number): CalendarDate {
  return dateOfDayNumber(table.days[index] as number);
}
