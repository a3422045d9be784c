import * as fc from 'fast-check';
import { aprCalculator, fnCalculator, scheduleCalculator } from '#finance';

interface Row {
  readonly due: string;
  readonly total: string;
}

/** One loan through three calculators that share no formula: its rate must come out the same. */
describe('schedule, XIRR and annual rate agree', () => {
  const loans = fc.record({
    principal: fc.integer({ min: 1_000, max: 5_000_000 }).map(String),
    annualRate: fc.integer({ min: 50, max: 6_000 }).map((rate) => (rate / 100).toFixed(2)),
    periods: fc.integer({ min: 1, max: 48 }),
    amortization: fc.constantFrom('equal_instalments', 'equal_principal', 'bullet'),
    every: fc.record({ count: fc.integer({ min: 1, max: 6 }), unit: fc.constantFrom('week', 'month') }),
  });

  it('for any loan whose days are counted', () => {
    fc.assert(
      fc.property(loans, (loan) => {
        const start = '2024-01-31';
        const terms = {
          ...loan,
          start,
          interest: 'declining',
          dayCount: 'ACT/365',
          rounding: { to: '0.01', mode: 'half_even' },
        };
        const { instalments } = scheduleCalculator(terms) as unknown as { instalments: readonly Row[] };
        const flows = [
          { on: start, amount: loan.principal },
          ...instalments.map(({ due, total }) => ({ on: due, amount: `-${total}` })),
        ];
        const args = [flows.map(({ amount }) => amount), flows.map(({ on }) => on)];
        const { value } = fnCalculator({ name: 'XIRR', args }) as { value: string };
        const days = (on: string) => (Date.parse(on) - Date.parse(start)) / 86_400_000;
        const timed = flows.map(({ on, amount }) => ({ at: `${days(on)}/365`, amount }));
        const { apr } = aprCalculator({ method: 'eu', flows: timed }) as { apr: string };
        expect(Number(value) * 100).toBeCloseTo(Number(apr), 5);
      }),
      { numRuns: 40 },
    );
  });
});
