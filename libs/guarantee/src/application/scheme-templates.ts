import { object, oneOf, readRuleBook, type RuleBookHeader, ruleBookHeaderShape, text } from '#finance';
import { ruleBooks } from '#platform/rulebooks';
import { schemeTermsReader } from '../domain/scheme-terms.js';

/** Terms that a country's schemes start from, with their sources; a scheme proposes its own version of them. */
export interface SchemeTemplate extends RuleBookHeader {
  readonly currency: string;
  /** As filed, to be sent as a version's terms. */
  readonly terms: Readonly<Record<string, unknown>>;
}

const reader = object({
  kind: oneOf(['guarantee-scheme']),
  ...ruleBookHeaderShape,
  currency: text({ max: 3 }),
  terms: schemeTermsReader,
});

/** Reads a book of scheme terms; throws `rule_book_malformed` with every field at fault. */
export function readSchemeTemplate(value: unknown): SchemeTemplate {
  const { kind: _kind, terms: _read, ...header } = readRuleBook(value, reader, 'guarantee scheme');
  return { ...header, terms: (value as { terms: Record<string, unknown> }).terms };
}

let books: ReadonlyMap<string, SchemeTemplate> | undefined;

/** The filed terms by country (ISO 3166 code). */
export function schemeTemplates(): ReadonlyMap<string, SchemeTemplate> {
  return (books ??= ruleBooks('guarantee-scheme', readSchemeTemplate));
}
