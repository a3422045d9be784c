import * as fc from 'fast-check';
import { hiddenCells, isTooFew } from './small-cells.policy.js';

const cells = (...counts: number[]) => counts.map((count) => ({ count }));

describe('small cells of published tables', () => {
  it('hide fewer than five records, and a second cell so that the first does not follow from the total', () => {
    expect(hiddenCells(cells(12, 3, 7), 5)).toEqual([false, true, true]);
    expect(hiddenCells(cells(12, 3, 7), 5, false)).toEqual([false, true, false]);
    expect(hiddenCells(cells(12, 3, 4, 7), 5)).toEqual([false, true, true, false]);
  });

  it('leave empty cells and large ones alone', () => {
    expect(hiddenCells(cells(0, 5, 9), 5)).toEqual([false, false, false]);
    expect(hiddenCells(cells(0, 3), 5)).toEqual([false, true]);
    expect([isTooFew(0, 5), isTooFew(4, 5), isTooFew(5, 5)]).toEqual([false, true, false]);
  });

  it('never leave one hidden cell alone beside a shown one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 8 }), (counts) => {
        const hidden = hiddenCells(cells(...counts), 5);
        const shown = counts.filter((count, at) => !hidden[at] && count > 0).length;
        const alone = hidden.filter(Boolean).length === 1;
        expect(alone && shown > 0).toBe(false);
        counts.forEach((count, at) => expect(hidden[at] || count === 0 || count >= 5).toBe(true));
      }),
    );
  });
});
