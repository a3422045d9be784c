import fc from 'fast-check';
import { type CalendarDate, parseDate } from '#kernel';
import { readCalendar } from './calendar-definition.js';
import { offsetAt } from './time-zone.js';
import { addWorkingDays, nextWorkingDay, WorkingCalendar } from './working-calendar.js';
import { addWorkingTime, dueAt, remainingWorkingTime, shareOfWorkingTime, workingTimeBetween } from './working-time.js';

const hour = 3_600_000;

function calendar(changes: Record<string, unknown> = {}): WorkingCalendar {
  return new WorkingCalendar(
    readCalendar({
      kind: 'business-calendar',
      id: 'test',
      title: 'A calendar of this test',
      version: '1',
      sources: ['this test'],
      validFrom: '2020-01-01',
      timeZone: 'UTC',
      opens: '09:00',
      closes: '17:00',
      weekend: ['saturday', 'sunday'],
      years: [
        {
          year: 2025,
          status: 'published',
          sources: ['this test'],
          holidays: [{ from: '2025-01-01', name: 'New Year' }],
        },
      ],
      ...changes,
    }),
  );
}

/** Zones with changes of clocks in spring and autumn, of half an hour, at midnight, during Ramadan, and with none. */
const zones = [
  'UTC',
  'Asia/Riyadh',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];
const hoursOfDay = ['09:00-17:00', '00:00-24:00', '01:30-02:15', '22:00-24:00'];
const weekends = ['', 'friday saturday', 'saturday sunday', 'monday tuesday wednesday thursday friday saturday'];
const made = new Map<string, WorkingCalendar>();

/** Calendars are made once each: a property then costs microseconds a run. */
function named(zone: string, hours: string, weekend: string): WorkingCalendar {
  const key = [zone, hours, weekend].join('|');
  const [opens, closes] = hours.split('-');
  const cal = made.get(key) ?? calendar({ timeZone: zone, opens, closes, weekend: weekend.split(' ').filter(Boolean) });
  made.set(key, cal);
  return cal;
}

const anyCalendar = fc.tuple(fc.constantFrom(...zones), fc.constantFrom(...hoursOfDay), fc.constantFrom(...weekends));
/** Days around a new year are drawn often: there the tables of two years meet. */
const anyInstant = fc.oneof(
  fc.integer({ min: Date.UTC(2023, 11, 20), max: Date.UTC(2026, 0, 20) }),
  fc.integer({ min: Date.UTC(2024, 11, 29), max: Date.UTC(2025, 0, 4) }),
);
const anyDuration = fc.oneof(
  fc.integer({ min: 0, max: 400 * hour }),
  fc.integer({ min: 0, max: 400 }).map((n) => n * hour),
);

describe('working time', () => {
  it('adding and measuring are inverse, both ways', () => {
    fc.assert(
      fc.property(anyCalendar, anyInstant, anyDuration, (key, from, duration) => {
        const cal = named(...key);
        const later = addWorkingTime(cal, from, duration);
        expect(workingTimeBetween(cal, from, later)).toBe(duration);
        const earlier = addWorkingTime(cal, from, -duration);
        expect(workingTimeBetween(cal, earlier, from)).toBe(duration);
        expect(workingTimeBetween(cal, from, earlier)).toBe(duration === 0 ? 0 : -duration);
      }),
    );
  });

  it('adding is monotone in the instant and in the duration', () => {
    fc.assert(
      fc.property(anyCalendar, anyInstant, anyInstant, anyDuration, anyDuration, (key, a, b, d, e) => {
        const cal = named(...key);
        expect(addWorkingTime(cal, Math.min(a, b), d)).toBeLessThanOrEqual(addWorkingTime(cal, Math.max(a, b), d));
        expect(addWorkingTime(cal, a, Math.min(d, e))).toBeLessThanOrEqual(addWorkingTime(cal, a, Math.max(d, e)));
      }),
    );
  });

  it('measuring adds up over any instant between', () => {
    fc.assert(
      fc.property(anyCalendar, fc.array(anyInstant, { minLength: 3, maxLength: 3 }), (key, instants) => {
        const cal = named(...key);
        const [a, b, c] = instants.sort((x, y) => x - y) as [number, number, number];
        expect(workingTimeBetween(cal, a, b) + workingTimeBetween(cal, b, c)).toBe(workingTimeBetween(cal, a, c));
      }),
    );
  });

  it('nothing remains at the deadline, and all of the working time leads to it', () => {
    fc.assert(
      fc.property(anyCalendar, anyInstant, fc.integer({ min: 1, max: 60 }), (key, submitted, days) => {
        const cal = named(...key);
        const { dueAt: due } = dueAt(cal, submitted, days);
        expect(due).toBeGreaterThanOrEqual(submitted);
        expect(remainingWorkingTime(cal, due, due)).toBe(0);
        const remaining = remainingWorkingTime(cal, submitted, due);
        expect(workingTimeBetween(cal, submitted, addWorkingTime(cal, submitted, remaining))).toBe(remaining);
        if (remaining > 0) expect(addWorkingTime(cal, submitted, remaining)).toBe(due);
        expect(shareOfWorkingTime(cal, submitted, due, 0.5)).toBeLessThanOrEqual(due);
      }),
    );
  });

  it('a deadline is the close of the working day that the days themselves count to', () => {
    fc.assert(
      fc.property(anyCalendar, anyInstant, fc.integer({ min: 1, max: 300 }), (key, submitted, days) => {
        const cal = named(...key);
        const { firstDay, lastDay } = dueAt(cal, submitted, days);
        expect(cal.isWorkingDay(firstDay)).toBe(true);
        expect(lastDay).toBe(addWorkingDays(cal, firstDay, days - 1));
      }),
    );
  });

  it('a second more than closing time moves the first day', () => {
    const cal = calendar();
    const friday = Date.UTC(2025, 0, 3, 17);
    expect(dueAt(cal, friday, 1)).toMatchObject({ firstDay: '2025-01-03', dueAt: friday });
    expect(dueAt(cal, friday + 1, 1)).toMatchObject({ firstDay: '2025-01-06', dueAt: Date.UTC(2025, 0, 6, 17) });
    expect(dueAt(cal, Date.UTC(2025, 0, 3, 0, 1), 1).firstDay).toBe('2025-01-03');
  });

  it('a day has its eight hours by the clock on the wall, whichever way the clocks were changed', () => {
    const berlin = calendar({ timeZone: 'Europe/Berlin', weekend: [] });
    const day = 24 * hour;
    for (const [before, after] of [
      [Date.UTC(2025, 2, 29, 16), Date.UTC(2025, 2, 30, 15)],
      [Date.UTC(2025, 9, 25, 15), Date.UTC(2025, 9, 26, 16)],
    ] as const) {
      expect(addWorkingTime(berlin, before, 8 * hour)).toBe(after);
    }
    const allDay = calendar({ timeZone: 'Europe/Berlin', weekend: [], opens: '00:00', closes: '24:00' });
    expect(workingTimeBetween(allDay, Date.UTC(2025, 2, 29, 23), Date.UTC(2025, 2, 30, 22))).toBe(day - hour);
  });

  it('crosses the end of a year, and refuses years it does not cover', () => {
    const cal = calendar();
    expect(addWorkingTime(cal, Date.UTC(2024, 11, 31, 16), 2 * hour)).toBe(Date.UTC(2025, 0, 2, 10));
    expect(addWorkingTime(cal, Date.UTC(2025, 0, 2, 10), -2 * hour)).toBe(Date.UTC(2024, 11, 31, 16));
    const busy = calendar({ years: [] });
    expect(addWorkingTime(busy, Date.UTC(2026, 0, 1, 10), hour)).toBe(Date.UTC(2026, 0, 1, 11));
    expect(addWorkingTime(busy, Date.UTC(2025, 11, 31, 12), -hour)).toBe(Date.UTC(2025, 11, 31, 11));
    expect(() => addWorkingTime(cal, Date.UTC(2199, 11, 20), 2000 * hour)).toThrow(
      expect.objectContaining({ code: 'calendar_exhausted' }),
    );
    expect(() => addWorkingDays(cal, parseDate('2199-06-01'), 400)).toThrow(
      expect.objectContaining({ code: 'calendar_exhausted' }),
    );
  });

  it('says when a deadline rests on days that nobody has announced', () => {
    const cal = calendar({
      years: [
        {
          year: 2025,
          status: 'published',
          sources: ['this test'],
          open: [{ from: '2025-06-05', to: '2025-06-08', name: 'Eid' }],
        },
      ],
    });
    const due = (month: number, day: number) => dueAt(cal, Date.UTC(2025, month - 1, day, 10), 3).provisional;
    expect([due(6, 2), due(6, 3), due(6, 9), due(12, 30), due(12, 29)]).toEqual([false, true, false, true, false]);
  });

  it('steps by working days in both directions', () => {
    const cal = calendar();
    const step = (from: string, count: number): CalendarDate => addWorkingDays(cal, parseDate(from), count);
    expect([step('2025-01-03', 1), step('2025-01-04', 0), step('2025-01-06', -1), step('2024-12-31', 1)]).toEqual([
      '2025-01-06',
      '2025-01-06',
      '2025-01-03',
      '2025-01-02',
    ]);
    expect(nextWorkingDay(cal, parseDate('2025-01-01'))).toBe('2025-01-02');
  });

  it('a local time that the clocks skip is moved forward, one that they repeat is the earlier', () => {
    expect(offsetAt('America/New_York', Date.UTC(2025, 6, 1))).toBe(-4 * hour);
    const night = calendar({ timeZone: 'America/New_York', weekend: [], opens: '02:30', closes: '04:00' });
    expect(workingTimeBetween(night, Date.UTC(2025, 2, 9, 5), Date.UTC(2025, 2, 9, 12))).toBe(hour / 2);
    const repeated = calendar({ timeZone: 'America/New_York', weekend: [], opens: '01:30', closes: '03:00' });
    expect(workingTimeBetween(repeated, Date.UTC(2025, 10, 2, 4), Date.UTC(2025, 10, 2, 12))).toBe(2.5 * hour);
  });
});
