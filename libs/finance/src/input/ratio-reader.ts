import { type Ratio, ratioOfDecimal } from '../ratio.js';
import { type Reader, refuse } from './read-input.js';
import { toDecimal } from './value-readers.js';

const plain = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/** Smallest and largest whole number allowed, both included. */
export interface RatioBounds {
  readonly min?: number;
  readonly max?: number;
  readonly positive?: true;
}

/** A decimal or a quotient of two decimals, kept as the exact quotient of whole numbers that it says. */
export function exactRatio(bounds: RatioBounds = {}): Reader<Ratio> {
  return ratioReader(toRatio, 'must be a decimal or a fraction such as "401/4380"', bounds);
}

/** A decimal such as "1432.86" as the quotient by a power of ten that it says: quicker to compute with. */
export function decimalRatio(bounds: RatioBounds = {}): Reader<Ratio> {
  const parse = (value: unknown) => (typeof value === 'string' ? plainRatio(value) : toRatio(value));
  return ratioReader(parse, 'must be a decimal such as "1432.86"', bounds);
}

function ratioReader(
  parse: (value: unknown) => Ratio | undefined,
  form: string,
  { min, max, positive }: RatioBounds,
): Reader<Ratio> {
  const [least, most] = [min, max].map((bound) => (bound === undefined ? undefined : BigInt(bound)));
  return {
    read(value, pointer, problems) {
      const read = parse(value);
      if (!read) return refuse(problems, pointer, 'decimal', form);
      const { numerator, denominator } = read;
      if (positive && numerator <= 0n) return refuse(problems, pointer, 'bounds', 'must be above zero');
      if (least !== undefined && numerator < least * denominator) {
        return refuse(problems, pointer, 'bounds', `must be at least ${min}`);
      }
      if (most !== undefined && numerator > most * denominator) {
        return refuse(problems, pointer, 'bounds', `must be at most ${max}`);
      }
      return read;
    },
  };
}

function toRatio(value: unknown): Ratio | undefined {
  if (typeof value === 'number') {
    const number = toDecimal(value);
    return number && ratioOfDecimal(number);
  }
  if (typeof value !== 'string' || value.length > 80) return undefined;
  const [above, below, ...more] = value.split('/');
  const numerator = plainRatio((above as string).trim());
  if (below === undefined) return numerator;
  const denominator = plainRatio(below.trim());
  if (!numerator || !denominator || denominator.numerator === 0n || more.length > 0) return undefined;
  const sign = denominator.numerator < 0n ? -1n : 1n;
  return {
    numerator: sign * numerator.numerator * denominator.denominator,
    denominator: sign * numerator.denominator * denominator.numerator,
  };
}

function plainRatio(text: string): Ratio | undefined {
  const match = plain.exec(text);
  if (!match) return undefined;
  const decimals = match[3] ?? '';
  const magnitude = BigInt((match[2] as string) + decimals);
  return { numerator: match[1] === '-' ? -magnitude : magnitude, denominator: 10n ** BigInt(decimals.length) };
}
