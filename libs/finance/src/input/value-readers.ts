import { type CalendarDate, isCalendarDate } from '#kernel';
import { Exact } from '../exact-decimal.js';
import { type Reader, refuse } from './read-input.js';

const decimalPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const maxLength = 60;
const largest = new Exact('1e18');

export interface DecimalBounds {
  /** Smallest and largest value allowed, both included. */
  readonly min?: string;
  readonly max?: string;
  readonly positive?: true;
}

/** A decimal as a string ("1432.86") or a JSON number, which is read as its decimal text. Largest size 10^18. */
export function decimal(bounds: DecimalBounds = {}): Reader<Exact> {
  const outOfBounds = boundsCheck(bounds);
  return {
    read(value, pointer, problems) {
      const number = toDecimal(value);
      if (!number) return refuse(problems, pointer, 'decimal', 'must be a decimal such as "1432.86"');
      const fault = outOfBounds(number);
      return fault ? refuse(problems, pointer, 'bounds', fault) : number;
    },
  };
}

/** A decimal or a quotient of two, such as "401/4380", "31/365.25" or "0.08/12", kept to 50 digits. */
export function fraction(bounds: DecimalBounds = {}): Reader<Exact> {
  const outOfBounds = boundsCheck(bounds);
  return {
    read(value, pointer, problems) {
      const number = toFraction(value);
      if (!number) return refuse(problems, pointer, 'fraction', 'must be a decimal or a fraction such as "401/4380"');
      const fault = outOfBounds(number);
      return fault ? refuse(problems, pointer, 'bounds', fault) : number;
    },
  };
}

export function integer({ min, max }: { min: number; max: number }): Reader<number> {
  return {
    read(value, pointer, problems) {
      const number = typeof value === 'string' && /^-?\d{1,12}$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
        return refuse(problems, pointer, 'integer', `must be a whole number from ${min} to ${max}`);
      }
      return number;
    },
  };
}

/** A calendar date `YYYY-MM-DD` that exists, 1900 to 2199. */
export const date: Reader<CalendarDate> = {
  read(value, pointer, problems) {
    return isCalendarDate(value)
      ? value
      : refuse(problems, pointer, 'date', 'must be a date that exists, as YYYY-MM-DD, 1900 to 2199');
  },
};

export function oneOf<const T extends string>(words: readonly T[]): Reader<T> {
  return {
    read(value, pointer, problems) {
      const found = words.find((word) => word === value);
      return found ?? refuse(problems, pointer, 'one_of', `must be one of ${words.join(', ')}`);
    },
  };
}

export function text({ max }: { max: number }): Reader<string> {
  return {
    read(value, pointer, problems) {
      return typeof value === 'string' && value.length >= 1 && value.length <= max
        ? value
        : refuse(problems, pointer, 'text', `must be a text of 1 to ${max} characters`);
    },
  };
}

export const flag: Reader<boolean> = {
  read(value, pointer, problems) {
    return typeof value === 'boolean' ? value : refuse(problems, pointer, 'flag', 'must be true or false');
  },
};

/** The decimal that a JSON value stands for, or undefined. */
export function toDecimal(value: unknown): Exact | undefined {
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (!isNumber && !(typeof value === 'string' && value.length <= maxLength && decimalPattern.test(value))) {
    return undefined;
  }
  const number = new Exact(value as string | number);
  return number.abs().lte(largest) && number.decimalPlaces() <= maxLength ? number : undefined;
}

export function toFraction(value: unknown): Exact | undefined {
  if (typeof value !== 'string' || !value.includes('/')) return toDecimal(value);
  const [above, below, ...more] = value.split('/');
  const numerator = toDecimal(above?.trim());
  const denominator = toDecimal(below?.trim());
  if (!numerator || !denominator || denominator.isZero() || more.length > 0) return undefined;
  return numerator.div(denominator);
}

function boundsCheck({ min, max, positive }: DecimalBounds): (number: Exact) => string | undefined {
  const [least, most] = [min, max].map((bound) => (bound === undefined ? undefined : new Exact(bound)));
  return (number) => {
    if (positive && (number.isNegative() || number.isZero())) return 'must be above zero';
    if (least && number.lt(least)) return `must be at least ${min}`;
    if (most && number.gt(most)) return `must be at most ${max}`;
    return undefined;
  };
}
