import * as fc from 'fast-check';
import { Exact } from '../exact-decimal.js';
import { decimalOfRatio, type Ratio, ratio } from '../ratio.js';
import { levelInstalment } from './level-instalment.js';

/** Stretches of one interest factor, long and short, with and without interest. */
const stretches = fc.array(
  fc.record({ factor: fc.nat({ max: 300 }).map((n) => ratio(n, 10_000)), count: fc.integer({ min: 1, max: 40 }) }),
  { minLength: 1, maxLength: 5 },
);

describe('the level instalment', () => {
  it('leaves the balloon exactly, whatever stretches of interest factors the periods have', () => {
    fc.assert(
      fc.property(stretches, fc.nat({ max: 5000 }), (parts, balloon) => {
        const factors = parts.flatMap(({ factor, count }) => Array.from({ length: count }, (): Ratio => factor));
        const level = decimalOfRatio(levelInstalment(10_000n, BigInt(balloon), factors));
        const owed = factors.reduce(
          (balance, factor) => balance.mul(decimalOfRatio(factor).add(1)).sub(level),
          new Exact(10_000),
        );
        expect(owed.sub(balloon).abs().lt('1e-30')).toBe(true);
      }),
    );
  });
});
