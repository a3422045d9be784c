import type { AgeBand, CollateralKind, Grade, ProductKind, Sector, SizeClass } from './market-vocabulary.js';

/** What a financier will fund. Empty lists mean "any". Amounts are minor units of `currency`, tenors months, both inclusive. */
export interface Mandate {
  readonly id: string;
  readonly financierId: string;
  readonly productKinds: readonly ProductKind[];
  readonly currency: string;
  readonly amountMin: bigint;
  readonly amountMax: bigint;
  readonly tenorMin: number;
  readonly tenorMax: number;
  readonly sectors: readonly Sector[];
  /** ISO 3166-2 codes of the country's regions. */
  readonly regions: readonly string[];
  readonly sizeClasses: readonly SizeClass[];
  readonly ageBands: readonly AgeBand[];
  /** Weakest grade accepted; null accepts unrated firms too. */
  readonly gradeFloor: Grade | null;
  /** Kinds of collateral that satisfy the financier; empty: none is needed. A request passes with any one of them. */
  readonly collateral: readonly CollateralKind[];
  /** The financier offers Shariah-compliant contracts, so it may serve requests that want them. */
  readonly offersShariah: boolean;
  /** Funds only requests that want a Shariah-compliant contract. */
  readonly shariahOnly: boolean;
  readonly womenLedOnly: boolean;
  readonly ruralOnly: boolean;
}
