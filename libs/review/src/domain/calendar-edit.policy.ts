import { type CalendarYear, daysOf, type Weekday } from '#finance';
import { dateOfDayNumber, type FieldError, parseDate } from '#kernel';
import { groupBy } from './group-by.js';

/** A business calendar as it is written in a rule book: JSON that `readCalendar` understands. Dates are YYYY-MM-DD. */
export interface CalendarBook {
  readonly kind: 'business-calendar';
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly timeZone: string;
  readonly opens: string;
  readonly closes: string;
  readonly weekend: readonly Weekday[];
  readonly years: readonly BookYear[];
}

interface BookDays {
  readonly from: string;
  readonly to?: string;
  readonly name: string;
}

interface BookYear {
  readonly year: number;
  readonly status: CalendarYear['status'];
  readonly sources: readonly string[];
  readonly holidays?: readonly BookDays[];
  readonly workingDays?: readonly string[];
  readonly open?: readonly BookDays[];
}

/** What an operator changes at once: a moon-sighted Eid is days taken away and days added. */
export interface CalendarChange {
  readonly removeHolidays?: readonly string[] | undefined;
  readonly addHolidays?: readonly BookDays[] | undefined;
  /** Days of a weekend that are worked, such as make-up days. */
  readonly removeWorkingDays?: readonly string[] | undefined;
  readonly addWorkingDays?: readonly string[] | undefined;
  readonly opens?: string | undefined;
  readonly closes?: string | undefined;
  /** Years that the authority has announced: their deadlines are provisional no longer. */
  readonly publishYears?: readonly number[] | undefined;
}

const longest = 60;

/** The calendar with the change, or the fields at fault. Every date must exist; that is checked at the edge. */
export function editCalendar(
  book: CalendarBook,
  change: CalendarChange,
  source: string,
): { readonly book: CalendarBook } | { readonly problems: readonly FieldError[] } {
  const problems = faults(book, change);
  if (problems.length > 0) return { problems };
  const taken = new Set(change.removeHolidays);
  const unworked = new Set(change.removeWorkingDays);
  const years = new Map(book.years.map((year) => [year.year, withoutDays(year, taken, unworked)]));
  const alterYear = (year: number, alter: (before: BookYear) => BookYear) => {
    const before = years.get(year) ?? { year, status: 'provisional' as const, sources: [] };
    const after = alter(before);
    years.set(year, { ...after, sources: [...new Set([...after.sources, source])] });
  };
  for (const holiday of (change.addHolidays ?? []).flatMap(perYear))
    alterYear(yearOf(holiday.from), (year) => ({ ...year, holidays: [...(year.holidays ?? []), holiday] }));
  for (const day of change.addWorkingDays ?? [])
    alterYear(yearOf(day), (year) => ({ ...year, workingDays: [...(year.workingDays ?? []), day].sort() }));
  for (const year of change.publishYears ?? [])
    alterYear(year, (before) => ({ ...before, status: 'published', open: [] }));
  return {
    book: {
      ...book,
      opens: change.opens ?? book.opens,
      closes: change.closes ?? book.closes,
      years: [...years.values()].sort((a, b) => a.year - b.year).map(sortedYear),
    },
  };
}

/** The days of a book that are named as holidays, each with its name. */
export function holidayNames(book: CalendarBook): ReadonlyMap<string, string> {
  return new Map(
    book.years.flatMap(({ holidays = [] }) => holidays.flatMap((range) => days(range).map((day) => [day, range.name]))),
  );
}

function faults(book: CalendarBook, change: CalendarChange): FieldError[] {
  const problems: FieldError[] = [];
  const refuse = (pointer: string, rule: string, message: string) => problems.push({ pointer, rule, message });
  const holidays = holidayNames(book);
  const worked = new Set(book.years.flatMap(({ workingDays = [] }) => workingDays));
  const taken = new Set(change.removeHolidays);
  change.removeHolidays?.forEach((day, index) => {
    if (!holidays.has(day)) refuse(`/removeHolidays/${index}`, 'known', 'is not a holiday of this calendar');
  });
  change.removeWorkingDays?.forEach((day, index) => {
    if (!worked.has(day)) refuse(`/removeWorkingDays/${index}`, 'known', 'is not a working day added to this calendar');
  });
  change.addHolidays?.forEach((range, index) => {
    const covered = days(range);
    if (covered.length === 0 || covered.length > longest)
      refuse(`/addHolidays/${index}/to`, 'range', `must be the first day or later, ${longest} days at most`);
    const twice = covered.find((day) => holidays.has(day) && !taken.has(day));
    if (twice) refuse(`/addHolidays/${index}`, 'once', `${twice} is a holiday already (${holidays.get(twice)})`);
  });
  change.addWorkingDays?.forEach((day, index) => {
    if (worked.has(day)) refuse(`/addWorkingDays/${index}`, 'once', 'is a working day already');
  });
  return problems;
}

function withoutDays(year: BookYear, taken: ReadonlySet<string>, unworked: ReadonlySet<string>): BookYear {
  return {
    ...year,
    holidays: (year.holidays ?? []).flatMap((range) => split(range, taken)),
    workingDays: (year.workingDays ?? []).filter((day) => !unworked.has(day)),
  };
}

/** A range without some of its days: the runs that are left. */
function split(range: BookDays, taken: ReadonlySet<string>): BookDays[] {
  const runs: string[][] = [[]];
  for (const day of days(range)) {
    if (taken.has(day)) runs.push([]);
    else runs.at(-1)?.push(day);
  }
  return runs.filter((run) => run.length > 0).map((run) => asRange(run, range.name));
}

/** A range over New Year belongs to both years. */
function perYear(range: BookDays): BookDays[] {
  const byYear = groupBy(days(range), yearOf);
  return [...byYear.values()].map((run) => asRange(run, range.name));
}

function asRange(run: readonly string[], name: string): BookDays {
  const [from, to] = [run[0] as string, run.at(-1) as string];
  return from === to ? { from, name } : { from, to, name };
}

function days({ from, to, name }: BookDays): string[] {
  const covered = daysOf({ from: parseDate(from), to: to === undefined ? undefined : parseDate(to), name });
  return covered.map(dateOfDayNumber);
}

const yearOf = (day: string): number => Number(day.slice(0, 4));

function sortedYear(year: BookYear): BookYear {
  return { ...year, holidays: [...(year.holidays ?? [])].sort((a, b) => (a.from < b.from ? -1 : 1)) };
}
