/**
 * The words in which a firm, a financier's mandate and an anonymous brief meet. Contexts that may not know each
 * other (enterprises, institutions) use exactly these sets.
 */

export const productKinds = [
  'term_loan',
  'working_capital_line',
  'invoice_discounting',
  'receivables_pool',
  'order_finance',
  'tax_refund_advance',
  'lease',
  'murabaha',
  'equity',
  'guarantee_only',
] as const;
export type ProductKind = (typeof productKinds)[number];

/** Sections of ISIC revision 4 (United Nations Statistics Division), by letter; O, T and U hold no private firms. */
export const sectors = [
  'A',
  'B',
  'C',
  'D',
  'E',
  'F',
  'G',
  'H',
  'I',
  'J',
  'K',
  'L',
  'M',
  'N',
  'P',
  'Q',
  'R',
  'S',
] as const;
export type Sector = (typeof sectors)[number];

/** The classes that the market serves; a large firm has none of them. */
export const sizeClasses = ['micro', 'small', 'medium'] as const;
export type SizeClass = (typeof sizeClasses)[number];

/** Age of the firm in whole years, in bands, youngest first. */
export const ageBands = ['under_1', '1_to_2', '3_to_5', '6_to_10', 'over_10'] as const;
export type AgeBand = (typeof ageBands)[number];

/** Credit grades, best first; `unrated` firms pass only where a mandate has no floor. */
export const grades = ['AAA', 'AA', 'A', 'BBB', 'BB', 'B', 'CCC'] as const;
export type Grade = (typeof grades)[number];

export const collateralKinds = [
  'none',
  'real_estate',
  'equipment',
  'inventory',
  'receivables',
  'deposit',
  'personal_guarantee',
  'scheme_guarantee',
] as const;
export type CollateralKind = (typeof collateralKinds)[number];
