import { instantText } from './direct-query.js';

describe('an instant that stays a text', () => {
  it.each([
    ['2026-01-31 10:00:00.123456', '2026-01-31T10:00:00.123Z'],
    ['2026-12-31 23:59:59.999999', '2026-12-31T23:59:59.999Z'],
    ['2026-02-28 00:00:00.000000', '2026-02-28T00:00:00.000Z'],
  ])('is printed as a Date would be: %s', (column, printed) => {
    expect(instantText(column)).toBe(printed);
    expect(new Date(printed).toISOString()).toBe(printed);
  });
});
