import { type CalendarBook, type CalendarChange, editCalendar } from './calendar-edit.policy.js';

/** One change that an operator made to the former book. */
export interface EarlierChange {
  readonly change: CalendarChange;
  readonly reason: string;
}

/** Each date and hour of a change as a change of its own, so that one which the new book already has takes no other with it. */
function singly(change: CalendarChange): CalendarChange[] {
  return [
    ...(change.removeHolidays ?? []).map((day) => ({ removeHolidays: [day] })),
    ...(change.addHolidays ?? []).map((days) => ({ addHolidays: [days] })),
    ...(change.removeWorkingDays ?? []).map((day) => ({ removeWorkingDays: [day] })),
    ...(change.addWorkingDays ?? []).map((day) => ({ addWorkingDays: [day] })),
    ...(change.opens === undefined ? [] : [{ opens: change.opens }]),
    ...(change.closes === undefined ? [] : [{ closes: change.closes }]),
    ...(change.publishYears ?? []).map((year) => ({ publishYears: [year] })),
  ];
}

/**
 * A newer rule book with what operators changed since the former one was taken up, in their order. What the newer book says already,
 * or contradicts, is left out and told.
 */
export function adoptBook(
  newer: CalendarBook,
  earlier: readonly EarlierChange[],
): { readonly book: CalendarBook; readonly kept: number; readonly leftOut: readonly CalendarChange[] } {
  let book = newer;
  let kept = 0;
  const leftOut: CalendarChange[] = [];
  for (const { change, reason } of earlier)
    for (const single of singly(change)) {
      const edited = editCalendar(book, single, `${reason} (operator)`);
      if ('problems' in edited) leftOut.push(single);
      else {
        book = edited.book;
        kept += 1;
      }
    }
  return { book, kept, leftOut };
}

/** Whether `offered` is a later version of the same book than `kept`: numbers between dots are compared as numbers. */
export function isNewerBook(kept: CalendarBook, offered: CalendarBook): boolean {
  return kept.id === offered.id && offered.version.localeCompare(kept.version, 'en', { numeric: true }) > 0;
}
