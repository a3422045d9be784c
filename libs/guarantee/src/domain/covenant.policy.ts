import { Exact } from '#finance';
import type { SchemeTerms } from './scheme-terms.js';

export interface CovenantPart {
  readonly sourceClass: string;
  readonly paidMinor: bigint;
  /** Percent of what is paid in by the covenant's classes, and what it should be. */
  readonly sharePercent: string;
  readonly agreedPercent: string;
}

export interface CovenantVerdict {
  readonly holds: boolean;
  readonly parts: readonly CovenantPart[];
}

/**
 * Whether the money paid in stands in the agreed proportion (4 : 6 between institutions and governments), each class within
 * the tolerance in percentage points. Nothing paid in yet breaks nothing; money of other classes is not counted.
 */
export function judgeCovenant(
  covenant: SchemeTerms['covenant'],
  paidByClass: ReadonlyMap<string, bigint>,
): CovenantVerdict {
  const paid = covenant.parts.map(({ sourceClass }) => paidByClass.get(sourceClass) ?? 0n);
  const sum = paid.reduce((total, each) => total + each, 0n);
  const weights = covenant.parts.reduce((total, { weight }) => total + weight, 0);
  const percentOf = (part: Exact, whole: Exact): Exact => (whole.isZero() ? new Exact(0) : part.times(100).div(whole));
  let holds = true;
  const parts = covenant.parts.map(({ sourceClass, weight }, index): CovenantPart => {
    const paidMinor = paid[index] as bigint;
    const share = percentOf(new Exact(paidMinor.toString()), new Exact(sum.toString()));
    const agreed = percentOf(new Exact(weight), new Exact(weights));
    if (sum > 0n && share.minus(agreed).abs().gt(covenant.tolerancePoints)) holds = false;
    return {
      sourceClass,
      paidMinor,
      sharePercent: share.toDecimalPlaces(4).toFixed(),
      agreedPercent: agreed.toDecimalPlaces(4).toFixed(),
    };
  });
  return { holds, parts };
}
