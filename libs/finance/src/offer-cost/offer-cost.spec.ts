import * as fc from 'fast-check';
import { type CalendarDate, DomainError, type Money, money, parseMoney, printAmount } from '#kernel';
import { offerCost } from './offer-cost.js';
import type { OfferCost, OfferScenario } from './result.js';
import type { DiscountOffer, InstalmentOffer, OfferFee } from './terms.js';

const eur = (amount: string): Money => parseMoney(amount, 'EUR');
const day = (text: string) => text as CalendarDate;

const loan: InstalmentOffer = {
  kind: 'loan',
  amount: eur('200000.00'),
  start: day('2024-01-15'),
  annualRate: '6',
  interest: 'declining',
  amortization: 'equal_instalments',
  periods: 240,
  every: { count: 1, unit: 'month' },
  dayCount: 'equal_periods',
};

const fee = (due: OfferFee['due'], size: OfferFee['size'], payee: OfferFee['payee'] = 'financier'): OfferFee => ({
  name: due,
  payee,
  size,
  due,
});

const aprOf = ({ effectiveRate }: OfferCost | OfferScenario): number => Number(effectiveRate.apr);

describe('the cost of a loan', () => {
  // European Commission 2015, example 1: 200,000, fee 2 %, 240 months at 6 %: 6.434412 with every instalment 1,432.86.
  it('agrees with the Commission where only the last instalment differs', () => {
    const cost = offerCost({ ...loan, fees: [fee('upfront', { percent: '2', of: 'amount' })] });
    expect(printAmount(cost.received)).toBe('196000.00');
    expect(cost.payments.slice(0, -1).every(({ total }) => printAmount(total) === '1432.86')).toBe(true);
    expect(aprOf(cost)).toBeCloseTo(6.434412, 3);
  });

  // Example 5: insurance of 8,000 financed with the loan, 240 x 1,490.18: 6.961575.
  it('pays financed fees back with interest', () => {
    const fees = [
      fee('upfront', { percent: '2', of: 'amount' }),
      fee('financed', { amount: eur('8000.00') }, 'third_party'),
    ];
    const cost = offerCost({ ...loan, fees });
    expect(printAmount((cost.payments[0] as { total: Money }).total)).toBe('1490.18');
    expect(aprOf(cost)).toBeCloseTo(6.961575, 3);
  });

  it('adds up: total cost is interest and all compulsory fees, and what is repaid less what was received', () => {
    const fees = [
      fee('upfront', { amount: eur('500.00') }),
      fee('each_instalment', { amount: eur('3.50') }),
      fee('yearly_in_advance', { percent: '1', of: 'outstanding' }, 'guarantor'),
      fee('at_end', { percent: '0.1', of: 'amount' }),
      fee('if_late', { amount: eur('1000.00') }),
      fee('if_settled_early', { percent: '3', of: 'outstanding' }),
    ];
    const cost = offerCost({ ...loan, periods: 24, fees });
    const parts = cost.interest.minor + cost.fees.minor + cost.guaranteeFees.minor;
    expect(cost.totalCost.minor).toBe(parts);
    expect(cost.repaid.minor - cost.received.minor).toBe(parts);
    // 1 % of 200,000 at the start, and of what is owed after twelve instalments.
    const owedAfterYear = (cost.payments[11] as { balance: Money }).balance.minor;
    expect(cost.guaranteeFees.minor).toBe(200_000n + (owedAfterYear + 50n) / 100n);
    expect(cost.payments.reduce((sum, { principal }) => sum + principal.minor, 0n)).toBe(20_000_000n);
  });

  it('states cost per unit and average payments', () => {
    const cost = offerCost({ ...loan, interest: 'flat', periods: 12 });
    // 6 % flat for a year on 200,000: 12,000; 212,000 in twelve payments.
    expect(cost.costPerUnit).toBe('0.0600');
    expect(printAmount(cost.averagePayment)).toBe('17666.67');
    expect(printAmount(cost.averageMonthlyPayment)).toBe('17666.67');
    const quarterly = offerCost({ ...loan, interest: 'flat', periods: 4, every: { count: 3, unit: 'month' } });
    expect(printAmount(quarterly.averagePayment)).toBe('53000.00');
    expect(printAmount(quarterly.averageMonthlyPayment)).toBe('17666.67');
  });

  it('settled early costs less interest and the fee for it', () => {
    const fees = [fee('if_settled_early', { percent: '1', of: 'outstanding' })];
    const { early, totalCost } = offerCost(
      { ...loan, amortization: 'bullet', periods: 24, fees },
      { early: { afterMonths: 12 } },
    );
    // Twelve months of 1,000 interest are saved, 1 % of 200,000 is paid for it.
    expect(printAmount(early?.difference as Money)).toBe('-10000.00');
    expect(early?.totalCost.minor).toBe(totalCost.minor - 1_000_000n);
    expect(early?.on).toBe('2025-01-15');
    expect(printAmount(early?.paid as Money)).toBe('203000.00');
  });

  // Japan's corporations give back the guarantee fee of the months that are not used (band 5, shared: 1.15 % a year).
  it('settled early gives back the guarantee fee of the whole months that are left, where its table says so', () => {
    const guarantee = { ...fee('upfront', { amount: eur('2400.01') }, 'guarantor'), refund: 'unused_months' as const };
    const terms = { ...loan, annualRate: '0', amortization: 'bullet', periods: 24, fees: [guarantee] } as const;
    const { early, totalCost } = offerCost(terms, { early: { afterMonths: 15 } });
    // Nine of twenty-four months: 900.00375, rounded down.
    expect(printAmount(early?.refund as Money)).toBe('900.00');
    expect(printAmount(early?.paid as Money)).toBe('199100.00');
    expect(early?.totalCost.minor).toBe(totalCost.minor - 90_000n);
  });

  it('takes a fee that its table says year by year, and of the last year gives back what is not used', () => {
    const yearly = [eur('1200.00'), eur('700.00')];
    const guarantee = { ...fee('yearly_in_advance', { yearly }, 'guarantor'), refund: 'unused_months' as const };
    const terms = { ...loan, annualRate: '0', amortization: 'bullet', periods: 24, fees: [guarantee] } as const;
    const { guaranteeFees, received, early } = offerCost(terms, { early: { afterMonths: 18 } });
    expect(printAmount(guaranteeFees)).toBe('1900.00');
    expect(printAmount(received)).toBe('198800.00');
    expect(printAmount(early?.refund as Money)).toBe('350.00');
    expect(printAmount(offerCost(terms, { early: { afterMonths: 6 } }).early?.refund as Money)).toBe('600.00');
  });

  it('paid late costs interest on what is missing, and the late fee', () => {
    const fees = [fee('if_late', { amount: eur('50.00') })];
    const terms = { ...loan, amortization: 'equal_principal', dayCount: 'ACT/365', periods: 4, fees } as const;
    const { late } = offerCost(terms, { late: { instalment: 1, days: 10 } });
    // 50,000 of principal ten days longer at 6 %: 82.19.
    expect(printAmount(late.difference)).toBe('132.19');
    expect(late.on).toBe('2024-02-25');
  });

  it('late beyond the end still costs interest', () => {
    const terms = { ...loan, amortization: 'bullet', dayCount: 'ACT/365', periods: 3 } as const;
    expect(printAmount(offerCost(terms, { late: { instalment: 3, days: 30 } }).late.difference)).toBe('986.30');
  });

  it('without fees has the effective rate of its nominal rate', () => {
    const terms = fc.record({
      basisPoints: fc.integer({ min: 10, max: 4000 }),
      months: fc.integer({ min: 2, max: 60 }),
      amortization: fc.constantFrom('equal_instalments' as const, 'equal_principal' as const, 'bullet' as const),
    });
    fc.assert(
      fc.property(terms, ({ basisPoints, months, amortization }) => {
        const annualRate = (basisPoints / 100).toFixed(2);
        const cost = offerCost({ ...loan, amount: eur('9000000.00'), annualRate, periods: months, amortization });
        expect(aprOf(cost)).toBeCloseTo(100 * ((1 + basisPoints / 120_000) ** 12 - 1), 3);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the cost of a murabaha', () => {
  const sale: InstalmentOffer = { ...loan, kind: 'murabaha', interest: 'flat', periods: 12 };

  it('does not grow when paid late, and gives back only what was promised when settled early', () => {
    const fees = [fee('if_late', { amount: eur('50.00') })];
    const plain = offerCost({ ...sale, fees }, { late: { instalment: 2, days: 45 }, early: { afterMonths: 6 } });
    expect(printAmount(plain.late.difference)).toBe('50.00');
    expect(printAmount((plain.early as OfferScenario).difference)).toBe('0.00');
    const rebated = offerCost({ ...sale, rebatePercent: '50' }, { early: { afterMonths: 6 } });
    // Half of the six months' profit of 1,000 not yet due.
    expect(printAmount((rebated.early as OfferScenario).difference)).toBe('-3000.00');
  });
});

describe('the cost of a discounted receivable', () => {
  const bill: DiscountOffer = {
    kind: 'discount',
    amount: eur('200000.00'),
    start: day('2024-01-15'),
    maturity: day('2024-07-15'),
    annualRate: '7.5',
    rateIs: 'discount',
    dayCount: '30/360',
    fees: [fee('upfront', { amount: eur('4000.00') })],
  };

  // European Commission 2015, example 41: 200,000 in six months, 7,500 and 4,000 kept back: 12.573789 (printed …788).
  it('agrees with the Commission', () => {
    const cost = offerCost(bill);
    expect(printAmount(cost.received)).toBe('188500.00');
    expect(cost.effectiveRate).toEqual({ apr: '12.573789' });
    expect(cost.early).toBeUndefined();
  });

  it('keeps a holdback back without charging for it', () => {
    const cost = offerCost({ ...bill, holdback: eur('20000.00'), fees: [] });
    expect(printAmount(cost.received)).toBe('173250.00');
    expect(printAmount(cost.totalCost)).toBe('6750.00');
  });
});

describe('impossible terms', () => {
  const codeOf = (act: () => unknown): string => {
    try {
      act();
      return 'answered';
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  };

  it.each([
    ['offer_terms_impossible', { ...loan, fees: [fee('upfront', { amount: eur('200000.00') })] }, {}],
    ['money_currencies_differ', { ...loan, fees: [fee('upfront', { amount: money(1n, 'SAR') })] }, {}],
    ['offer_terms_impossible', loan, { early: { afterMonths: 240 } }],
    ['offer_terms_impossible', loan, { late: { instalment: 241, days: 1 } }],
  ] as const)('%s', (code, terms, scenarios) => expect(codeOf(() => offerCost(terms, scenarios))).toBe(code));
});
