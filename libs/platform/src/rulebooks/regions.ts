import { list, object, oneOf, readRuleBook, type RuleBookHeader, ruleBookHeaderShape, text } from '#finance';
import { ruleBooks } from './rule-books.js';

/** A name in each language of the portal. */
export interface LocalNames {
  readonly en: string;
  readonly ar: string;
  readonly zh: string;
}

export const localNames = object({ en: text({ max: 120 }), ar: text({ max: 120 }), zh: text({ max: 120 }) });

export interface Region {
  /** ISO 3166-2. */
  readonly code: string;
  readonly names: LocalNames;
}

export interface RegionBook extends RuleBookHeader {
  readonly regions: readonly Region[];
}

const reader = object({
  kind: oneOf(['regions']),
  ...ruleBookHeaderShape,
  regions: list(object({ code: text({ max: 6 }), names: localNames }), { max: 100 }),
});

/** Reads a book of regions; throws `rule_book_malformed` with every field at fault. */
export function readRegions(value: unknown): RegionBook {
  const { kind: _kind, ...book } = readRuleBook(value, reader, 'regions');
  return book;
}

let books: ReadonlyMap<string, RegionBook> | undefined;

/** The regions of a country (ISO 3166 code); empty where no book is filed. */
export function regionsOf(country: string): readonly Region[] {
  books ??= ruleBooks('regions', readRegions);
  return books.get(country)?.regions ?? [];
}

export function isRegionOf(country: string, code: string): boolean {
  return regionsOf(country).some((region) => region.code === code);
}
