/** The words in which a mandate and an anonymous brief meet. Both sides use exactly these sets. */

export const productKinds = [
  'term_loan', 'working_capital_line', 'invoice_discounting', 'receivables_pool', 'order_finance', 'tax_refund_advance',
  'lease', 'murabaha', 'equity', 'guarantee_only',
] as const;
export type ProductKind = (typeof productKinds)[number];

/** Sections of ISIC revision 4 (United Nations Statistics Division), by letter. */
export const sectors = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S'] as const;
export type Sector = (typeof sectors)[number];

export const sizeClasses = ['micro', 'small', 'medium'] as const;
export type SizeClass = (typeof sizeClasses)[number];

/** Age of the firm in whole years, in bands, youngest first. */
export const ageBands = ['under_1', '1_to_2', '3_to_5', '6_to_10', 'over_10'] as const;
export type AgeBand = (typeof ageBands)[number];

/** Credit grades, best first; `unrated` firms pass only where a mandate has no floor. */
export const grades = ['AAA', 'AA', 'A', 'BBB', 'BB', 'B', 'CCC'] as const;
export type Grade = (typeof grades)[number];

export const collateralKinds = ['none', 'real_estate', 'equipment', 'inventory', 'receivables', 'deposit', 'personal_guarantee', 'scheme_guarantee'] as const;
export type CollateralKind = (typeof collateralKinds)[number];

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
