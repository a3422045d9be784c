import { type CalendarBook, editCalendar } from './calendar-edit.policy.js';

const book: CalendarBook = {
  kind: 'business-calendar',
  id: 'X',
  title: 'X',
  version: '1',
  validFrom: '2024-01-01',
  timeZone: 'UTC',
  opens: '09:00',
  closes: '17:00',
  weekend: ['friday', 'saturday'],
  years: [
    {
      year: 2025,
      status: 'provisional',
      sources: ['gazette'],
      holidays: [{ from: '2025-03-30', to: '2025-04-02', name: 'Eid' }],
      open: [{ from: '2025-04-03', name: 'not sure' }],
    },
  ],
};

const edited = (change: Parameters<typeof editCalendar>[1]) => {
  const result = editCalendar(book, change, 'announcement');
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.book;
};

describe('editing a calendar', () => {
  it('moves a moon-sighted feast by a day', () => {
    const { years } = edited({ removeHolidays: ['2025-03-30'], addHolidays: [{ from: '2025-04-03', name: 'Eid' }] });
    expect(years[0]).toMatchObject({
      holidays: [
        { from: '2025-03-31', to: '2025-04-02', name: 'Eid' },
        { from: '2025-04-03', name: 'Eid' },
      ],
      sources: ['gazette', 'announcement'],
    });
  });

  it('cuts a range in two, and drops one that is empty', () => {
    expect(edited({ removeHolidays: ['2025-03-31'] }).years[0]?.holidays).toEqual([
      { from: '2025-03-30', name: 'Eid' },
      { from: '2025-04-01', to: '2025-04-02', name: 'Eid' },
    ]);
    const all = ['2025-03-30', '2025-03-31', '2025-04-01', '2025-04-02'];
    expect(edited({ removeHolidays: all }).years[0]?.holidays).toEqual([]);
  });

  it('gives a feast over New Year to both years; a year that was unknown is provisional', () => {
    const { years } = edited({ addHolidays: [{ from: '2025-12-31', to: '2026-01-02', name: 'New Year' }] });
    expect(years.map(({ year, status, holidays }) => [year, status, holidays?.at(-1)])).toEqual([
      [2025, 'provisional', { from: '2025-12-31', name: 'New Year' }],
      [2026, 'provisional', { from: '2026-01-01', to: '2026-01-02', name: 'New Year' }],
    ]);
  });

  it('publishes a year, which settles the days that were left open', () => {
    expect(edited({ publishYears: [2025] }).years[0]).toMatchObject({ status: 'published', open: [] });
  });
});
