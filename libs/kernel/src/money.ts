import { currencyDigits, isCurrencyCode } from './currency.js';
import { defineErrors } from './domain-error.js';

/** An amount of money: whole minor units (halalas, cents) of one currency. Never a floating-point number. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** Money as it travels in JSON: a decimal string in major units with exactly the currency's digits. */
export interface MoneyJson {
  readonly amount: string;
  readonly currency: string;
}

export const moneyError = defineErrors({
  money_malformed: {
    kind: 'invalid',
    title: 'The amount of money cannot be read.',
    next: 'Send the amount as a decimal string such as "1234.50" with a three-letter currency code.',
  },
  money_currencies_differ: {
    kind: 'invalid',
    title: 'Amounts in two currencies cannot be added or compared.',
    next: 'Use one currency throughout.',
  },
});

/** The largest amount this market handles, in minor units: it fits a signed BIGINT with room for sums. */
export const maxMinor = 10n ** 17n;

export function money(minor: bigint, currency: string): Money {
  return { minor, currency };
}

/** Reads "1234.50" in `currency`. Refuses more decimals than the currency has, exponents, signs other than "-". */
export function parseMoney(amount: string, currency: string): Money {
  if (!isCurrencyCode(currency)) {
    throw moneyError('money_malformed', { detail: `"${String(currency)}" is not a three-letter currency code.` });
  }
  const digits = currencyDigits(currency);
  const match = /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(amount);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > digits) {
    throw moneyError('money_malformed', {
      detail: `"${amount.slice(0, 40)}" is not an amount in ${currency}, which has ${digits} decimals.`,
    });
  }
  const minor = BigInt((match[2] as string) + fraction.padEnd(digits, '0'));
  if (minor > maxMinor) throw moneyError('money_malformed', { detail: `The amount is above what the market handles.` });
  return { minor: match[1] ? -minor : minor, currency };
}

/** The decimal string of an amount, with exactly the currency's digits: `parseMoney(printAmount(x)) = x`. */
export function printAmount({ minor, currency }: Money): string {
  const digits = currencyDigits(currency);
  const absolute = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = absolute.slice(0, absolute.length - digits);
  const sign = minor < 0n ? '-' : '';
  return digits === 0 ? sign + whole : `${sign}${whole}.${absolute.slice(-digits)}`;
}

export function moneyToJson(value: Money): MoneyJson {
  return { amount: printAmount(value), currency: value.currency };
}

export function moneyFromJson(value: MoneyJson): Money {
  return parseMoney(value.amount, value.currency);
}

export function addMoney(first: Money, ...rest: readonly Money[]): Money {
  return rest.reduce(
    (sum, next) => ({ minor: sum.minor + sameCurrency(sum, next).minor, currency: sum.currency }),
    first,
  );
}

export function subtractMoney(from: Money, less: Money): Money {
  return { minor: from.minor - sameCurrency(from, less).minor, currency: from.currency };
}

/** Negative, zero or positive, as `first` is below, equal to or above `second`. */
export function compareMoney(first: Money, second: Money): number {
  const difference = first.minor - sameCurrency(first, second).minor;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function sameCurrency(first: Money, second: Money): Money {
  if (first.currency !== second.currency) {
    throw moneyError('money_currencies_differ', { detail: `${first.currency} and ${second.currency} were mixed.` });
  }
  return second;
}

/**
 * Splits `total` by `weights` so that the parts always add up to the whole: each part is rounded down,
 * the units left over go one each to the parts with the largest remainders (earlier first on a tie).
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 0) throw new RangeError('allocate needs at least one weight');
  if (weights.some((weight) => weight < 0n)) throw new RangeError('a weight is negative');
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) throw new RangeError('the weights add up to nothing');
  if (total < 0n) return allocate(-total, weights).map((part) => -part);
  const parts = weights.map((weight) => (total * weight) / sum);
  const left = Number(total - parts.reduce((a, b) => a + b, 0n));
  weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
    .slice(0, left)
    .forEach(({ index }) => (parts[index] = (parts[index] as bigint) + 1n));
  return parts;
}
