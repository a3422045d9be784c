import { dueCalculator } from '#finance';
import { parseDate, weekday } from '#kernel';
import { businessCalendars } from '#platform/rulebooks';
import figures from './fixtures/calendars.json';

/** The source of every day and due time stands in the fixture. */
const due = dueCalculator(businessCalendars());
const named = (name: string) => businessCalendars().get(name) ?? fail(name);
const fail = (name: string): never => {
  throw new Error(`no calendar ${name}`);
};

describe('due times by Rule L', () => {
  it.each(figures.cases)('$id $calendar $submitted: $why', (golden) => {
    const { calendar, submitted: submittedAt } = golden;
    expect(due({ calendar, submittedAt, workingDays: 3 })).toEqual({
      dueAt: golden.due_rule_L_local,
      firstDay: golden.day1,
      provisional: false,
    });
    expect(due({ calendar, submittedAt, workingDays: 4 })).toMatchObject({ dueAt: golden.due_rule_E_local });
  });

  it('17:00:00 is on time, a moment later is not; a day off is not a first day', () => {
    const first = (submittedAt: string, calendar = 'SA') => due({ calendar, submittedAt, workingDays: 1 });
    expect(first('2025-09-21T17:00:00')).toMatchObject({ firstDay: '2025-09-21', dueAt: '2025-09-21T17:00:00+03:00' });
    expect(first('2025-09-21T17:00:00.0001')).toMatchObject({ firstDay: '2025-09-22' });
    expect(first('2025-09-22T14:00:01Z')).toMatchObject({ firstDay: '2025-09-24', dueAt: '2025-09-24T17:00:00+03:00' });
    expect(first('2025-09-22T22:00:00+08:00')).toMatchObject({ firstDay: '2025-09-22' });
  });

  it('marks what nobody has announced', () => {
    expect(due({ calendar: 'CN', submittedAt: '2027-03-01T10:00', workingDays: 3 })).toMatchObject({
      provisional: true,
    });
    expect(due({ calendar: 'SA', submittedAt: '2026-05-21T10:00', workingDays: 3 })).toMatchObject({
      provisional: true,
    });
    expect(due({ calendar: 'SA-bank', submittedAt: '2027-03-04T10:00', workingDays: 2 })).toEqual({
      dueAt: '2027-03-14T17:00:00+03:00',
      firstDay: '2027-03-04',
      provisional: false,
    });
  });

  it.each([
    [{ calendar: 'XX', submittedAt: '2025-01-01T10:00', workingDays: 3 }, '/calendar'],
    [{ calendar: 'SA', submittedAt: '2025-01-01', workingDays: 3 }, '/submittedAt'],
    [{ calendar: 'SA', submittedAt: '2025-02-30T10:00', workingDays: 3 }, '/submittedAt'],
    [{ calendar: 'SA', submittedAt: '2025-01-01T10:00', workingDays: 0 }, '/workingDays'],
    [{ calendar: 'SA', submittedAt: '2025-01-01T10:00' }, '/workingDays'],
  ])('refuses %j', (input, pointer) => {
    expect(() => due(input)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ fields: [expect.objectContaining({ pointer })] }) }),
    );
  });
});

describe('the days of the published calendars', () => {
  it('China: every day off and every make-up working day', () => {
    const china = named('CN');
    expect(figures.days.CN.off.filter((day) => china.isWorkingDay(parseDate(day)))).toEqual([]);
    expect(figures.days.CN.make_up_work.filter((day) => !china.isWorkingDay(parseDate(day)))).toEqual([]);
  });

  it.each([
    ['SA', 'SA-private', [5, 6]],
    ['SA-bank', 'SA-bank', [5, 6]],
    ['AE', 'AE', [6, 7]],
  ] as const)('%s: every holiday and the weekend', (name, key, weekend) => {
    const calendar = named(name);
    expect(figures.days[key].holidays.filter((day) => calendar.isWorkingDay(parseDate(day)))).toEqual([]);
    expect(calendar.definition.weekend).toHaveLength(weekend.length);
    const may = Array.from({ length: 9 }, (_, index) => parseDate(`2025-05-${String(index + 10)}`));
    expect(may.filter((day) => !calendar.isWorkingDay(day)).map(weekday)).toEqual(expect.arrayContaining([...weekend]));
  });
});
