import { type CalendarDate, defineErrors, type Money } from '#kernel';
import type { DayCount } from '../day-count/day-count.js';
import type { RoundingMode } from '../rounding.js';
import type { Amortization, Every, Grace, InterestMethod } from '../schedule/terms.js';

export const offerCostError = defineErrors({
  offer_terms_impossible: {
    kind: 'invalid',
    title: 'The cost of the offer cannot be computed from these terms.',
    next: 'Change the term named so that something is paid out and paid back.',
  },
});

/**
 * A fee as an amount, as a percentage (decimal string) of the amount financed or of the principal still owed, or, where a table
 * says it year by year, as the amounts of the years in order; a year beyond them costs nothing.
 */
export type FeeSize =
  | { readonly amount: Money }
  | { readonly percent: string; readonly of: 'amount' | 'outstanding' }
  | { readonly yearly: readonly Money[] };

/** Who gets a fee. A guarantee fee is one whose payee is the guarantor. */
export type FeePayee = 'financier' | 'guarantor' | 'third_party';

export type OfferFee = {
  readonly name: string;
  readonly payee: FeePayee;
  readonly size: FeeSize;
  /** What comes back when the offer is settled early: of an upfront or yearly fee the whole months that it covers and that are left. */
  readonly refund?: 'unused_months';
} & (
  | /** Kept back from the pay-out. */ { readonly due: 'upfront' }
  | /** Added to what is owed; paid back, with interest, in the instalments. */ { readonly due: 'financed' }
  | /** Beside each instalment. */ { readonly due: 'each_instalment' }
  | /** At the start and on each anniversary before the last instalment. */ { readonly due: 'yearly_in_advance' }
  | /** With the last instalment. */ { readonly due: 'at_end' }
    /** Only when it happens: shown in the scenario, never in the cost or the APR. */
  | { readonly due: 'if_settled_early' }
  | { readonly due: 'if_late' }
);

interface CommonTerms {
  /** The amount lent, the cost of the goods, or the face of the receivable. */
  readonly amount: Money;
  /** The day of the pay-out. */
  readonly start: CalendarDate;
  /** Percent a year as a decimal string: interest, profit or discount rate. */
  readonly annualRate: string;
  readonly dayCount: DayCount | 'equal_periods';
  readonly fees?: readonly OfferFee[];
  /** How interest and percentage fees are rounded to minor units; `half_even` when absent. */
  readonly rounding?: RoundingMode;
}

export interface InstalmentOffer extends CommonTerms {
  /** `murabaha`: cost and profit are fixed at the sale; no interest for late payment. */
  readonly kind: 'loan' | 'murabaha';
  readonly interest: InterestMethod;
  readonly amortization: Amortization;
  readonly periods: number;
  readonly every: Every;
  readonly firstDue?: CalendarDate;
  readonly balloon?: Money;
  readonly grace?: Grace;
  /** Instalments in whole multiples of `to`; the last one takes the difference. */
  readonly instalmentRounding?: { readonly to: Money; readonly mode: RoundingMode };
  /** Murabaha only: the percentage of the profit not yet due that is given back at early settlement; 0 when absent. */
  readonly rebatePercent?: string;
}

export interface DiscountOffer extends CommonTerms {
  readonly kind: 'discount';
  readonly dayCount: DayCount;
  readonly maturity: CalendarDate;
  readonly rateIs: 'discount' | 'yield';
  readonly holdback?: Money;
}

/** What an offer says about its price, whichever way it finances. All money is in one currency. */
export type OfferTerms = InstalmentOffer | DiscountOffer;

/** What the comparison plays through. Absent: settled at half the term, and the middle instalment 30 days late. */
export interface OfferScenarios {
  readonly early?: { readonly afterMonths: number };
  readonly late?: { readonly instalment: number; readonly days: number };
}
