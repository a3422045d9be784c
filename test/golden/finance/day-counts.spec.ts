import { daysCalculator } from '#finance';
import { dayCountCases } from './golden-file.js';

interface Answer {
  readonly days: number;
  readonly yearFraction: string;
}

describe('day counts: the examples of the ISDA 30/360 sheet and of ACT/ACT', () => {
  it.each(dayCountCases.map((each) => [each.input.dayCount, each.input.from, each.input.to, each] as const))(
    '%s %s to %s',
    (_dayCount, _from, _to, { input, days, yearFraction }) => {
      const answer = daysCalculator(input) as unknown as Answer;
      if (days !== undefined) {
        expect(answer.days).toBe(days);
        expect(Number(answer.yearFraction)).toBeCloseTo(days / 360, 11);
      }
      // One published fraction (1999-07-01 to 2000-07-01) is printed with ten decimals.
      if (yearFraction !== undefined) expect(Number(answer.yearFraction)).toBeCloseTo(yearFraction, 10);
    },
  );

  it('reads all published examples', () => expect(dayCountCases).toHaveLength(73));
});
