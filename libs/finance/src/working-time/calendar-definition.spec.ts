import { readCalendar } from './calendar-definition.js';

const valid = {
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
  years: [],
};

describe('reading a calendar', () => {
  it('takes times of day as milliseconds after midnight', () => {
    expect(readCalendar(valid)).toMatchObject({ opens: 9 * 3_600_000, closes: 17 * 3_600_000, aliases: [] });
  });

  it.each([
    [{ opens: '17:00', closes: '09:00' }, '/closes'],
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ weekend: ['caturday'] }, '/weekend/0'],
    [
      {
        years: [{ year: 2025, status: 'published', sources: ['x'], holidays: [{ from: '2025-02-30', name: 'none' }] }],
      },
      '/years/0/holidays/0/from',
    ],
    [
      {
        years: [
          {
            year: 2025,
            status: 'published',
            sources: ['x'],
            holidays: [{ from: '2025-02-20', to: '2025-02-19', name: 'x' }],
          },
        ],
      },
      '/years/0/holidays/0',
    ],
    [
      {
        years: [
          {
            year: 2025,
            status: 'published',
            sources: ['x'],
            holidays: [{ from: '2025-02-20', name: 'x' }],
            workingDays: ['2025-02-20'],
          },
        ],
      },
      '/years/0/holidays/0',
    ],
  ])('names the field at fault: %j', (changes, pointer) => {
    expect(() => readCalendar({ ...valid, ...changes })).toThrow(
      expect.objectContaining({
        code: 'rule_book_malformed',
        details: expect.objectContaining({ fields: expect.arrayContaining([expect.objectContaining({ pointer })]) }),
      }),
    );
  });
});
