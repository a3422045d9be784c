import type { AutoBidState } from './auto-bid.lifecycle.js';

/** `fixed`: the annual rate itself. `margin`: points over the reference rate. `murabaha`: profit rate, fixed at the sale. */
export const autoBidPricings = ['fixed', 'margin', 'murabaha'] as const;
export type AutoBidPricing = (typeof autoBidPricings)[number];

/** How a rule bids on receivables, which are bought as a whole, and on which. */
export interface ReceivableBidTerms {
  /** The seller is liable when the debtor does not pay. */
  readonly recourse: boolean;
  /** Percent of what is owed that is kept back until the debtor has paid, at most 50. */
  readonly holdbackPercent: string;
  /** Days left until every debtor's day, at least and at most; null bounds nothing. */
  readonly daysLeftMin: number | null;
  readonly daysLeftMax: number | null;
  /** Largest listing in minor units of the mandate's currency; null: the mandate's largest amount. */
  readonly faceMaxMinor: bigint | null;
}

/** The terms of a bid that a rule makes on a request which its mandate matches. Rates are percent, decimals as text. */
export interface AutoBidTerms extends ReceivableBidTerms {
  readonly pricing: AutoBidPricing;
  /** Percent a year: the rate, the margin over the reference, or the murabaha's profit rate. */
  readonly annualRate: string;
  readonly referenceRate: string | null;
  /** Arrangement fee in percent of the amount offered, and a fixed one in minor units of the mandate's currency. */
  readonly feePercent: string;
  readonly feeFixedMinor: bigint;
  /** Longest tenor offered in months: a longer wish is offered this tenor. */
  readonly tenorMax: number;
  readonly graceMonths: number;
  /** Part of the asked amount that is offered, in percent; the mandate's largest amount caps it. */
  readonly sharePercent: string;
  /** Days for which the bid stands. */
  readonly validityDays: number;
}

export interface AutoBidRule extends AutoBidTerms {
  readonly id: string;
  readonly financierId: string;
  readonly mandateId: string;
  readonly name: string;
  readonly status: AutoBidState;
  readonly proposedBy: string;
  readonly approvedBy: string | null;
  readonly version: number;
}
