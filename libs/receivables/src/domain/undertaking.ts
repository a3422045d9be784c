import { object, oneOf, readRuleBook, type RuleBookHeader, ruleBookHeaderShape, text } from '#finance';
import { type ReceivableKind, receivableKinds } from './receivable.js';

export const undertakingLanguages = ['en', 'ar', 'zh'] as const;
export type UndertakingLanguage = (typeof undertakingLanguages)[number];

/** What an anchor's maker and checker agree to, for each kind of receivable in each language: `config/countries/<cc>/undertaking.json`. */
export interface UndertakingBook extends RuleBookHeader {
  readonly texts: Readonly<Record<ReceivableKind, Readonly<Record<UndertakingLanguage, string>>>>;
}

const wording = object({ en: text({ max: 4000 }), ar: text({ max: 4000 }), zh: text({ max: 4000 }) });

const shape = object({
  kind: oneOf(['undertaking']),
  ...ruleBookHeaderShape,
  texts: object(
    Object.fromEntries(receivableKinds.map((kind) => [kind, wording])) as Record<ReceivableKind, typeof wording>,
  ),
});

/** Reads and checks a rule book of kind `undertaking`. */
export function readUndertaking(value: unknown): UndertakingBook {
  const { kind: _kind, ...book } = readRuleBook(value, shape, 'undertaking');
  return book;
}
