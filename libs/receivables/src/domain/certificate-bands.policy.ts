/** Days left until the due day, as briefs show them. */
export const tenorBands = ['past', '0..14', '15..30', '31..60', '61..90', '91..180', '181..'] as const;
export type TenorBand = (typeof tenorBands)[number];

export function tenorBandOf(daysLeft: number): TenorBand {
  if (daysLeft < 0) return 'past';
  if (daysLeft < 15) return '0..14';
  if (daysLeft <= 30) return '15..30';
  if (daysLeft <= 60) return '31..60';
  if (daysLeft <= 90) return '61..90';
  return daysLeft <= 180 ? '91..180' : '181..';
}

const limits = [
  10_000n,
  25_000n,
  50_000n,
  100_000n,
  250_000n,
  500_000n,
  1_000_000n,
  2_500_000n,
  5_000_000n,
  10_000_000n,
];

/** The band of an amount in whole currency units, its upper limit included: `100001..250000`. */
export function amountBandOf(amountMinor: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const whole = (amountMinor + unit - 1n) / unit;
  const index = limits.findIndex((limit) => whole <= limit);
  const upper = limits[index];
  const lower = index === -1 ? limits.at(-1) : limits[index - 1];
  return `${String((lower ?? 0n) + 1n)}..${upper === undefined ? '' : String(upper)}`;
}
