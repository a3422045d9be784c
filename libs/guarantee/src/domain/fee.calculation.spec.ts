import { Exact, guaranteeFeeCalculator } from '#finance';
import { guaranteeFeeTables } from '#platform/rulebooks';
import { feeInputs, feeOf, refundOf } from './fee.calculation.js';
import type { FeeRule } from './scheme-terms.js';

const tables = guaranteeFeeTables();
const calculate = guaranteeFeeCalculator(tables);

const base = { factorPercent: new Exact(100), rounding: 'down', refund: 'none', collection: 'upfront' } as const;
function fee(rule: Partial<FeeRule> & { table: string }, facts: Partial<Parameters<typeof feeInputs>[2]>): bigint {
  const book = tables.get(rule.table);
  if (!book) throw new Error(rule.table);
  const whole: FeeRule = { ...base, base: 'loan', bookVersion: book.version, ...rule };
  const inputs = feeInputs(whole, book, {
    currency: book.currency,
    loanMinor: 0n,
    guaranteedMinor: 0n,
    guaranteedOutstandingMinor: 0n,
    months: 12,
    graceMonths: 0,
    repayment: 'bullet',
    grade: null,
    collateral: false,
    ...facts,
  });
  const minor = feeOf(inputs, book.currency, calculate);
  // What is stored is enough: read back from JSON it gives the same fee to the unit.
  expect(feeOf(JSON.parse(JSON.stringify(inputs)) as typeof inputs, book.currency, calculate)).toBe(minor);
  return minor;
}

describe('a scheme’s fee by a published table', () => {
  // Worked examples of the corporations: cgc-saitama, cgc-tokyo, okinawa-cgc, kumamoto-cgc (band 5; yen have no minor units).
  it.each([
    ['JP-shared', 10_000_000n, 6, 'bullet', 57_500n],
    ['JP-shared', 12_000_000n, 24, 'instalments', 165_600n],
    ['JP-full', 5_000_000n, 48, 'instalments', 148_500n],
    ['JP-full', 5_000_000n, 36, 'instalments', 111_375n],
  ] as const)('Japan: %s of %s yen over %s months, %s', (table, loanMinor, months, repayment, expected) => {
    expect(fee({ table }, { loanMinor, months, repayment })).toBe(expected);
  });

  // SBA 7(a), fiscal year 2026: examples of Liminal Lending and SmartBiz, and the rule at its limits (cents).
  it.each([
    [100_000n, 1_700n],
    [500_000n, 11_250n],
    [150_000n, 2_550n],
    [700_000n, 15_750n],
    [5_000_000n, 138_125n],
  ])('United States: a loan of %s dollars', (dollars, expected) => {
    const rule = { table: 'US-7a', programme: 'standard' } as const;
    expect(fee(rule, { loanMinor: dollars * 100n, months: 120 })).toBe(expected * 100n);
  });

  // 国办发〔2019〕6号: 1 % up to 5,000,000 itself included, 1.5 % above.
  it.each([
    [5_000_000n, 50_000n],
    [6_000_000n, 90_000n],
  ])('China: one year of %s yuan', (yuan, expected) => {
    const rule = { table: 'CN', base: 'guaranteed_outstanding', collection: 'annual' } as const;
    expect(fee(rule, { guaranteedOutstandingMinor: yuan * 100n })).toBe(expected * 100n);
  });

  it('the scheme’s own factor lowers it, rounded by the scheme’s rule', () => {
    const rule = { table: 'JP-shared', factorPercent: new Exact('33.33') } as const;
    expect(fee(rule, { loanMinor: 10_000_000n, months: 6 })).toBe(19_164n);
    expect(fee({ ...rule, rounding: 'half_up' }, { loanMinor: 10_000_000n, months: 6 })).toBe(19_165n);
  });

  it('unused months come back where the rule says so, and never more than was charged', () => {
    expect(refundOf({ refund: 'unused_months' }, 1_000n, 24, 10)).toBe(583n);
    expect(refundOf({ refund: 'unused_months' }, 1_000n, 24, 30)).toBe(0n);
    expect(refundOf({ refund: 'unused_months' }, 1_000n, 24, 0)).toBe(1_000n);
    expect(refundOf({ refund: 'none' }, 1_000n, 24, 1)).toBe(0n);
  });
});
