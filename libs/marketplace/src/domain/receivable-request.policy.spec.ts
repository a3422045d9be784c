import type { CalendarDate } from '#kernel';
import { isReviewedFirst, productOf, tenorMonthsOf } from './receivable-request.policy.js';

describe('what certificates make as a request', () => {
  it.each([
    [['invoice'], 'invoice_discounting'],
    [['invoice', 'invoice'], 'receivables_pool'],
    [['purchase_order', 'purchase_order'], 'order_finance'],
    [['tax_refund'], 'tax_refund_advance'],
    [['invoice', 'purchase_order'], undefined],
    [[], undefined],
  ] as const)('%j make %s', (kinds, product) => {
    expect(productOf(kinds)).toBe(product);
  });

  it('only a confirmed invoice opens without a review', () => {
    expect([isReviewedFirst('invoice_discounting'), isReviewedFirst('receivables_pool')]).toEqual([false, false]);
    expect([isReviewedFirst('order_finance'), isReviewedFirst('tax_refund_advance')]).toEqual([true, true]);
  });

  it.each([
    ['2026-01-31', '2026-02-20', 1],
    ['2026-01-31', '2026-02-28', 1],
    ['2026-01-31', '2026-03-01', 2],
    ['2026-01-15', '2026-07-15', 6],
    ['2026-01-15', '2026-07-16', 7],
  ])('from %s to %s are %i months', (today, due, months) => {
    expect(tenorMonthsOf(today as CalendarDate, due as CalendarDate)).toBe(months);
  });
});
