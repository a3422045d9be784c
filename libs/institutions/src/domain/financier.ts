export const financierKinds = [
  'bank',
  'non_bank_lender',
  'supply_chain_financier',
  'development_fund',
  'investor',
] as const;
export type FinancierKind = (typeof financierKinds)[number];

/** What the market and other contexts may know of a financier. */
export interface FinancierSummary {
  readonly id: string;
  readonly kind: FinancierKind;
  readonly name: string;
  readonly localName: string;
  readonly verified: boolean;
}
