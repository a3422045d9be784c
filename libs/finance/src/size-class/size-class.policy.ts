import type { Exact } from '../exact-decimal.js';
import type { Comparison, SizeClass, SizeCondition, SizeMetric, SizeRule, SizeStandard } from './size-standard.js';

/** A firm's figures; a metric that is not known is undefined. */
export type SizeFacts = Readonly<Partial<Record<SizeMetric, Exact | undefined>>>;

export type SizeDecision =
  | {
      readonly kind: 'decided';
      readonly class: SizeClass;
      /** The clause and the comparisons that decided, in words. */
      readonly rule: string;
      readonly standard: { readonly id: string; readonly version: string };
    }
  /** The figures given leave more than one class possible; these would settle it. */
  | { readonly kind: 'more_needed'; readonly metrics: readonly SizeMetric[] }
  | { readonly kind: 'industry_unknown'; readonly known: readonly string[] };

/** Holds, does not hold, or cannot be told from what is known. */
type Truth = boolean | undefined;

/**
 * The size class of a firm under a standard: the first class whose condition holds. A class is only given when no
 * missing figure could change it, unless the standard says that a missing figure does not count.
 */
export function sizeClass(standard: SizeStandard, facts: SizeFacts, industry?: string): SizeDecision {
  const rule = ruleFor(standard, industry);
  if (!rule) return { kind: 'industry_unknown', known: standard.rules.flatMap((each) => each.industry ?? []) };
  const absent: Truth = standard.absentMetric === 'unmet' ? false : undefined;
  for (const { class: name, when } of rule.classes) {
    const truth = test(when, facts, absent);
    if (truth === undefined) return { kind: 'more_needed', metrics: missing(when, facts) };
    if (truth) {
      const reasons = deciding(when, facts, absent).map(describe).join(' and ');
      const { id, version } = standard;
      return { kind: 'decided', class: name, rule: `${rule.clause}: ${reasons}`, standard: { id, version } };
    }
  }
  return { kind: 'more_needed', metrics: [...new Set(rule.classes.flatMap(({ when }) => missing(when, facts)))] };
}

function ruleFor({ rules }: SizeStandard, industry: string | undefined): SizeRule | undefined {
  return rules.find((rule) => rule.industry === undefined || rule.industry === industry);
}

function test(condition: SizeCondition, facts: SizeFacts, absent: Truth): Truth {
  if ('all' in condition) {
    const truths = condition.all.map((each) => test(each, facts, absent));
    return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
  }
  if ('any' in condition) {
    const truths = condition.any.map((each) => test(each, facts, absent));
    return truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
  }
  const value = facts[condition.metric];
  return value === undefined ? absent : compare[condition.comparison](value, condition.limit);
}

const compare: Readonly<Record<Comparison, (value: Exact, limit: Exact) => boolean>> = {
  atLeast: (value, limit) => value.gte(limit),
  above: (value, limit) => value.gt(limit),
  atMost: (value, limit) => value.lte(limit),
  below: (value, limit) => value.lt(limit),
};

const words: Readonly<Record<Comparison, string>> = {
  atLeast: 'at least',
  above: 'above',
  atMost: 'at most',
  below: 'below',
};

type Leaf = Extract<SizeCondition, { metric: SizeMetric }>;

/** The comparisons that make the condition hold: all of an "all", the first that holds of an "any". */
function deciding(condition: SizeCondition, facts: SizeFacts, absent: Truth): Leaf[] {
  if ('all' in condition) return condition.all.flatMap((each) => deciding(each, facts, absent));
  if ('any' in condition) {
    const held = condition.any.find((each) => test(each, facts, absent));
    return held ? deciding(held, facts, absent) : [];
  }
  return [condition];
}

function missing(condition: SizeCondition, facts: SizeFacts): SizeMetric[] {
  if ('metric' in condition) return facts[condition.metric] === undefined ? [condition.metric] : [];
  return [...new Set(('all' in condition ? condition.all : condition.any).flatMap((each) => missing(each, facts)))];
}

function describe({ metric, comparison, limit }: Leaf): string {
  return `${metric === 'balanceSheet' ? 'balance sheet' : metric} ${words[comparison]} ${limit.toFixed()}`;
}
