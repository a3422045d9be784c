import { businessCalendars } from '#platform/rulebooks';

/**
 * Federal holidays as the United States Office of Personnel Management lists them for 2026, 2027 and 2028 (opm.gov, Federal
 * Holidays), with the days on which those that fall on a weekend are observed.
 */
const opm: Readonly<Record<number, readonly string[]>> = {
  2026: ['01-01', '01-19', '02-16', '05-25', '06-19', '07-03', '09-07', '10-12', '11-11', '11-26', '12-25'],
  2027: ['01-01', '01-18', '02-15', '05-31', '06-18', '07-05', '09-06', '10-11', '11-11', '11-25', '12-24', '12-31'],
  2028: ['01-17', '02-21', '05-29', '06-19', '07-04', '09-04', '10-09', '11-10', '11-23', '12-25'],
};

it.each(Object.entries(opm))('the calendar of the United States in %s', (year, expected) => {
  const calendar = businessCalendars().get('US');
  const holidays = calendar?.definition.years.find((each) => each.year === Number(year))?.holidays ?? [];
  expect(holidays.map(({ from }) => String(from).slice(5)).sort()).toEqual(expected);
});
