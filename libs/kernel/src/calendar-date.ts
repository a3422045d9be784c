import { defineErrors } from './domain-error.js';

/** A calendar date without time or zone, as ISO 8601 `YYYY-MM-DD`. Text order is date order. */
export type CalendarDate = string & { readonly __date: 'CalendarDate' };

export const dateError = defineErrors({
  date_malformed: {
    kind: 'invalid',
    title: 'The date cannot be read.',
    next: 'Send a date that exists as YYYY-MM-DD.',
  },
});

const dayMs = 86_400_000;

/** Reads `YYYY-MM-DD`, years 1900 to 2199; refuses dates that do not exist, such as 2025-02-29. */
export function parseDate(text: string): CalendarDate {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match) {
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)) {
      return text as CalendarDate;
    }
  }
  throw dateError('date_malformed', { detail: `"${text.slice(0, 40)}" is not a date between 1900 and 2199.` });
}

export function isCalendarDate(text: unknown): text is CalendarDate {
  try {
    return typeof text === 'string' && parseDate(text) === text;
  } catch {
    return false;
  }
}

export function makeDate(year: number, month: number, day: number): CalendarDate {
  return parseDate(
    `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  );
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function isLeapYear(year: number): boolean {
  return daysInMonth(year, 2) === 29;
}

export function dateParts(date: CalendarDate): { year: number; month: number; day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

/** Days since 1970-01-01. */
export function dayNumber(date: CalendarDate): number {
  const { year, month, day } = dateParts(date);
  return Date.UTC(year, month - 1, day) / dayMs;
}

export function dateOfDayNumber(day: number): CalendarDate {
  return parseDate(new Date(day * dayMs).toISOString().slice(0, 10));
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return dateOfDayNumber(dayNumber(date) + days);
}

/** `months` later, on the same day of the month or the month's last day where that day does not exist. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const { year, month, day } = dateParts(date);
  const index = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = (index % 12) + 1;
  return makeDate(targetYear, targetMonth, Math.min(day, daysInMonth(targetYear, targetMonth)));
}

/** Actual days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export function weekday(date: CalendarDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}
