import { Exact } from './exact-decimal.js';

/** An exact quotient of two whole numbers; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function ratio(numerator: bigint | number, denominator: bigint | number = 1n): Ratio {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

export function multiplyRatios(first: Ratio, second: Ratio): Ratio {
  return {
    numerator: first.numerator * second.numerator,
    denominator: first.denominator * second.denominator,
  };
}

export function addRatios(first: Ratio, second: Ratio): Ratio {
  return first.denominator === second.denominator
    ? { numerator: first.numerator + second.numerator, denominator: first.denominator }
    : {
        numerator: first.numerator * second.denominator + second.numerator * first.denominator,
        denominator: first.denominator * second.denominator,
      };
}

export function subtractRatios(first: Ratio, second: Ratio): Ratio {
  return addRatios(first, { numerator: -second.numerator, denominator: second.denominator });
}

/** A terminating decimal as an exact quotient, divided by `by` (100 turns a percentage into a fraction). */
export function ratioOfDecimal(value: Exact, by = 1n): Ratio {
  const places = value.decimalPlaces();
  return { numerator: scaledInteger(value, places), denominator: 10n ** BigInt(places) * by };
}

export function decimalOfRatio({ numerator, denominator }: Ratio): Exact {
  return new Exact(numerator.toString()).div(denominator.toString());
}

/** `value * 10^places` as a whole number; the value has no more decimals than that. */
export function scaledInteger(value: Exact, places: number): bigint {
  return BigInt(value.toFixed(places).replace('.', ''));
}

/** The decimal text of `value * 10^-places`, with exactly `places` decimals. */
export function printScaled(value: bigint, places: number): string {
  if (places === 0) return value.toString();
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  return `${negative ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}
