import type { CalendarDate, Money } from '#kernel';
import { offerDetail } from './offer-figures.js';
import type { OfferTerms } from './offer-terms.js';

/** One instalment of the price. */
export interface SaleInstalment {
  readonly n: number;
  readonly due: CalendarDate;
  readonly totalMinor: bigint;
}

/** What is fixed at the sale. Late payment adds nothing to it: a late charge goes to charity and stands apart. */
export interface SalePrice {
  readonly costMinor: bigint;
  readonly profitMinor: bigint;
  readonly priceMinor: bigint;
  readonly instalments: readonly SaleInstalment[];
}

/** The price of an asset that cost the financier `cost`, by the profit rate and schedule of the accepted offer, sold on `on`. */
export function salePrice(terms: OfferTerms, cost: Money, tenorMonths: number, on: Date): SalePrice {
  const { payments } = offerDetail(terms, cost, tenorMonths, on);
  const instalments = payments.map(({ n, due, principal, interest }) => ({
    n,
    due,
    totalMinor: principal.minor + interest.minor,
  }));
  const priceMinor = instalments.reduce((sum, { totalMinor }) => sum + totalMinor, 0n);
  return { costMinor: cost.minor, profitMinor: priceMinor - cost.minor, priceMinor, instalments };
}
