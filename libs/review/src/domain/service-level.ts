import {
  integer,
  list,
  object,
  oneOf,
  readRuleBook,
  type RuleBookHeader,
  ruleBookHeaderShape,
  text,
  withDefault,
} from '#finance';
import { type ReviewKind, reviewKinds } from './review-case.js';

/** What a country's portal promises about reviews. Kept under config/countries/<cc>/review.json. */
export interface ServiceLevel extends RuleBookHeader {
  readonly aliases: readonly string[];
  /** Working days promised, by kind of case. */
  readonly workingDays: Readonly<Record<ReviewKind, number>>;
  /** Percent of the working time at which the reviewer is warned. */
  readonly warnings: { readonly half: number; readonly late: number };
  /** Percent of the working time from which a pause needs a review lead. */
  readonly pauseNeedsLeadFrom: number;
  /** Working days of silence after which a paused case is returned. */
  readonly silenceDays: number;
  /** Working days within which a decision can be appealed against. */
  readonly appealDays: number;
  /** Public figures of fewer cases than this are not shown. */
  readonly smallestCell: number;
  /** Calendar days that the public figures look back. */
  readonly figuresDays: number;
}

const days = integer({ min: 1, max: 250 });
const percent = integer({ min: 1, max: 100 });

const reader = object({
  kind: oneOf(['review-service-level']),
  ...ruleBookHeaderShape,
  aliases: withDefault(list(text({ max: 40 }), { min: 0, max: 10 }), []),
  workingDays: object(Object.fromEntries(reviewKinds.map((kind) => [kind, days])) as Record<ReviewKind, typeof days>),
  warnings: object({ half: percent, late: percent }),
  pauseNeedsLeadFrom: percent,
  silenceDays: days,
  appealDays: days,
  smallestCell: integer({ min: 2, max: 100 }),
  figuresDays: integer({ min: 7, max: 1000 }),
});

/** Reads a service level from JSON; throws `rule_book_malformed` with every field at fault. */
export function readServiceLevel(value: unknown): ServiceLevel {
  const { kind: _kind, ...level } = readRuleBook(value, reader, 'review service level');
  return level;
}
