/** Binary fixed point for proofs: a number is a bigint scaled by 2^192, exact to about 55 decimals. */
export const fixedBits = 192n;
export const fixedOne = 1n << fixedBits;

export function toFixed(numerator: bigint, denominator: bigint): bigint {
  return (numerator << fixedBits) / denominator;
}

export function multiplyFixed(first: bigint, second: bigint): bigint {
  return (first * second) >> fixedBits;
}

export function toNumber(value: bigint): number {
  return Number(value >> (fixedBits - 64n)) / 2 ** 64;
}

function ofNumber(value: number): bigint {
  // A double has 53 digits: its product with 2^60 is a whole number once small parts are dropped.
  return BigInt(Math.round(value * 2 ** 50)) << (fixedBits - 50n);
}

const halvings = 10n;

/** e^x: Taylor's series on x / 2^10, squared ten times, with 32 digits to spare. */
export function expFixed(x: bigint): bigint {
  const guard = 32n;
  const bits = fixedBits + guard;
  const small = (x << guard) >> halvings;
  let term = 1n << bits;
  let sum = term;
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    term = (term * small) / (n << bits);
    sum += term;
  }
  for (let n = 0n; n < halvings; n += 1n) sum = (sum * sum) >> bits;
  return sum >> guard;
}

/** The natural logarithm of x > 0: the floating-point one, corrected by ln(1+ε) = ε − ε²/2 + ε³/3 − … */
export function lnFixed(x: bigint): bigint {
  const first = ofNumber(Math.log(toNumber(x)));
  const rest = (x << fixedBits) / expFixed(first) - fixedOne;
  let power = rest;
  let sum = rest;
  for (let n = 2n; n <= 6n; n += 1n) {
    power = -multiplyFixed(power, rest);
    sum += power / n;
  }
  return first + sum;
}
