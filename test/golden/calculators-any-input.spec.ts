import fc from 'fast-check';
import { type Calculator, dueCalculator, guaranteeFeeCalculator, sizeCalculator } from '#finance';
import { DomainError } from '#kernel';
import { businessCalendars, guaranteeFeeTables, sizeStandards } from '#platform/rulebooks';

/** Whatever a calculator is given, it answers or refuses by name (issue 3). */
const figure = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom('0', '-1', '1e9', '999999999999999999', '0.000001', '', '1,000', null, undefined, true, [], {}),
  fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
);
const field = (...known: readonly string[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, fc.string(), figure);
const instant = field(
  '2025-06-04T10:00',
  '2199-12-31T23:59Z',
  '1900-01-01T00:00+14:00',
  '2025-03-09T02:30',
  '2025-01-01T00:00:60',
);

const cases: readonly [string, Calculator, fc.Arbitrary<unknown>][] = [
  [
    'calc due',
    dueCalculator(businessCalendars()),
    fc.record({
      calendar: field('CN', 'SA', 'SA-bank', 'AE'),
      submittedAt: instant,
      workingDays: fc.oneof(fc.integer({ min: 0, max: 1001 }), figure),
    }),
  ],
  [
    'calc size',
    sizeCalculator(sizeStandards()),
    fc.record(
      {
        standard: field('SA', 'CN-2011', 'EU-2003'),
        industry: field('other', 'industry', 'construction'),
        staff: figure,
        revenue: figure,
        assets: figure,
        balanceSheet: figure,
      },
      { requiredKeys: ['standard'] },
    ),
  ],
  [
    'calc guarantee-fee',
    guaranteeFeeCalculator(guaranteeFeeTables()),
    fc.record(
      {
        table: field('JP-shared', 'JP-full', 'US-7a', 'CN'),
        band: figure,
        amount: fc.oneof(fc.integer({ min: 1, max: 10 ** 9 }), figure),
        months: fc.oneof(fc.integer({ min: 1, max: 400 }), figure),
        days: figure,
        repayment: field('bullet', 'instalments', 'unequal_instalments'),
        graceMonths: fc.oneof(fc.integer({ min: 0, max: 24 }), figure),
        collateral: fc.oneof(fc.boolean(), figure),
        parts: fc.oneof(fc.array(fc.record({ amount: figure, months: figure, repayment: field('bullet') })), figure),
        programme: field('express', 'reguarantee'),
      },
      { requiredKeys: ['table'] },
    ),
  ],
];

describe.each(cases)('%s', (_name, calculate, nearlyRight) => {
  it('answers or refuses by name, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: nearlyRight }, fc.anything()), (input) => {
        try {
          expect(JSON.stringify(calculate(input))).not.toMatch(/NaN|Infinity|undefined/);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
