import type { Mandate } from '#kernel';
import { RandomMarket } from '../testing/random-market.js';
import { MandateIndex } from './mandate-index.js';
import { failedRules } from './matching.policy.js';
import type { AnonymousBrief } from './request-terms.js';

const idsOf = (mandates: readonly Mandate[]): string[] => mandates.map(({ id }) => id).sort();

function plainly(mandates: Iterable<Mandate>, brief: AnonymousBrief): string[] {
  return idsOf([...mandates].filter((mandate) => failedRules(mandate, brief).length === 0));
}

describe('the index of mandates', () => {
  it('finds exactly what the plain rule finds, while mandates come, change and go (10,000 random pairs a seed)', () => {
    for (const seed of [1, 2, 3]) {
      const market = new RandomMarket(seed);
      const index = new MandateIndex();
      const live = new Map<string, Mandate>();
      let found = 0;
      for (let step = 0; step < 200; step++) {
        for (let n = 0; n < 3; n++) {
          const mandate = market.mandate(`m${market.below(150)}`, `f${market.below(20)}`);
          const gone = market.next() < 0.25;
          if (gone) live.delete(mandate.id);
          else live.set(mandate.id, mandate);
          if (gone) index.remove(mandate.id);
          else index.put(mandate);
        }
        const brief = market.brief();
        const expected = plainly(live.values(), brief);
        found += expected.length;
        expect(idsOf(index.matching(brief))).toEqual(expected);
        expect(index.size).toBe(live.size);
      }
      expect(found).toBeGreaterThan(10);
    }
  });

  it('judges the limits of amount and tenor exactly, at the limit and one beside it', () => {
    const index = new MandateIndex();
    const base = new RandomMarket(7).mandate('m', 'f');
    const brief = new RandomMarket(8).brief();
    const open: Mandate = {
      ...base,
      productKinds: [brief.productKind],
      currency: brief.amount.currency,
      amountMin: 1_000_001n,
      amountMax: 9_007_199_254_740_993n,
      tenorMin: 13,
      tenorMax: 601,
      sectors: [],
      regions: [],
      sizeClasses: [],
      ageBands: [],
      gradeFloor: null,
      collateral: [],
      offersShariah: true,
      shariahOnly: false,
      womenLedOnly: false,
      ruralOnly: false,
    };
    index.put(open);
    const asks = (minor: bigint, tenorMonths: number): number =>
      index.matching({ ...brief, amount: { ...brief.amount, minor }, tenorMonths }).length;
    expect([asks(1_000_000n, 13), asks(1_000_001n, 13)]).toEqual([0, 1]);
    expect([asks(9_007_199_254_740_993n, 601), asks(9_007_199_254_740_994n, 601)]).toEqual([1, 0]);
    expect([asks(2_000_000n, 12), asks(2_000_000n, 602)]).toEqual([0, 0]);
  });

  it('names the near misses as the plain rule does, fewest failures first', () => {
    const market = new RandomMarket(11);
    const index = new MandateIndex();
    const mandates = Array.from({ length: 400 }, (_, n) => market.mandate(`m${String(n).padStart(3, '0')}`, 'f'));
    for (const mandate of mandates) index.put(mandate);
    for (let n = 0; n < 50; n++) {
      const brief = market.brief();
      const expected = mandates
        .map((mandate) => ({ id: mandate.id, failed: failedRules(mandate, brief) }))
        .filter(({ failed }) => failed.length > 0 && failed.length <= 3)
        .sort((a, b) => a.failed.length - b.failed.length || (a.id < b.id ? -1 : 1))
        .slice(0, 10);
      const nearest = index.nearest(brief, 10);
      expect(nearest.map(({ mandate, failed }) => ({ id: mandate.id, failed }))).toEqual(expected);
    }
  });
});
