import { type CalendarDate, defineErrors, type Money, money, subtractMoney } from '#kernel';
import { type DayCount, yearFractionOfDates } from '../day-count/day-count.js';
import { Exact } from '../exact-decimal.js';
import { multiplyRatios, type Ratio, ratioOfDecimal } from '../ratio.js';
import { divideRounded, type RoundingMode } from '../rounding.js';

export const discountError = defineErrors({
  discount_terms_impossible: {
    kind: 'invalid',
    title: 'The receivable cannot be discounted on these terms.',
    next: 'Give a maturity after the payment day, a holdback below the amount, and a rate that leaves something to pay.',
  },
});

export interface DiscountTerms {
  /** What the debtor pays at maturity. */
  readonly face: Money;
  /** The day the financier pays. */
  readonly paidOn: CalendarDate;
  readonly maturity: CalendarDate;
  /** Percent a year, simple interest over the days to maturity, as a decimal string. */
  readonly annualRate: string;
  /**
   * `discount`: taken off the amount at maturity (a bill's rate). `yield`: earned on the amount paid out, so that
   * paid × (1 + rate × time) is the amount at maturity.
   */
  readonly rateIs: 'discount' | 'yield';
  readonly dayCount: DayCount;
  /** Kept back until the debtor has paid; no discount is taken on it. */
  readonly holdback?: Money;
  /** How the discount is rounded to minor units. */
  readonly rounding: RoundingMode;
}

export interface Discounting {
  /** Face less holdback: what is bought. */
  readonly financed: Money;
  readonly discount: Money;
  /** Financed less discount, before fees. */
  readonly proceeds: Money;
  /** Percent a year, six decimals, either way of stating the price that is paid. */
  readonly discountRate: string;
  readonly yieldRate: string;
}

/** The price of a receivable discounted to maturity. The two rates restate one price: y = d / (1 − d·t). */
export function discountReceivable(terms: DiscountTerms): Discounting {
  const { face, paidOn, maturity, dayCount, rateIs, rounding, holdback } = terms;
  const financed = holdback ? subtractMoney(face, holdback) : face;
  if (maturity <= paidOn) throw impossible(`maturity ${maturity} is not after ${paidOn}`);
  if (financed.minor <= 0n) throw impossible('the holdback leaves nothing to finance');
  const time = yearFractionOfDates(dayCount, paidOn, maturity);
  const part = multiplyRatios(ratioOfDecimal(new Exact(terms.annualRate), 100n), time);
  const taken =
    rateIs === 'discount'
      ? divideRounded(financed.minor * part.numerator, part.denominator, rounding)
      : divideRounded(financed.minor * part.numerator, part.denominator + part.numerator, rounding);
  const discount = money(taken, face.currency);
  const proceeds = subtractMoney(financed, discount);
  if (proceeds.minor <= 0n) throw impossible('the discount takes the whole amount');
  return {
    financed,
    discount,
    proceeds,
    discountRate: annualPercent(taken, financed.minor, time),
    yieldRate: annualPercent(taken, proceeds.minor, time),
  };
}

function annualPercent(part: bigint, whole: bigint, time: Ratio): string {
  const rate = new Exact(part.toString()).div(whole.toString());
  return rate.mul(100).mul(time.denominator.toString()).div(time.numerator.toString()).toFixed(6);
}

function impossible(why: string) {
  return discountError('discount_terms_impossible', { detail: `The receivable cannot be discounted: ${why}.` });
}
