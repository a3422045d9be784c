import {
  type Calculator,
  decimal,
  invalidInput,
  object,
  oneOf,
  optional,
  readInput,
  refuseField,
  text,
} from '../input/index.js';
import { sizeClass } from './size-class.policy.js';
import type { SizeStandard } from './size-standard.js';

/**
 * `calc size`: the size class of a firm. Takes `{standard, industry?, staff?, revenue?, assets?, balanceSheet?}` in
 * whole units of the standard's currency and answers `{class, rule}`, the rule naming the clause that decided.
 */
export function sizeCalculator(standards: ReadonlyMap<string, SizeStandard>): Calculator {
  const figure = optional(decimal({ min: '0' }));
  const reader = object({
    standard: oneOf([...standards.keys()]),
    industry: optional(text({ max: 40 })),
    staff: figure,
    revenue: figure,
    assets: figure,
    balanceSheet: figure,
  });
  return (input) => {
    const { standard: name, industry, ...facts } = readInput(input, reader);
    const decision = sizeClass(standards.get(name) as SizeStandard, facts, industry);
    switch (decision.kind) {
      case 'industry_unknown':
        return refuseField('/industry', 'one_of', `must be one of ${decision.known.join(', ')}`);
      case 'more_needed':
        throw invalidInput(
          decision.metrics.map((metric) => ({
            pointer: `/${metric}`,
            rule: 'required',
            message: 'is required: the figures given leave more than one class possible',
          })),
        );
      case 'decided':
        return { class: decision.class, rule: decision.rule };
    }
  };
}
