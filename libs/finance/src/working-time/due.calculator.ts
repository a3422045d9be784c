import { type Calculator, integer, object, oneOf, readInput, refuseField, text } from '../input/index.js';
import { parseInstant, printInstant } from './time-zone.js';
import type { WorkingCalendar } from './working-calendar.js';
import { dueAt } from './working-time.js';

/**
 * `calc due`: when a case is due, by Rule L of `dueAt`. Takes `{calendar, submittedAt, workingDays}`; a time without
 * an offset is the calendar's local time. Answers `{dueAt, firstDay, provisional}` with the calendar's offset.
 */
export function dueCalculator(calendars: ReadonlyMap<string, WorkingCalendar>): Calculator {
  const reader = object({
    calendar: oneOf([...calendars.keys()]),
    submittedAt: text({ max: 40 }),
    workingDays: integer({ min: 1, max: 1000 }),
  });
  return (input) => {
    const { calendar: name, submittedAt, workingDays } = readInput(input, reader);
    const calendar = calendars.get(name) as WorkingCalendar;
    const { timeZone } = calendar.definition;
    const instant = parseInstant(timeZone, submittedAt);
    if (instant === undefined) {
      refuseField(
        '/submittedAt',
        'instant',
        'must be a date and time such as "2024-02-08T10:00" or "2024-02-08T10:00:00+08:00"',
      );
    }
    const deadline = dueAt(calendar, instant, workingDays);
    return {
      dueAt: printInstant(timeZone, deadline.dueAt),
      firstDay: deadline.firstDay,
      provisional: deadline.provisional,
    };
  };
}
