import type { MandateLimits } from './mandate.js';

/** One sum that a reservation adds to, and the limit it must stay within (null: none). */
export interface ExposureLine {
  readonly scope: 'enterprise' | 'anchor' | 'month';
  readonly key: string;
  readonly limitMinor: bigint | null;
}

const unlimited: MandateLimits = { perEnterpriseMinor: null, perAnchorMinor: null, monthlyAppetiteMinor: null };

/**
 * The sums that a reservation counts in, always in one order, in which they are also locked. `month` (`YYYY-MM`) is
 * the month in which it was made: what is given back later is given back to that month.
 */
export function exposureLines(
  { enterpriseId, anchorId, month }: { enterpriseId: string; anchorId: string | null; month: string },
  limits: MandateLimits = unlimited,
): readonly ExposureLine[] {
  return [
    ...(anchorId === null ? [] : [{ scope: 'anchor', key: anchorId, limitMinor: limits.perAnchorMinor } as const]),
    { scope: 'enterprise', key: enterpriseId, limitMinor: limits.perEnterpriseMinor },
    { scope: 'month', key: month, limitMinor: limits.monthlyAppetiteMinor },
  ];
}
