import { divideRounded, type RoundingMode } from '#finance';

/** A share in parts of a million, exact to the hundredth of a basis point: 80 % is 800,000. */
export type Ppm = bigint;

export const whole: Ppm = 1_000_000n;

/** Reads "80" or "0.45" percent; more than four decimals would not be exact and are refused. */
export function ppmOfPercent(percent: string): Ppm {
  const match = /^(\d{1,6})(?:\.(\d{1,4}))?$/.exec(percent);
  if (!match) throw new RangeError(`"${percent}" is not a percentage with at most four decimals`);
  return BigInt(match[1] as string) * 10_000n + BigInt((match[2] ?? '').padEnd(4, '0'));
}

/** Percent with as many decimals as it needs: 800,000 is "80", 4,500 is "0.45". */
export function percentOfPpm(ppm: Ppm): string {
  const sign = ppm < 0n ? '-' : '';
  const absolute = ppm < 0n ? -ppm : ppm;
  const rest = (absolute % 10_000n).toString().padStart(4, '0').replace(/0+$/, '');
  return `${sign}${absolute / 10_000n}${rest ? `.${rest}` : ''}`;
}

/** That share of an amount in minor units. */
export function portionOf(amount: bigint, share: Ppm, mode: RoundingMode): bigint {
  return divideRounded(amount * share, whole, mode);
}

/** What share `part` is of `total`; nothing of nothing is nothing. */
export function shareOf(part: bigint, total: bigint): Ppm {
  return total === 0n ? 0n : divideRounded(part * whole, total, 'half_up');
}

export function least(first: bigint, ...rest: readonly bigint[]): bigint {
  return rest.reduce((a, b) => (b < a ? b : a), first);
}
