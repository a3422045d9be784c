import * as fc from 'fast-check';
import { addMonths, type CalendarDate, DomainError, dayNumber } from '#kernel';
import { civilOf, civilOfDay, dayOf, printCivil } from './civil-day.js';
import { daysCalculator } from './days.calculator.js';

const dates = fc.integer({
  min: dayNumber('1900-01-01' as CalendarDate),
  max: dayNumber('2199-12-31' as CalendarDate),
});

describe('calendar arithmetic', () => {
  it("agrees with the kernel's, which is the platform's", () => {
    fc.assert(
      fc.property(dates, (day) => {
        const text = new Date(day * 86_400_000).toISOString().slice(0, 10) as CalendarDate;
        expect(printCivil(civilOfDay(day))).toBe(text);
        expect(dayOf(civilOf(text))).toBe(dayNumber(text));
      }),
    );
  });
});

describe('days between dates', () => {
  const days = (dayCount: string, from: string, to: string) =>
    daysCalculator({ dayCount, from, to }) as { days: number; yearFraction: string };

  it('counts whole years as one wherever months have thirty days', () => {
    fc.assert(
      fc.property(dates, fc.constantFrom('30/360', '30E/360', '30E/360 ISDA'), (day, dayCount) => {
        const from = printCivil(civilOfDay(Math.min(day, dayNumber('2198-12-31' as CalendarDate))));
        fc.pre(!from.endsWith('02-28') && !from.endsWith('02-29'));
        expect(days(dayCount, from, addMonths(from, 12)).yearFraction).toBe('1.000000000000');
      }),
    );
  });

  it.each([
    ['ACT/360', 31, '0.086111111111'],
    ['ACT/364', 31, '0.085164835165'],
    ['ACT/365', 31, '0.084931506849'],
    ['ACT/ACT', 31, '0.084699453552'],
    ['30/360', 30, '0.083333333333'],
  ])('%s from 1 January to 1 February 2024', (dayCount, count, fraction) => {
    expect(days(dayCount, '2024-01-01', '2024-02-01')).toEqual({ days: count, yearFraction: fraction });
  });

  it('adds ACT/ACT up to whole years from new year to new year', () => {
    expect(days('ACT/ACT', '1999-01-01', '2004-01-01')).toEqual({ days: 1826, yearFraction: '5.000000000000' });
  });

  it('refuses an end before its beginning, and anything that is not two dates', () => {
    expect(() => days('ACT/360', '2024-01-02', '2024-01-01')).toThrow('/to: must not be before from');
    fc.assert(fc.property(fc.anything(), (input) => expect(() => daysCalculator(input)).toThrow(DomainError)));
  });
});
