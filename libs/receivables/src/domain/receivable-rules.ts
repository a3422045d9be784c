import { integer, list, object, oneOf, readRuleBook, type RuleBookHeader, ruleBookHeaderShape } from '#finance';

/** Periods and thresholds of one country: data of `config/countries/<cc>/receivables.json`. Days are calendar days. */
export interface ReceivableRules extends RuleBookHeader {
  /** Days that must be left until the day of payment when a receivable is listed. */
  readonly listingDays: number;
  /** Days after submission at which the anchor is reminded, one step of the ladder each. */
  readonly reminderDays: readonly number[];
  /** Days after the day of payment until it counts as overdue, and until it counts as defaulted. */
  readonly graceDays: number;
  readonly defaultDays: number;
  readonly suspension: {
    /** So many overdue payments … */
    readonly overdue: number;
    /** … within so many months stop new confirmations. */
    readonly months: number;
    /** Days after the last of them was paid until the anchor may confirm again. */
    readonly cureDays: number;
  };
  readonly figures: {
    /** Days that the published median looks back, the newest confirmations that it takes, and the fewest that are shown. */
    readonly days: number;
    readonly newest: number;
    readonly smallestCell: number;
  };
  readonly registry: {
    /** Days between two documents whose numbers look alike, beyond which they are of different years. */
    readonly numberDays: number;
    /** Length of the periods in which the same amount looks like a re-issue; the same in all registries of one network. */
    readonly nearDays: number;
    readonly split: {
      readonly days: number;
      readonly parts: number;
      readonly relatedParts: number;
      readonly candidates: number;
    };
    /** Hours for which the answer of another registry holds, and minutes until one that did not answer is asked again. */
    readonly answerHours: number;
    readonly retryMinutes: number;
  };
}

const days = integer({ min: 0, max: 1000 });
const count = integer({ min: 1, max: 100_000 });

const shape = object({
  kind: oneOf(['receivable-rules']),
  ...ruleBookHeaderShape,
  listingDays: days,
  reminderDays: list(days, { min: 1, max: 10 }),
  graceDays: days,
  defaultDays: days,
  suspension: object({ overdue: count, months: count, cureDays: days }),
  figures: object({ days: count, newest: count, smallestCell: count }),
  registry: object({
    numberDays: count,
    nearDays: count,
    split: object({ days, parts: count, relatedParts: count, candidates: count }),
    answerHours: count,
    retryMinutes: count,
  }),
});

/** Reads and checks a rule book of kind `receivable-rules`. */
export function readReceivableRules(value: unknown): ReceivableRules {
  const { kind: _kind, ...book } = readRuleBook(value, shape, 'rules of receivables');
  return book;
}
