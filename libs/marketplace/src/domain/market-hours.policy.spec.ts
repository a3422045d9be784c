import { businessCalendars } from '#platform/rulebooks';
import { marketHours } from './market-hours.policy.js';

// Opening hours 09:00 to 17:00 in Riyadh (UTC+3), Sunday to Thursday; National Day is 23 September (SAMA circulars).
describe('the hours of the market for receivables', () => {
  const calendar = businessCalendars().get('SA');
  if (!calendar) throw new Error('there is no calendar');

  it.each([
    ['a Sunday at the opening', '2026-11-22T06:00:00.000Z', null],
    ['a Sunday a moment before', '2026-11-22T05:59:59.999Z', '2026-11-22T06:00:00.000Z'],
    ['a Sunday in the last millisecond', '2026-11-22T13:59:59.999Z', null],
    ['a Sunday at the close', '2026-11-22T14:00:00.000Z', '2026-11-23T06:00:00.000Z'],
    ['a Thursday evening', '2026-11-19T15:00:00.000Z', '2026-11-22T06:00:00.000Z'],
    ['National Day', '2026-09-23T08:00:00.000Z', '2026-09-24T06:00:00.000Z'],
  ])('on %s', (_, now, opensAt) => {
    const hours = marketHours(calendar, new Date(now));
    expect(hours.open ? null : hours.opensAt.toISOString()).toBe(opensAt);
  });
});
