import { Decimal } from 'decimal.js';
import { expFixed, fixedBits, lnFixed, toFixed } from './fixed-point.js';

const Wide = Decimal.clone({ precision: 90 });
const scale = new Wide(2).pow(Number(fixedBits));
const asDecimal = (value: bigint) => new Wide(value.toString()).div(scale);

describe('fixed point against decimal.js', () => {
  it.each([
    [1n, 1n],
    [-921n, 100n],
    [921n, 100n],
    [1n, 3_000_000n],
    [-1n, 7n],
  ])('e^(%s/%s)', (numerator, denominator) => {
    const exact = new Wide(numerator.toString()).div(denominator.toString()).exp();
    expect(
      asDecimal(expFixed(toFixed(numerator, denominator)))
        .div(exact)
        .sub(1)
        .abs()
        .toNumber(),
    ).toBeLessThan(1e-45);
  });

  it.each([
    [10_001n, 1n],
    [1n, 10_000n],
    [100_000_001n, 100_000_000n],
    [3n, 2n],
  ])('ln(%s/%s)', (numerator, denominator) => {
    const exact = new Wide(numerator.toString()).div(denominator.toString()).ln();
    expect(
      asDecimal(lnFixed(toFixed(numerator, denominator)))
        .sub(exact)
        .abs()
        .toNumber(),
    ).toBeLessThan(1e-50);
  });
});
