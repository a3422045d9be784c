import { type CalendarDate, DomainError, money, printAmount } from '#kernel';
import { type DiscountFigures, discountFigures } from './discount-figures.js';
import { owedByYear } from './offer-figures.js';
import type { OfferGuarantee, OfferTerms, ReceivableDiscount } from './offer-terms.js';

const day = (text: string) => text as CalendarDate;
const terms = (rate: string, changes: Partial<OfferTerms> = {}): OfferTerms => ({
  contract: 'discount',
  price: { kind: 'fixed', annualRate: rate },
  interest: 'flat',
  amortization: 'bullet',
  everyMonths: 3,
  graceInstalments: 0,
  fees: [],
  collateral: [],
  conditions: [],
  customerChecks: [],
  recourse: false,
  earlySettlementPercent: '0',
  lateChargePercent: '0',
  ...changes,
});
const discount = (changes: Partial<ReceivableDiscount> = {}): ReceivableDiscount => ({
  holdbackPercent: '0',
  settlesOn: day('2026-01-04'),
  dayCount: 'ACT/360',
  rateIs: 'discount',
  rounding: 'half_up',
  parts: [{ dueOn: day('2026-04-05'), amount: '1000000.00' }],
  ...changes,
});

describe('the figures of a bid on receivables', () => {
  // Treasury bills of 91 days at a bank discount rate, as tabled in SEC filing 0000357298-02-000010 (table 2): 11.08 % costs
  // 97.1992 per 100 at the end of 1981, 7.62 % costs 98.0738 at the end of September 1982.
  it.each([
    ['11.08', '971992.22'],
    ['7.62', '980738.33'],
  ])('at %s %% pay what the published table says', (rate, net) => {
    const figures = discountFigures(terms(rate), discount(), 'SAR');
    expect(printAmount(figures.net)).toBe(net);
    expect(figures.totalCost.minor).toBe(100_000_000n - figures.net.minor);
  });

  // 1 000 000 at 6 % for 60 days of 360 on 90 %: 900 000 × 0.06 / 6 = 9 000; fees 0.25 % of the whole and 500: 3 000.
  it('hold back without discount and take fees from what is paid out', () => {
    const figures = discountFigures(
      terms('6', {
        fees: [
          { name: 'handling', when: 'upfront', percent: '0.25', compulsory: true },
          { name: 'file', when: 'upfront', amount: '500.00', compulsory: true },
        ],
      }),
      discount({ holdbackPercent: '10', parts: [{ dueOn: day('2026-03-05'), amount: '1000000.00' }] }),
      'SAR',
    );
    expect(printAmount(figures.holdback)).toBe('100000.00');
    expect(printAmount(figures.discount)).toBe('9000.00');
    expect(printAmount(figures.fees)).toBe('3000.00');
    expect(printAmount(figures.net)).toBe('888000.00');
    expect(printAmount(figures.totalCost)).toBe('12000.00');
  });

  // The same with a scheme's fees of two years, 1,200.00 and 300.00: nobody pays the second later, so both are kept back.
  it('take the guarantee’s fees of every year from what is paid out', () => {
    const guarantee: OfferGuarantee = {
      schemeId: 'scheme',
      scheme: 'NGG',
      schemeVersion: 1,
      coverPercent: '80',
      guaranteed: '800000.00',
      fee: { table: 'SA-grade', collection: 'annual', amounts: ['1200.00', '300.00'], refund: 'none' },
    };
    const [plain, covered] = [{}, { guarantee }].map((changes) =>
      discountFigures(terms('6', changes), discount({ holdbackPercent: '10' }), 'SAR'),
    ) as [DiscountFigures, DiscountFigures];
    expect(printAmount(covered.guaranteeFees)).toBe('1500.00');
    expect(plain.net.minor - covered.net.minor).toBe(150_000n);
    expect(covered.totalCost.minor - plain.totalCost.minor).toBe(150_000n);
    expect([covered.discount, covered.holdback]).toEqual([plain.discount, plain.holdback]);
    expect(Number(covered.apr)).toBeGreaterThan(Number(plain.apr));
  });

  // What a yearly fee is taken of: all of it at the start, after a year what is due later.
  it('owe at each anniversary what is due after it', () => {
    const parts = [
      { dueOn: day('2026-10-05'), amount: '100000.00' },
      { dueOn: day('2027-01-04'), amount: '40000.00' },
      { dueOn: day('2027-01-05'), amount: '60000.00' },
    ];
    const owed = (each: typeof parts) =>
      owedByYear(terms('6', { discount: discount({ parts: each }) }), money(1n, 'SAR'), 13, new Date('2026-01-01'));
    expect(owed(parts)).toEqual([20_000_000n, 6_000_000n]);
    expect(owed(parts.slice(0, 2))).toEqual([14_000_000n]);
  });

  it('of a pool are the sum of its days', () => {
    const [first, second] = [
      { dueOn: day('2026-03-05'), amount: '123456.78' },
      { dueOn: day('2026-04-19'), amount: '98765.43' },
    ];
    const alone = [first, second].map((part) => discountFigures(terms('7.35'), discount({ parts: [part] }), 'SAR'));
    const together = discountFigures(terms('7.35'), discount({ parts: [first, second] }), 'SAR');
    expect(together.net.minor).toBe(alone.reduce((sum, { net }) => sum + net.minor, 0n));
    expect(together.discount.minor).toBe(alone.reduce((sum, each) => sum + each.discount.minor, 0n));
  });

  // 1 / (1 - 0.08 / 2) - 1 over half a year: (1 / 0.96)² - 1 = 8.506944 % a year.
  it('give the effective annual rate of the payments', () => {
    const half = discount({
      dayCount: '30/360',
      settlesOn: day('2026-01-05'),
      parts: [{ dueOn: day('2026-07-05'), amount: '500000.00' }],
    });
    expect(discountFigures(terms('8'), half, 'SAR').apr).toBe('8.506944');
  });

  it('are refused where nothing is left', () => {
    const fees = [{ name: 'all', when: 'upfront' as const, percent: '100', compulsory: true }];
    expect(() => discountFigures(terms('5', { fees }), discount(), 'SAR')).toThrow(DomainError);
    expect(() => discountFigures(terms('5'), discount({ settlesOn: day('2026-04-05') }), 'SAR')).toThrow(DomainError);
  });
});
