import { type Ratio } from '../ratio.js';
import { type Reader, refuse } from './read-input.js';
import { toFraction } from './value-readers.js';
import { ratioOfDecimal } from '../ratio.js';

const plain = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/** A decimal or a quotient of two decimals, kept as the exact quotient of whole numbers that it says. */
export function exactRatio({
  min,
  max,
  positive,
}: { min?: number; max?: number; positive?: true } = {}): Reader<Ratio> {
  return {
    read(value, pointer, problems) {
      const read = toRatio(value);
      if (!read) return refuse(problems, pointer, 'fraction', 'must be a decimal or a fraction such as "401/4380"');
      if (positive && read.numerator <= 0n) return refuse(problems, pointer, 'bounds', 'must be above zero');
      if (min !== undefined && read.numerator < BigInt(min) * read.denominator) {
        return refuse(problems, pointer, 'bounds', `must be at least ${min}`);
      }
      if (max !== undefined && read.numerator > BigInt(max) * read.denominator) {
        return refuse(problems, pointer, 'bounds', `must be at most ${max}`);
      }
      return read;
    },
  };
}

function toRatio(value: unknown): Ratio | undefined {
  if (typeof value === 'number') {
    const number = toFraction(value);
    return number && ratioOfDecimal(number);
  }
  if (typeof value !== 'string' || value.length > 80) return undefined;
  const [above, below, ...more] = value.split('/');
  const numerator = plainRatio(above as string);
  if (below === undefined) return numerator;
  const denominator = plainRatio(below);
  if (!numerator || !denominator || denominator.numerator === 0n || more.length > 0) return undefined;
  const sign = denominator.numerator < 0n ? -1n : 1n;
  return {
    numerator: sign * numerator.numerator * denominator.denominator,
    denominator: sign * numerator.denominator * denominator.numerator,
  };
}

function plainRatio(text: string): Ratio | undefined {
  const match = plain.exec(text.trim());
  if (!match) return undefined;
  const decimals = match[3] ?? '';
  const magnitude = BigInt((match[2] as string) + decimals);
  return { numerator: match[1] === '-' ? -magnitude : magnitude, denominator: 10n ** BigInt(decimals.length) };
}
