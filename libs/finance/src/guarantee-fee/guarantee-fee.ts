import { currencyDigits, defineErrors } from '#kernel';
import { Exact } from '../exact-decimal.js';

export type Repayment = 'bullet' | 'instalments' | 'unequal_instalments';

/** How long a part of the loan is guaranteed: whole months, or days where the guarantee names fixed days. */
export type Term = { readonly months: number } | { readonly days: number };

/** One line of the fee's arithmetic, in the order of the sum. Amounts in major units; rates in percent. */
export interface FeeStep {
  readonly clause: string;
  /** The amount that the rate is taken of. */
  readonly of: Exact;
  readonly rate: Exact;
  readonly term?: Term;
  readonly factor?: Exact;
  readonly fee: Exact;
}

export interface GuaranteeFee {
  readonly fee: Exact;
  /** The part of the loan that is guaranteed, where the fee is taken of it. */
  readonly guaranteed?: Exact;
  readonly currency: string;
  readonly steps: readonly FeeStep[];
  /** The book that was used, so that the fee can be replayed. */
  readonly book: { readonly id: string; readonly version: string };
}

export const guaranteeFeeError = defineErrors({
  guarantee_loan_above_maximum: {
    kind: 'invalid',
    title: 'The loan is larger than the guarantee programme covers.',
    next: 'Ask for a smaller loan or for another programme.',
  },
});

/** Drops what is below the currency's smallest unit. */
export function roundedDown(amount: Exact, currency: string): Exact {
  return amount.toDecimalPlaces(currencyDigits(currency), Exact.ROUND_DOWN);
}

/** Rounds to the currency's smallest unit, halves up. */
export function roundedHalfUp(amount: Exact, currency: string): Exact {
  return amount.toDecimalPlaces(currencyDigits(currency), Exact.ROUND_HALF_UP);
}

export function sumOfFees(steps: readonly FeeStep[]): Exact {
  return steps.reduce((sum, { fee }) => sum.plus(fee), new Exact(0));
}

/** `amount` × `percent` % × the years of `term`; multiplied before it is divided, so that whole results stay whole. */
export function yearlyFee(amount: Exact, percent: Exact, term: Term, daysPerYear: number): Exact {
  const [count, ofYear] = 'months' in term ? [term.months, 12] : [term.days, daysPerYear];
  return amount
    .times(percent)
    .times(count)
    .div(100 * ofYear);
}
