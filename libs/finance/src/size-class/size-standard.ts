import type { FieldError } from '#kernel';
import { Exact } from '../exact-decimal.js';
import {
  decimal,
  list,
  object,
  oneOf,
  optional,
  type Reader,
  refuse,
  text,
  unread,
  type Unread,
  withDefault,
} from '../input/index.js';
import { readRuleBook, type RuleBookHeader, ruleBookHeaderShape } from '../rule-book/index.js';

export const sizeClasses = ['micro', 'small', 'medium', 'large'] as const;
export type SizeClass = (typeof sizeClasses)[number];

/** What firms are measured by: staff in full-time equivalents, amounts in whole units of the standard's currency. */
export const sizeMetrics = ['staff', 'revenue', 'assets', 'balanceSheet'] as const;
export type SizeMetric = (typeof sizeMetrics)[number];

export const comparisons = ['atLeast', 'above', 'atMost', 'below'] as const;
export type Comparison = (typeof comparisons)[number];

/** A condition of a standard, as data: a comparison of one metric, or all or any of several conditions. */
export type SizeCondition =
  | { readonly metric: SizeMetric; readonly comparison: Comparison; readonly limit: Exact }
  | { readonly all: readonly SizeCondition[] }
  | { readonly any: readonly SizeCondition[] };

export interface SizeRule {
  /** Absent where the standard is the same for every industry. */
  readonly industry: string | undefined;
  /** The clause of the law with the industry's own name, cited in each decision. */
  readonly clause: string;
  /** In order: the first class whose condition holds is the firm's. */
  readonly classes: readonly { readonly class: SizeClass; readonly when: SizeCondition }[];
}

export interface SizeStandard extends RuleBookHeader {
  readonly currency: string;
  /** What a metric that is not given means: it could be anything, or its comparisons simply do not hold. */
  readonly absentMetric: 'unknown' | 'unmet';
  readonly rules: readonly SizeRule[];
}

const condition: Reader<SizeCondition> = {
  read: (value, pointer, problems) => readCondition(value, pointer, problems, 0),
};

const standardReader = object({
  kind: oneOf(['size-standard']),
  ...ruleBookHeaderShape,
  note: optional(text({ max: 2000 })),
  currency: text({ max: 3 }),
  absentMetric: withDefault(oneOf(['unknown', 'unmet']), 'unknown'),
  rules: list(
    object({
      industry: optional(text({ max: 40 })),
      clause: text({ max: 200 }),
      classes: list(object({ class: oneOf(sizeClasses), when: condition }), { min: 2, max: 12 }),
    }),
    { max: 100 },
  ),
});

/** Reads a size standard from JSON; throws `rule_book_malformed` with every field at fault. */
export function readSizeStandard(value: unknown): SizeStandard {
  const { kind: _kind, note: _note, ...standard } = readRuleBook(value, standardReader, 'size standard');
  return standard;
}

function readCondition(value: unknown, pointer: string, problems: FieldError[], depth: number): SizeCondition | Unread {
  if (typeof value !== 'object' || value === null || depth > 4) {
    return refuse(problems, pointer, 'condition', 'must be a comparison, "all" or "any", five deep at most');
  }
  for (const word of ['all', 'any'] as const) {
    if (!(word in value)) continue;
    const inner: Reader<SizeCondition> = { read: (each, at, found) => readCondition(each, at, found, depth + 1) };
    const read = object({ [word]: list(inner, { max: 10 }) }).read(value, pointer, problems);
    return read === unread ? unread : (read as SizeCondition);
  }
  const comparison = comparisons.find((name) => name in value);
  if (!comparison) return refuse(problems, pointer, 'condition', `must have one of ${comparisons.join(', ')}`);
  const read = object({ metric: oneOf(sizeMetrics), [comparison]: decimal({ min: '0' }) }).read(
    value,
    pointer,
    problems,
  );
  if (read === unread) return unread;
  const { metric, [comparison]: limit } = read as { metric: SizeMetric } & Record<Comparison, Exact>;
  return { metric, comparison, limit: new Exact(limit) };
}
