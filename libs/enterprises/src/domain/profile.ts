import type { Sector } from '#kernel';

/** What the firm says of itself. Null: not said yet. */
export interface ProfileFacts {
  /** A code of the country's rule book, such as `llc`. */
  readonly legalForm: string | null;
  readonly sector: Sector | null;
  /** Class of ISIC revision 4, four digits; it lies in the section of `sector`. */
  readonly isicClass: string | null;
  /** Industry of the size standard where its own words differ from ISIC's and the book's translation does not fit. */
  readonly sizeIndustry: string | null;
  /** ISO 3166-2. */
  readonly region: string | null;
  readonly foundedOn: string | null;
  /** Full-time equivalents now. */
  readonly staff: number | null;
  readonly womenLed: boolean;
  readonly rural: boolean;
  /** Exports primary products (agriculture, fishing, mining). */
  readonly exporter: boolean;
  /** Works in a least-developed market as the country's programmes define it. */
  readonly leastDeveloped: boolean;
}

/** Facts that the operator verified: a change of one re-opens the verification. Staff and size change by themselves. */
export const verifiedFacts = [
  'legalForm',
  'sector',
  'isicClass',
  'region',
  'foundedOn',
  'womenLed',
  'rural',
  'exporter',
  'leastDeveloped',
] as const satisfies readonly (keyof ProfileFacts)[];

/** The verified facts that differ between two states of a profile. */
export function changedFacts(before: ProfileFacts, after: ProfileFacts): readonly (typeof verifiedFacts)[number][] {
  return verifiedFacts.filter((fact) => before[fact] !== after[fact]);
}
