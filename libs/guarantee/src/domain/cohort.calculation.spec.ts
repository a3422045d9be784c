import { compareCohorts } from './cohort.calculation.js';

const firms = (count: number, before: string, after: string) =>
  Array.from({ length: count }, () => ({ before, after }));

describe('cohorts', () => {
  // Card and Krueger, American Economic Review 84 (1994), table 3: mean employment 20.44 → 21.03 and 23.33 → 21.17; the
  // difference in differences of these printed means is 2.75 (2.76 from the unrounded ones).
  it('have the effect of the published example', () => {
    expect(compareCohorts('staff', firms(331, '20.44', '21.03'), firms(79, '23.33', '21.17'), 5)).toEqual({
      measure: 'staff',
      guaranteed: { firms: 331, before: '20.44', after: '21.03', change: '0.59' },
      declined: { firms: 79, before: '23.33', after: '21.17', change: '-2.16' },
      effect: '2.75',
    });
  });

  it('hide a cohort of few firms, and with it the effect', () => {
    const hidden = compareCohorts('staff', firms(4, '1', '2'), firms(9, '1', '1'), 5);
    expect(hidden).toMatchObject({ guaranteed: null, effect: null, declined: { firms: 9 } });
  });
});
