import { type CalendarDate } from '#kernel';
import { civilOf, dayOf } from '../day-count/civil-day.js';
import { scheduleError } from './errors.js';
import type { ScheduleEvent, ScheduleTerms } from './terms.js';

/** An event with its day number. */
export type DatedEvent = ScheduleEvent & { readonly day: number };

/** The events in order of time. Refuses one that is not after the start. */
export function datedEvents({ start, events }: ScheduleTerms): DatedEvent[] {
  const dated = (events ?? []).map((event): DatedEvent => ({ ...event, day: dayOf(civilOf(event.on)) }));
  const early = dated.find(({ on }) => start === undefined || on <= start);
  if (early) throw impossible(early.on, 'it is not after the start of the loan');
  return dated.sort((first, second) => first.day - second.day);
}

export function impossible(on: CalendarDate, why: string) {
  return scheduleError('schedule_event_impossible', {
    detail: `The event of ${on} does not fit: ${why}.`,
    fields: [{ pointer: '/events', rule: 'possible', message: `the event of ${on} does not fit: ${why}` }],
  });
}
