import { type CalendarDate, DomainError, parseMoney, printAmount } from '#kernel';
import { type DiscountTerms, discountReceivable } from './discount-receivable.js';

const terms: DiscountTerms = {
  face: parseMoney('10000000.00', 'USD'),
  paidOn: '2008-02-16' as CalendarDate,
  maturity: '2008-03-01' as CalendarDate,
  annualRate: '5.25',
  rateIs: 'discount',
  dayCount: 'ACT/360',
  rounding: 'half_even',
};

describe('discounting a receivable', () => {
  // Microsoft's reference, PRICEDISC: 5.25 % from 16 February to 1 March 2008, actual/360, costs 99.7958333 per 100.
  it('at a discount rate agrees with the published price', () => {
    const { discount, proceeds, discountRate } = discountReceivable(terms);
    expect(printAmount(proceeds)).toBe('9979583.33');
    expect(printAmount(discount)).toBe('20416.67');
    expect(Number(discountRate)).toBeCloseTo(5.25, 5);
  });

  // YIELDDISC on the same days: 99.795 per 100 yields 5.2823 %.
  it('at a yield agrees with the published yield', () => {
    const { proceeds, yieldRate } = discountReceivable({ ...terms, rateIs: 'yield', annualRate: '5.28225720' });
    expect(printAmount(proceeds)).toBe('9979500.00');
    expect(Number(yieldRate)).toBeCloseTo(5.2823, 4);
  });

  it('takes no discount on what is held back', () => {
    const held = discountReceivable({ ...terms, holdback: parseMoney('5000000.00', 'USD') });
    expect(printAmount(held.financed)).toBe('5000000.00');
    expect(printAmount(held.discount)).toBe('10208.33');
  });

  it.each([
    { ...terms, maturity: terms.paidOn },
    { ...terms, holdback: terms.face },
    { ...terms, annualRate: '2572' },
  ])('refuses impossible terms', (impossible) => {
    expect(() => discountReceivable(impossible)).toThrow(DomainError);
  });
});
