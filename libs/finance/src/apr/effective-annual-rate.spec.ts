import * as fc from 'fast-check';
import { Decimal } from 'decimal.js';
import { DomainError } from '#kernel';
import { aprCalculator } from './apr.calculator.js';

interface Flow {
  readonly at: string;
  readonly amount: string;
}

const eu = (flows: readonly Flow[]) => (aprCalculator({ method: 'eu', flows }) as { apr: string }).apr;

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'answered';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

const flow = (at: number | string, amount: number | string): Flow => ({ at: String(at), amount: String(amount) });

describe('effective annual rate', () => {
  it('finds roots up to 1,000,000 % and below zero', () => {
    expect(eu([flow(0, 100), flow(1, -1_000_100)])).toBe('1000000.000000');
    expect(eu([flow(0, 100), flow(2, -81)])).toBe('-10.000000');
    expect(eu([flow(0, 100), flow(1, -100)])).toBe('0.000000');
  });

  it('refuses flows in one direction, flows without a root and roots beyond the range', () => {
    expect(codeOf(() => eu([flow(0, 100), flow(1, 5)]))).toBe('apr_no_solution');
    expect(codeOf(() => eu([flow(0, 100), flow(1, -200), flow(2, 101)]))).toBe('apr_no_solution');
    expect(codeOf(() => eu([flow(0, 1), flow(1, -20_000)]))).toBe('apr_no_solution');
  });

  // (1+X) = 1.1 and 1.2 solve 100 − 230/(1+X) + 132/(1+X)², a textbook case of two internal rates.
  it('refuses flows that two rates solve, and names both', () => {
    expect(() => eu([flow(0, 100), flow(1, -230), flow(2, 132)])).toThrow('10.0000 %, 20.0000 %');
    expect(codeOf(() => eu([flow(0, -100), flow(1, 230), flow(2, -132)]))).toBe('apr_several_solutions');
  });

  it('answers the one rate of several drawings and payments that change direction often', () => {
    const flows = [flow(0, 1000), flow('1/12', -300), flow('1/6', 500), flow('1/4', -700), flow('1/3', -600)];
    expect(eu(flows)).toMatch(/^\d+\.\d{6}$/);
  });

  // Directive 2014/17/EU annex I, remark (c): the Commission's examples 2.2 and 18.2 give t = 3/366 + k/12 and 20/366 + k/12.
  it.each([
    ['2013-01-12', '2013-03-15', '32/183'],
    ['2012-03-12', '2012-06-01', '27/122'],
  ])('counts %s to %s as %s of a year', (from, to, years) => {
    const dated = aprCalculator({
      method: 'eu',
      flows: [
        { on: from, amount: 100 },
        { on: to, amount: -110 },
      ],
    });
    expect(dated).toEqual({ apr: eu([flow(0, 100), flow(years, -110)]) });
  });

  it.each([
    ['2024-01-31', '2024-02-29', '1/12'],
    ['2024-01-31', '2025-01-31', '1'],
    ['2024-01-02', '2024-01-16', '2/52'],
    ['2024-01-02', '2024-01-12', '10/365'],
    // The year that ends on 15 February 2024 has no 29 February; the one that ends on 15 March 2024 has.
    ['2024-02-10', '2024-03-15', '85/876'],
    ['2024-03-10', '2024-04-15', '71/732'],
  ])('counts %s to %s as %s of a year too', (from, to, years) => {
    const dated = aprCalculator({
      method: 'eu',
      flows: [
        { on: from, amount: 100 },
        { on: to, amount: -101 },
      ],
    });
    expect(dated).toEqual({ apr: eu([flow(0, 100), flow(years, -101)]) });
  });

  it('agrees with an independent bisection in forty decimals, to the last digit', () => {
    const Wide = Decimal.clone({ precision: 40 });
    const loans = fc.record({
      lent: fc.integer({ min: 1_000, max: 900_000 }),
      payments: fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 12 }),
    });
    fc.assert(
      fc.property(loans, ({ lent, payments }) => {
        const paid = payments.reduce((sum, each) => sum + each, 0);
        fc.pre(paid > lent * 1.001 && paid < lent * 3);
        const flows = [flow(0, lent), ...payments.map((each, index) => flow(`${index + 1}/12`, -each))];
        const value = (rate: Decimal) =>
          flows.reduce((sum, { at, amount }) => {
            const [above, below = '1'] = at.split('/');
            return sum.add(new Wide(amount).div(rate.add(1).pow(new Wide(above as string).div(below))));
          }, new Wide(0));
        let [low, high] = [new Wide(0), new Wide(10_000)];
        for (let step = 0; step < 60; step += 1) {
          const middle = low.add(high).div(2);
          if (value(middle).isNegative()) low = middle;
          else high = middle;
        }
        fc.pre(high.lt(9_999));
        expect(eu(flows)).toBe(low.mul(100).toFixed(6));
      }),
      { numRuns: 15 },
    );
  });

  it('never throws anything but a named refusal and always ends', () => {
    const wild = fc.array(
      fc.record({
        at: fc.oneof(fc.integer({ min: -100, max: 100 }), fc.constantFrom('1/3', '-5/7', '0.5', '1e3', '1/0', '')),
        amount: fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom('0', '12.345', '-0.01', 'x')),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(wild, (flows) => void codeOf(() => aprCalculator({ method: 'eu', flows }))),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.anything(), (input) => void codeOf(() => aprCalculator(input))),
      { numRuns: 300 },
    );
  });
});

describe('Regulation Z, appendix J', () => {
  const nominal = (input: object) => (aprCalculator({ method: 'nominal', ...input }) as { apr: string }).apr;

  // Appendix J (c)(5)(i): a single advance and payment; $1,000 repaid by $1,080 after 255 days is 11.45 %.
  it('takes the term itself as the unit-period of a single payment', () => {
    const rate = nominal({
      unitPeriodsPerYear: '365/255',
      advance: 1000,
      payments: [{ unitPeriods: 1, amount: 1080 }],
    });
    expect(Number(rate).toFixed(2)).toBe('11.45');
  });

  it('takes several advances', () => {
    const advances = [
      { unitPeriods: 0, amount: 1000 },
      { unitPeriods: 1, fraction: '1/2', amount: 500 },
    ];
    // One advance of 1,500 repaid at once is worth the same at its own rate of zero.
    expect(nominal({ unitPeriodsPerYear: 12, advances, payments: [{ unitPeriods: 3, amount: 1500 }] })).toBe(
      '0.000000',
    );
  });
});
