import { type CalendarDate, defineErrors, type FieldError } from '#kernel';
import { date, list, optional, type Reader, text, unread } from '../input/index.js';

/**
 * What every rule book says of itself. Figures of laws and regulators are data: a decision stores the
 * `id` and `version` that it used, so that it can be replayed.
 */
export interface RuleBookHeader {
  /** Stable name, such as `SA-bank` or `CN-2011`. */
  readonly id: string;
  readonly title: string;
  /** Changes with every change of the book's content. */
  readonly version: string;
  /** Where the figures come from: law, circular or publication. */
  readonly sources: readonly string[];
  readonly validFrom: CalendarDate;
  /** The last day covered; absent while the book is in force without an end. */
  readonly validTo: CalendarDate | undefined;
}

export const ruleBookHeaderShape = {
  id: text({ max: 40 }),
  title: text({ max: 200 }),
  version: text({ max: 40 }),
  sources: list(text({ max: 400 }), { max: 40 }),
  validFrom: date,
  validTo: optional(date),
} as const;

export const ruleBookError = defineErrors({
  rule_book_malformed: {
    kind: 'invalid',
    title: 'The rule book cannot be used.',
    next: 'Correct the fields named; docs/guide/rule-books.md lists what each kind of book holds.',
  },
});

/** Refuses a rule book and names every field at fault by its JSON pointer. */
export function refuseRuleBook(name: string, fields: readonly FieldError[]): never {
  const first = fields[0];
  throw ruleBookError('rule_book_malformed', {
    detail: `${name}: ${first ? `${first.pointer || 'book'} ${first.message}` : 'cannot be read'}`,
    fields,
  });
}

/** Reads a rule book's JSON value by its shape, or throws `rule_book_malformed`. */
export function readRuleBook<T>(value: unknown, reader: Reader<T>, name: string): T {
  const problems: FieldError[] = [];
  const read = reader.read(value, '', problems);
  if (read === unread || problems.length > 0) refuseRuleBook(name, problems);
  return read as T;
}
