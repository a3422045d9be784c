import { grades, type Mandate } from '#kernel';
import type { AnonymousBrief } from './request-terms.js';

/** The rules of matching, by the names that the enterprise and the operator see. */
export const matchRules = [
  'product',
  'currency',
  'amount',
  'tenor',
  'sector',
  'region',
  'size',
  'age',
  'grade',
  'collateral',
  'shariah',
  'women_led',
  'rural',
] as const;
export type MatchRule = (typeof matchRules)[number];

const tests: Readonly<Record<MatchRule, (mandate: Mandate, brief: AnonymousBrief) => boolean>> = {
  product: (mandate, brief) => anyOr(mandate.productKinds, brief.productKind),
  currency: (mandate, brief) => mandate.currency === brief.amount.currency,
  amount: (mandate, { amount }) => mandate.amountMin <= amount.minor && amount.minor <= mandate.amountMax,
  tenor: (mandate, brief) => mandate.tenorMin <= brief.tenorMonths && brief.tenorMonths <= mandate.tenorMax,
  sector: (mandate, brief) => anyOr(mandate.sectors, brief.sector),
  region: (mandate, brief) => anyOr(mandate.regions, brief.region),
  size: (mandate, brief) => anyOr(mandate.sizeClasses, brief.sizeClass),
  age: (mandate, brief) => anyOr(mandate.ageBands, brief.ageBand),
  grade: (mandate, brief) =>
    mandate.gradeFloor === null ||
    (brief.grade !== null && grades.indexOf(brief.grade) <= grades.indexOf(mandate.gradeFloor)),
  collateral: (mandate, brief) =>
    mandate.collateral.length === 0 || mandate.collateral.some((kind) => brief.collateral.includes(kind)),
  shariah: (mandate, brief) => (brief.shariahOnly ? mandate.offersShariah : !mandate.shariahOnly),
  women_led: (mandate, brief) => !mandate.womenLedOnly || brief.womenLed,
  rural: (mandate, brief) => !mandate.ruralOnly || brief.rural,
};

/** A fact that is not shown (null) satisfies only who accepts any: otherwise the invitation would tell it. */
function anyOr<T>(accepted: readonly T[], value: T | null): boolean {
  return accepted.length === 0 || (value !== null && accepted.includes(value));
}

/** Every rule that the mandate fails for this brief; none means that it fits. It looks only at what the brief shows. */
export function failedRules(mandate: Mandate, brief: AnonymousBrief): MatchRule[] {
  return matchRules.filter((rule) => !tests[rule](mandate, brief));
}

/** Whether the mandate fails no rule. */
export function fits(mandate: Mandate, brief: AnonymousBrief): boolean {
  for (const rule of matchRules) if (!tests[rule](mandate, brief)) return false;
  return true;
}

export interface MatchScore {
  /** 0 to 100; the sum of the parts. */
  readonly total: number;
  readonly parts: Readonly<Record<'amount' | 'tenor' | 'focus' | 'grade', number> & { readonly anchorLimit?: number }>;
}

/** How near a value lies to the middle of a range: 1 in the middle, 0 at its edges. */
function centred(value: number, low: number, high: number): number {
  if (high <= low) return 1;
  return 1 - Math.abs((2 * (value - low)) / (high - low) - 1);
}

/**
 * How well a fitting mandate suits the brief: 30 points for an amount well inside the range (on a logarithmic scale, because
 * ranges span powers of ten), 20 for the tenor, 30 for a mandate that names the firm's sector, region, size and age instead of
 * accepting any, 20 for room above the grade floor. It orders who is asked first; it decides nothing.
 */
export function matchScore(mandate: Mandate, brief: AnonymousBrief): MatchScore {
  const logAmount = (minor: bigint): number => Math.log10(Number(minor) + 1);
  const named = [mandate.sectors, mandate.regions, mandate.sizeClasses, mandate.ageBands].filter(
    (list) => list.length > 0,
  ).length;
  const floor = mandate.gradeFloor === null ? grades.length : grades.indexOf(mandate.gradeFloor) + 1;
  const room = brief.grade === null ? 0 : (floor - grades.indexOf(brief.grade)) / grades.length;
  const parts = {
    amount: round(
      30 * centred(logAmount(brief.amount.minor), logAmount(mandate.amountMin), logAmount(mandate.amountMax)),
    ),
    tenor: round(20 * centred(brief.tenorMonths, mandate.tenorMin, mandate.tenorMax)),
    focus: round((30 * named) / 4),
    grade: round(20 * Math.max(0, room)),
  };
  return { total: round(parts.amount + parts.tenor + parts.focus + parts.grade), parts };
}

/**
 * The score for receivables: half for how the mandate suits, half for a limit on every anchor, without which the financier could not
 * bid. So who has the limits is asked before all others.
 */
export function withAnchorLimits({ parts }: MatchScore, hasLimits: boolean): MatchScore {
  const halved = {
    amount: round(parts.amount / 2),
    tenor: round(parts.tenor / 2),
    focus: round(parts.focus / 2),
    grade: round(parts.grade / 2),
    anchorLimit: hasLimits ? 50 : 0,
  };
  return { total: round(Object.values(halved).reduce((sum, part) => sum + part, 0)), parts: halved };
}

/** Two decimals are enough for an order that people can check by hand. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
