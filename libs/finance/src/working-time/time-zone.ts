import { type CalendarDate, dateOfDayNumber, dayNumber, isCalendarDate } from '#kernel';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** True for a name of the IANA time zone database that this machine knows, such as `Asia/Riyadh`. */
export function isTimeZone(name: string): boolean {
  try {
    return offsetFormat(name) !== undefined;
  } catch {
    return false;
  }
}

/** Milliseconds to add to UTC for the local time of `zone` at `instant`. */
export function offsetAt(zone: string, instant: EpochMs): number {
  const name = offsetFormat(zone)
    .formatToParts(instant)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name ?? '');
  if (!match) throw new RangeError(`the offset of ${zone} cannot be read from "${name}"`);
  const seconds = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  return (match[1] === '-' ? -seconds : seconds) * 1000;
}

/**
 * The instant of a local time, `msOfDay` after midnight of the day with number `day` (days since 1970-01-01).
 * A local time that a change of clocks leaves out is moved forward by the gap; one that occurs twice is the earlier.
 */
export function instantOfLocal(zone: string, day: number, msOfDay: number): EpochMs {
  const local = day * dayMs + msOfDay;
  const before = offsetAt(zone, local - dayMs);
  const after = offsetAt(zone, local + dayMs);
  if (before === after && offsetAt(zone, local - before) === before) return local - before;
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  for (const candidate of [early, late]) if (candidate + offsetAt(zone, candidate) === local) return candidate;
  return local - before;
}

/** The calendar date in `zone` at `instant`. */
export function localDate(zone: string, instant: EpochMs): CalendarDate {
  return dateOfDayNumber(Math.floor((instant + offsetAt(zone, instant)) / dayMs));
}

/** ISO 8601 with the offset of `zone`, such as `2024-02-18T17:00:00+08:00`; milliseconds only where there are any. */
export function printInstant(zone: string, instant: EpochMs): string {
  const offset = offsetAt(zone, instant);
  const local = new Date(instant + offset).toISOString();
  const minutes = Math.floor(Math.abs(offset) / minuteMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  return `${local.slice(0, 19)}${local.slice(19, 23).replace('.000', '')}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)$/;

/**
 * Reads an ISO 8601 date and time. Without an offset it is local time in `zone`. Fractions of a millisecond are
 * rounded up, so that a moment after a deadline never counts as on time. Undefined when it cannot be read.
 */
export function parseInstant(zone: string, written: string): EpochMs | undefined {
  const match = instantPattern.exec(written);
  const day = match?.[1];
  if (!match || !isCalendarDate(day)) return undefined;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fraction = Math.ceil(Number((match[5] ?? '').padEnd(9, '0')) / 1_000_000);
  const msOfDay = ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction;
  const offset = match[6];
  if (offset === undefined) return instantOfLocal(zone, dayNumber(day), msOfDay);
  const written24 =
    offset.toUpperCase() === 'Z' ? [0, 0] : [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', ''))];
  const [offsetHours, offsetMinutes] = written24 as [number, number];
  if (offsetHours > 18 || offsetMinutes > 59) return undefined;
  const shift = (offsetHours * 60 + offsetMinutes) * minuteMs;
  return dayNumber(day) * dayMs + msOfDay - (offset.startsWith('-') ? -shift : shift);
}

function offsetFormat(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, made);
  return made;
}
