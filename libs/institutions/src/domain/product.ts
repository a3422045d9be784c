import type { ProductKind } from '#kernel';
import type { ProductState } from './product.lifecycle.js';

/** What the price range of a product counts: percent a year, or for `fee` and `equity_share` percent of the amount. */
export const priceBases = [
  'fixed_rate',
  'margin_over_reference',
  'profit_rate',
  'discount_rate',
  'fee',
  'equity_share',
] as const;
export type PriceBasis = (typeof priceBases)[number];

/** A product as published. Amounts are minor units of `currency`, tenors months, both inclusive; prices percent. */
export interface Product {
  readonly id: string;
  readonly financierId: string;
  readonly kind: ProductKind;
  readonly name: string;
  readonly localName: string;
  readonly currency: string;
  readonly amountMin: bigint;
  readonly amountMax: bigint;
  readonly tenorMin: number;
  readonly tenorMax: number;
  readonly priceBasis: PriceBasis;
  readonly priceMin: string;
  readonly priceMax: string;
  /** Name of the reference rate, such as `SAIBOR 3M`, where the price is a margin over one. */
  readonly referenceRate: string | null;
  readonly conditions: readonly string[];
  readonly documents: readonly string[];
  readonly status: ProductState;
  readonly version: number;
}
