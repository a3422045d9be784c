import { Decimal } from 'decimal.js';

/**
 * The decimal that every figure is computed with: 50 significant digits, ties to even, printed without exponents.
 * A figure is rounded once, where it is printed or where a rule of the product says so. Beyond 10^±2000 it becomes
 * infinite or zero, so that no input makes it grow without end.
 */
export const Exact = Decimal.clone({
  precision: 50,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
  maxE: 2000,
  minE: -2000,
});

export type Exact = Decimal;
