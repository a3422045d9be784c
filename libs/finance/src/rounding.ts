/** How a figure that falls between two allowed amounts is settled; ties only matter for the two half modes. */
export const roundingModes = ['half_even', 'half_up', 'up', 'down'] as const;
export type RoundingMode = (typeof roundingModes)[number];

/** Round to whole multiples of `step` minor units. */
export interface Rounding {
  readonly step: bigint;
  readonly mode: RoundingMode;
}

/** `numerator / denominator` as a whole number; `up` and `half_up` go away from zero. The denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (numerator < 0n) return -divideRounded(-numerator, denominator, mode);
  const quotient = numerator / denominator;
  const rest = numerator - quotient * denominator;
  if (rest === 0n || mode === 'down') return quotient;
  if (mode === 'up') return quotient + 1n;
  const twice = rest + rest;
  if (twice < denominator) return quotient;
  if (twice > denominator || mode === 'half_up') return quotient + 1n;
  return quotient % 2n === 0n ? quotient : quotient + 1n;
}

/** `numerator / denominator` as a whole multiple of the rounding's step. */
export function roundQuotient(numerator: bigint, denominator: bigint, { step, mode }: Rounding): bigint {
  return step === 1n
    ? divideRounded(numerator, denominator, mode)
    : divideRounded(numerator, denominator * step, mode) * step;
}
