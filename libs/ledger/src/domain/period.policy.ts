import { addMonths, type CalendarDate, daysInMonth, dateParts, makeDate, parseDate } from '#kernel';
import { ledgerError } from './errors.js';

/** A month of the books, `YYYY-MM`. */
export type Period = string;

export function periodOf(date: CalendarDate): Period {
  return date.slice(0, 7);
}

export function lastDayOf(period: Period): CalendarDate {
  const { year, month } = dateParts(parseDate(`${period}-01`));
  return makeDate(year, month, daysInMonth(year, month));
}

export function periodAfter(period: Period): Period {
  return periodOf(addMonths(parseDate(`${period}-01`), 1));
}

/**
 * A month is closed after its last day, and after every earlier month with postings. `open` are the open months
 * that have any.
 */
export function assertClosable(period: Period, today: CalendarDate, open: readonly Period[]): void {
  const earlier = open.filter((other) => other < period).sort()[0];
  if (lastDayOf(period) >= today || earlier !== undefined) {
    throw ledgerError('ledger_period_not_closable', {
      detail: earlier ? `${earlier} is still open.` : `${period} lasts until ${lastDayOf(period)}; today is ${today}.`,
      data: { period, ...(earlier ? { earlier } : {}) },
    });
  }
}
