import { instantOfLocal, localDate } from '#finance';
import { type CalendarDate, dayNumber } from '#kernel';
import { businessCalendars } from './rule-books.js';

/** The time zone of the portal's country, as its business calendar states it. */
export function countryTimeZone(country: string): string {
  const calendar = businessCalendars().get(country);
  if (!calendar) throw new Error(`no business calendar is filed under the country ${country}`);
  return calendar.definition.timeZone;
}

/** The calendar date at `instant` in the portal's country: the day on which a mandate begins, a month ends, a firm ages. */
export function countryDate(country: string, instant: Date): CalendarDate {
  return localDate(countryTimeZone(country), instant.getTime());
}

/** The instant at which `date` begins in the portal's country. */
export function startOfCountryDay(country: string, date: CalendarDate): Date {
  return new Date(instantOfLocal(countryTimeZone(country), dayNumber(date), 0));
}
