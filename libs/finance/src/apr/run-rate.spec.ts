import * as fc from 'fast-check';
import { DomainError } from '#kernel';
import { effectiveAnnualRate, effectiveAnnualRateOfPeriods, type TimedFlow } from './effective-annual-rate.js';
import { exactSign } from './exact-sign.js';
import { runsOfFlows, runsOfPeriods } from './flow-runs.js';
import { rateOfRuns } from './run-rate.js';

const quick = (flows: readonly TimedFlow[]): number | undefined => {
  const runs = runsOfFlows(flows);
  return runs && rateOfRuns(runs);
};

const flow = (numerator: number, denominator: number, amount: number): TimedFlow => ({
  time: { numerator: BigInt(numerator), denominator: BigInt(denominator) },
  amount: BigInt(amount),
});

/** A loan in one or two stretches of equal payments, with a fee and an odd first period. */
const loans = fc
  .record({
    lent: fc.integer({ min: 100_000, max: 1_000_000_000 }),
    fee: fc.integer({ min: 0, max: 30 }),
    odd: fc.integer({ min: 0, max: 40 }),
    counts: fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 60 })),
    // What is paid back, in percent of what was lent: below 100 the rate is negative.
    backs: fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 200 })),
    perYear: fc.constantFrom(1, 4, 12, 52, 365),
  })
  .map(({ lent, fee, odd, counts, backs, perYear }) => {
    const flows = [flow(0, 1, lent), flow(0, 1, -Math.floor((lent * fee) / 100))];
    let n = 0;
    counts.forEach((count, part) => {
      const payment = Math.ceil((lent * (backs[part] as number)) / 100 / Math.max(1, count));
      for (let each = 0; each < count; each += 1) {
        n += 1;
        flows.push(flow(n * 366 + odd * perYear, 366 * perYear, -payment));
      }
    });
    return flows;
  });

describe('the quick rate of equal payments', () => {
  it('is proven: in fixed point of 192 digits the present value changes its sign around it', () => {
    let answered = 0;
    fc.assert(
      fc.property(loans, (flows) => {
        const rate = quick(flows);
        if (rate === undefined || rate === 0) return;
        answered += 1;
        const sign = exactSign(flows);
        expect([sign(2n * BigInt(rate) - 1n), sign(2n * BigInt(rate) + 1n)]).toEqual([-1, 1]);
      }),
      { numRuns: 150 },
    );
    expect(answered).toBeGreaterThan(75);
  });

  it('is the rate of the mirrored flows too, which the general method finds when runs are scattered', () => {
    fc.assert(
      fc.property(loans, (flows) => {
        const rate = quick(flows);
        fc.pre(rate !== undefined);
        expect(quick(flows.map(({ time, amount }) => ({ time, amount: -amount })))).toBe(rate);
        // One unit more and less in turn makes every payment a run of its own; both rates enclose the first.
        const wavy = (by: bigint) =>
          flows.map(({ time, amount }, n) => ({ time, amount: n > 1 && n % 2 === 0 ? amount + by : amount }));
        if (flows.length < 80) return;
        expect(quick(wavy(1n))).toBeUndefined();
        const [low, high] = [effectiveAnnualRate(wavy(1n)), effectiveAnnualRate(wavy(-1n))];
        expect(low <= BigInt(rate as number) && BigInt(rate as number) <= high).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('joins equal amounts at equal steps, adds up what falls on one time, and drops what cancels', () => {
    const flows = [flow(0, 1, 900), flow(0, 7, -100), flow(1, 12, -5), flow(1, 6, -5), flow(3, 12, -5), flow(1, 2, 3)];
    expect(runsOfFlows([...flows, flow(1, 2, -3), flow(2, 2, -5), flow(13, 12, -5)])).toEqual({
      ticksPerYear: 84,
      net: 775,
      runs: [
        { amount: 800, first: 0, step: 0, count: 1 },
        { amount: -5, first: 7, step: 7, count: 3 },
        { amount: -5, first: 84, step: 7, count: 2 },
      ],
    });
    expect(runsOfPeriods([9, -2, -2, 0, 0, -2], 12)?.runs).toEqual([
      { amount: 9, first: 0, step: 0, count: 1 },
      { amount: -2, first: 1, step: 1, count: 2 },
      { amount: -2, first: 5, step: 0, count: 1 },
    ]);
  });

  it('leaves to the general method what is out of order, too large for exact numbers, or changes direction twice', () => {
    expect(quick([flow(0, 1, 100), flow(2, 1, -50), flow(1, 1, -60)])).toBeUndefined();
    expect(quick([flow(0, 1, 2 ** 52), flow(1, 1, -(2 ** 53))])).toBeUndefined();
    expect(quick([flow(0, 1, 100), flow(1, 1, -230), flow(2, 1, 132)])).toBeUndefined();
    const wrapped = { ...flow(1, 1, 0), amount: -(2n ** 64n) - 110n };
    expect(quick([flow(0, 1, 100), wrapped])).toBeUndefined();
  });

  it('takes amounts at equal periods as they are', () => {
    const amounts = [19_600_000, ...Array.from({ length: 240 }, () => -143_286)];
    // European Commission 2015, example 1.
    expect(effectiveAnnualRateOfPeriods(amounts, 12)).toBe(6_434_412n);
    expect(effectiveAnnualRateOfPeriods([100, -60, 10, 0, -70], 1)).toBe(
      effectiveAnnualRate([flow(0, 1, 100), flow(1, 1, -60), flow(2, 1, 10), flow(4, 1, -70)]),
    );
    expect(() => effectiveAnnualRateOfPeriods([1, 2], 12)).toThrow(DomainError);
  });
});
