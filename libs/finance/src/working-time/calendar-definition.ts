import { type CalendarDate, dateOfDayNumber, dayNumber, type FieldError } from '#kernel';
import {
  date,
  integer,
  list,
  object,
  oneOf,
  optional,
  type Reader,
  refuse,
  text,
  withDefault,
} from '../input/index.js';
import { readRuleBook, refuseRuleBook, type RuleBookHeader, ruleBookHeaderShape } from '../rule-book/index.js';
import { isTimeZone, minuteMs } from './time-zone.js';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** Days from `from` to `to`, both included; one day where `to` is absent. */
export interface NamedDays {
  readonly from: CalendarDate;
  readonly to: CalendarDate | undefined;
  readonly name: string;
}

/** What is known of one calendar year. */
export interface CalendarYear {
  readonly year: number;
  /** `published`: the authority has announced it; `provisional`: expected days, to be replaced by the announcement. */
  readonly status: 'published' | 'provisional';
  readonly sources: readonly string[];
  readonly holidays: readonly NamedDays[];
  /** Days of a weekend that are worked, such as China's make-up days. */
  readonly workingDays: readonly CalendarDate[];
  /** Days of a published year that the sources leave open; the name says why. */
  readonly open: readonly NamedDays[];
}

/** A country's business calendar: plain data, so that an operator's edited version can be passed in its place. */
export interface CalendarDefinition extends RuleBookHeader {
  readonly aliases: readonly string[];
  /** A name of the IANA time zone database. */
  readonly timeZone: string;
  /** Milliseconds after local midnight. Closing itself still belongs to the day. */
  readonly opens: number;
  readonly closes: number;
  readonly weekend: readonly Weekday[];
  readonly years: readonly CalendarYear[];
}

const zone: Reader<string> = {
  read: (value, pointer, problems) =>
    typeof value === 'string' && isTimeZone(value)
      ? value
      : refuse(problems, pointer, 'time_zone', 'must be a name of the IANA time zone database such as "Asia/Riyadh"'),
};

const timeOfDay: Reader<number> = {
  read(value, pointer, problems) {
    const match = typeof value === 'string' ? /^(\d{2}):(\d{2})$/.exec(value) : null;
    const minutes = Number(match?.[1]) * 60 + Number(match?.[2]);
    return match && Number(match[2]) < 60 && minutes <= 24 * 60
      ? minutes * minuteMs
      : refuse(problems, pointer, 'time_of_day', 'must be a time of day such as "17:00"');
  },
};

const days = withDefault(
  list(object({ from: date, to: optional(date), name: text({ max: 200 }) }), { min: 0, max: 100 }),
  [],
);

const calendarReader = object({
  kind: oneOf(['business-calendar']),
  ...ruleBookHeaderShape,
  aliases: withDefault(list(text({ max: 40 }), { min: 0, max: 10 }), []),
  note: optional(text({ max: 2000 })),
  timeZone: zone,
  opens: timeOfDay,
  closes: timeOfDay,
  weekend: list(oneOf(weekdays), { min: 0, max: 6 }),
  years: list(
    object({
      year: integer({ min: 1900, max: 2199 }),
      status: oneOf(['published', 'provisional']),
      sources: list(text({ max: 400 }), { max: 20 }),
      holidays: days,
      workingDays: withDefault(list(date, { min: 0, max: 100 }), []),
      open: days,
    }),
    { min: 0, max: 200 },
  ),
});

/** Reads a business calendar from JSON; throws `rule_book_malformed` with every field at fault. */
export function readCalendar(value: unknown): CalendarDefinition {
  const { kind: _kind, note: _note, ...calendar } = readRuleBook(value, calendarReader, 'business calendar');
  const problems = contradictions(calendar);
  if (problems.length > 0) refuseRuleBook(`business calendar ${calendar.id}`, problems);
  return calendar;
}

/** The ISO number of a weekday: 1 is Monday. */
export function weekdayNumber(name: Weekday): number {
  return weekdays.indexOf(name) + 1;
}

/** The day numbers of a range; a range the wrong way round has none. */
export function daysOf({ from, to }: NamedDays): number[] {
  const first = dayNumber(from);
  return Array.from({ length: Math.max(0, dayNumber(to ?? from) - first + 1) }, (_, index) => first + index);
}

function contradictions(calendar: CalendarDefinition): FieldError[] {
  const problems: FieldError[] = [];
  if (calendar.opens >= calendar.closes) refuse(problems, '/closes', 'after_opening', 'must be later than opens');
  const working = new Set(calendar.years.flatMap(({ workingDays }) => workingDays).map(dayNumber));
  const seen = new Set<number>();
  calendar.years.forEach((year, index) => {
    if (seen.has(year.year)) refuse(problems, `/years/${index}/year`, 'once', 'stands twice');
    seen.add(year.year);
    for (const [list, ranges] of Object.entries({ holidays: year.holidays, open: year.open })) {
      ranges.forEach((range, at) => {
        const pointer = `/years/${index}/${list}/${at}`;
        const covered = daysOf(range);
        if (covered.length === 0 || covered.length > 366)
          refuse(problems, pointer, 'range', 'must run from a day to a later day, 366 days at most');
        const clash = list === 'holidays' ? covered.find((day) => working.has(day)) : undefined;
        if (clash !== undefined)
          refuse(problems, pointer, 'clash', `is also a working day (${dateOfDayNumber(clash)})`);
      });
    }
  });
  return problems;
}
