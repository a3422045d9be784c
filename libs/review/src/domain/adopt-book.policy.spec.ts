import { adoptBook, isNewerBook } from './adopt-book.policy.js';
import type { CalendarBook } from './calendar-edit.policy.js';

const book = (version: string, holidays: { from: string; name: string }[]): CalendarBook => ({
  kind: 'business-calendar',
  id: 'SA-private',
  title: 'test',
  version,
  validFrom: '2026-01-01',
  timeZone: 'Asia/Riyadh',
  opens: '08:00',
  closes: '17:00',
  weekend: ['friday', 'saturday'],
  years: [{ year: 2026, status: 'provisional', sources: ['test'], holidays }],
});

it('knows a later version by its numbers', () => {
  const of = (kept: string, offered: string) => isNewerBook(book(kept, []), book(offered, []));
  expect([of('2026.1', '2026.2'), of('2026.9', '2026.10'), of('2026.2', '2026.2'), of('2027.1', '2026.9')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('keeps what operators changed, but for what the newer book says already or contradicts', () => {
  const feast = { from: '2026-03-22', name: 'feast' };
  const newer = book('2026.2', [feast, { from: '2026-09-23', name: 'National Day' }]);
  const {
    book: adopted,
    kept,
    leftOut,
  } = adoptBook(newer, [
    { change: { addHolidays: [feast, { from: '2026-05-03', name: 'mourning' }] }, reason: 'announced' },
    { change: { removeHolidays: ['2026-02-22'], publishYears: [2026] }, reason: 'announced' },
  ]);
  expect(kept).toBe(2);
  expect(leftOut).toEqual([{ addHolidays: [feast] }, { removeHolidays: ['2026-02-22'] }]);
  expect(adopted.version).toBe('2026.2');
  expect(adopted.years[0]).toMatchObject({
    status: 'published',
    holidays: expect.arrayContaining([{ from: '2026-05-03', name: 'mourning' }]),
  });
});
