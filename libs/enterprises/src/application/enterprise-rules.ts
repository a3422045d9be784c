import {
  decimal,
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  readRuleBook,
  type RuleBookHeader,
  ruleBookHeaderShape,
  text,
} from '#finance';
import { type LocalNames, localNames, ruleBooks } from '#platform/rulebooks';
import { identifierSchemes, type IdentifierScheme } from '../domain/identifiers.policy.js';
import { documentKinds, type DocumentKind } from '../domain/document.policy.js';

/** What an enterprise of one country states, as the country's rule book says. */
export interface EnterpriseRules extends RuleBookHeader {
  readonly currency: string;
  /** Name of the size standard; undefined where no official standard is on file. */
  readonly sizeStandard: string | undefined;
  readonly legalForms: readonly { readonly code: string; readonly names: LocalNames }[];
  readonly identifiers: readonly { readonly scheme: IdentifierScheme; readonly required: boolean }[];
  readonly account: { readonly format: 'iban' | 'digits'; readonly coolingHours: number };
  readonly requiredDocuments: readonly DocumentKind[];
  /** Upper limits of the brief's bands, inclusive, ascending; revenue in whole currency units. */
  readonly revenueBands: readonly bigint[];
  readonly staffBands: readonly bigint[];
  /** The standard's industry by the beginning of the ISIC class; the longest beginning wins. */
  readonly industries: readonly { readonly isic: readonly string[]; readonly industry: string }[];
}

const upperLimits = list(decimal({ min: '0' }), { max: 20 });

const reader = object({
  kind: oneOf(['enterprise-rules']),
  ...ruleBookHeaderShape,
  currency: text({ max: 3 }),
  sizeStandard: optional(text({ max: 40 })),
  legalForms: list(object({ code: text({ max: 40 }), names: localNames }), { max: 40 }),
  identifiers: list(object({ scheme: oneOf(identifierSchemes), required: flag }), { min: 0, max: 10 }),
  account: object({ format: oneOf(['iban', 'digits']), coolingHours: integer({ min: 0, max: 2160 }) }),
  requiredDocuments: list(oneOf(documentKinds), { min: 0, max: 20 }),
  revenueBands: upperLimits,
  staffBands: upperLimits,
  industries: list(object({ isic: list(text({ max: 4 }), { max: 40 }), industry: text({ max: 40 }) }), {
    min: 0,
    max: 60,
  }),
});

/** Reads an enterprise rule book; throws `rule_book_malformed` with every field at fault. */
export function readEnterpriseRules(value: unknown): EnterpriseRules {
  const { kind: _kind, revenueBands, staffBands, ...rest } = readRuleBook(value, reader, 'enterprise rules');
  const whole = (limits: typeof revenueBands): bigint[] => limits.map((limit) => BigInt(limit.toFixed(0)));
  return { ...rest, revenueBands: whole(revenueBands), staffBands: whole(staffBands) };
}

let books: ReadonlyMap<string, EnterpriseRules> | undefined;

/** The rules of the portal's country. */
export function enterpriseRules(country: string): EnterpriseRules {
  books ??= ruleBooks('enterprise-rules', readEnterpriseRules);
  const book = books.get(country);
  if (!book) throw new Error(`no enterprise rule book is filed under the country ${country}`);
  return book;
}
