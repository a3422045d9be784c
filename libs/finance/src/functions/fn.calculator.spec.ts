import * as fc from 'fast-check';
import { DomainError } from '#kernel';
import { fnCalculator } from './fn.calculator.js';
import { spreadsheetFunctions } from './spreadsheet-functions.js';

const fn = (name: string, ...args: unknown[]) => Number((fnCalculator({ name, args }) as { value: string }).value);

const codeOf = (name: string, ...args: unknown[]): string => {
  try {
    fn(name, ...args);
    return 'answered';
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.details.fields?.[0]?.pointer ?? ''}`;
    throw error;
  }
};

// Results printed in Microsoft's reference of Excel functions (support.microsoft.com), each on the function's page.
describe('results of the reference pages', () => {
  it.each([
    ['NPER', ['0.12/12', -100, -1000, 10000, 1], 59.6738657, 7],
    ['NPER', ['0.12/12', -100, -1000], -9.57859404, 7],
    ['PV', ['0.08/12', 240, 500, 0], -59777.15, 2],
    ['FV', ['0.06/12', 10, -200, -500, 1], 2581.4, 2],
    ['IRR', [[-70000, 12000, 15000, 18000, 21000]], -0.0212, 4],
    ['IRR', [[-70000, 12000, 15000, 18000, 21000, 26000]], 0.0866, 4],
    ['NPV', [0.1, -10000, 3000, 4200, 6800], 1188.44, 2],
    ['NPV', [0.08, [8000, 9200, 10000, 12000, 14500]], 41922.06, 2],
    [
      'XIRR',
      [[-10000, 2750, 4250, 3250, 2750], ['2008-01-01', '2008-03-01', '2008-10-30', '2009-02-15', '2009-04-01'], 0.1],
      0.373362535,
      8,
    ],
    [
      'XNPV',
      [0.09, [-10000, 2750, 4250, 3250, 2750], ['2008-01-01', '2008-03-01', '2008-10-30', '2009-02-15', '2009-04-01']],
      2086.647602,
      6,
    ],
    ['NOMINAL', [0.053543, 4], 0.05250032, 8],
    ['YIELDDISC', ['2008-02-16', '2008-03-01', 99.795, 100, 2], 0.052823, 6],
    ['RECEIVED', ['2008-02-15', '2008-05-15', 1000000, 0.0575, 2], 1014584.654, 3],
    ['DISC', ['2007-01-25', '2007-06-15', 97.975, 100, 1], 0.052420213, 9],
    ['IPMT', [0.1, 3, 3, 8000], -292.45, 2],
    ['PPMT', [0.08, 10, 10, 200000], -27598.05, 2],
  ] as const)('%s(%j)', (name, args, expected, digits) => expect(fn(name, ...args)).toBeCloseTo(expected, digits));
});

describe('relations between the functions', () => {
  it('payment parts add up to the payment, and to the cumulated functions', () => {
    for (const due of [0, 1]) {
      const parts = Array.from({ length: 12 }, (_, index) => [
        fn('IPMT', 0.01, index + 1, 12, 1000, 0, due),
        fn('PPMT', 0.01, index + 1, 12, 1000, 0, due),
      ]);
      for (const [interest, principal] of parts) {
        expect((interest as number) + (principal as number)).toBeCloseTo(fn('PMT', 0.01, 12, 1000, 0, due), 10);
      }
      const sum = parts.slice(2, 9).reduce((total, [interest]) => total + (interest as number), 0);
      expect(fn('CUMIPMT', 0.01, 12, 1000, 3, 9, due)).toBeCloseTo(sum, 10);
    }
  });

  it('works at a rate of zero and finds it again', () => {
    expect(fn('PMT', 0, 10, 1000)).toBe(-100);
    expect(fn('PV', 0, 10, -100)).toBe(1000);
    expect(fn('NPER', 0, -100, 1000)).toBe(10);
    expect(fn('RATE', 10, -100, 1000)).toBe(0);
  });

  it('RATE solves what PMT was computed from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 400 }), (basisPoints, periods) => {
        const rate = basisPoints / 10_000;
        const { value } = fnCalculator({ name: 'PMT', args: [String(rate), periods, 1000] }) as { value: string };
        expect(fn('RATE', periods, value, 1000)).toBeCloseTo(rate, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('takes the root of several that is nearest to the guess', () => {
    expect(fn('IRR', [-100, 230, -132], 0.09)).toBeCloseTo(0.1, 12);
    expect(fn('IRR', [-100, 230, -132], 0.3)).toBeCloseTo(0.2, 12);
  });
});

// The US (NASD) rule counts the last day of February as day 30: from 28 February to 30 June 2023 are 120 days, not 122.
it('counts basis 0 by the US rule', () => {
  expect(fn('DISC', '2023-02-28', '2023-06-30', 97, 100, 0)).toBeCloseTo((0.03 * 360) / 120, 12);
  expect(fn('DISC', '2023-02-28', '2023-06-30', 97, 100, 4)).toBeCloseTo((0.03 * 360) / 122, 12);
});

describe('refusals', () => {
  it.each([
    ['PMT', [0.1], 'calculator_input_invalid /args/1'],
    ['PMT', [0.1, 2, 3, 4, 5], 'calculator_input_invalid /args/4'],
    ['PMT', [0.1, 2, 3, 4, 0, 1], 'calculator_input_invalid /args'],
    ['NPER', [0, 0, 1], 'function_no_value /args/1'],
    ['RRI', [10, 0, 1], 'function_no_value /args/1'],
    [
      'XIRR',
      [
        [1, 2],
        ['2020-01-01', '2020-02-01'],
      ],
      'function_no_value /args/0',
    ],
    ['XIRR', [[1, -2], ['2020-01-01']], 'calculator_input_invalid /args/1'],
    ['XNPV', [0.1, [1, 2], ['2020-02-01', '2020-01-01']], 'function_no_value /args/1'],
    ['DISC', ['2020-01-01', '2020-01-01', 99, 100], 'function_no_value /args/1'],
    ['DISC', ['2020-01-01', '2020-02-30', 99, 100], 'calculator_input_invalid /args/1'],
    ['EFFECT', [0, 4], 'function_no_value /args/0'],
    ['CUMIPMT', [0.1, 3, 100, 2, 4, 0], 'function_no_value /args/4'],
  ])('%s(%j): %s', (name, args, code) => expect(codeOf(name, ...args)).toBe(code));

  it('has the 22 functions, and no arguments make one throw an unnamed error or hang', () => {
    const names = Object.keys(spreadsheetFunctions);
    expect(names).toHaveLength(22);
    const value = fc.oneof(
      fc.integer({ min: -1000, max: 100_000 }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.constantFrom(
        '2020-01-01',
        '2024-02-29',
        '0.08/12',
        null,
        [1, -2, 3],
        ['2020-01-01', '2021-01-01', '2022-01-01'],
      ),
      fc.anything(),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(value, { maxLength: 7 }),
        (name, args) => void codeOf(name, ...args),
      ),
      { numRuns: 1500 },
    );
  });
});
