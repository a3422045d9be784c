import {
  discountReceivable,
  divideRounded,
  effectiveAnnualRate,
  Exact,
  printScaled,
  type Ratio,
  ratioOfDecimal,
  yearsFrom,
} from '#finance';
import { type CalendarDate, DomainError, type Money, money, parseMoney } from '#kernel';
import { marketplaceError } from './errors.js';
import type { OfferFee, OfferTerms, ReceivableDiscount } from './offer-terms.js';

/** What a bid on receivables pays and costs, to the minor unit. */
export interface DiscountFigures {
  /** What the debtors owe. */
  readonly face: Money;
  /** Kept back until they have paid; no discount is taken on it. */
  readonly holdback: Money;
  readonly discount: Money;
  readonly fees: Money;
  /** What the scheme charges for every year, kept back at the start: nobody pays it to the financier later. */
  readonly guaranteeFees: Money;
  /** What reaches the seller on the day of settlement. */
  readonly net: Money;
  /** Discount, fees and the guarantee's. */
  readonly totalCost: Money;
  /** Effective annual rate in percent, six decimals. */
  readonly apr: string;
  /** Each due day with what is bought of it. */
  readonly days: readonly {
    readonly dueOn: CalendarDate;
    readonly face: Money;
    readonly holdback: Money;
    readonly discount: Money;
    readonly proceeds: Money;
  }[];
}

/**
 * The figures of a bid when it is paid out on `discount.settlesOn`: each due day is discounted for itself, so the sum over a pool is
 * the sum of its days. Refuses terms that leave nothing to pay.
 */
export function discountFigures(terms: OfferTerms, discount: ReceivableDiscount, currency: string): DiscountFigures {
  const { dayCount, rateIs, rounding, settlesOn } = discount;
  const held = ratioOfDecimal(new Exact(discount.holdbackPercent), 100n);
  const days = discount.parts.map(({ dueOn, amount }) => {
    const face = parseMoney(amount, currency);
    const holdback = money(divideRounded(face.minor * held.numerator, held.denominator, rounding), currency);
    const priced = discountReceivable({
      face,
      paidOn: settlesOn,
      maturity: dueOn,
      annualRate: discountRateOf(terms),
      rateIs,
      dayCount,
      rounding,
      holdback,
    });
    return { dueOn, face, holdback, discount: priced.discount, proceeds: priced.proceeds };
  });
  const sum = (of: (day: (typeof days)[number]) => Money): bigint =>
    days.reduce((total, day) => total + of(day).minor, 0n);
  const face = sum((day) => day.face);
  const fees = terms.fees
    .filter(({ compulsory }) => compulsory)
    .reduce((total, fee) => total + feeMinor(fee, face, currency, rounding), 0n);
  const guaranteeFees = (terms.guarantee?.fee.amounts ?? []).reduce(
    (total, amount) => total + parseMoney(amount, currency).minor,
    0n,
  );
  const net = sum((day) => day.proceeds) - fees - guaranteeFees;
  if (net <= 0n) throw impossible('Discount and fees leave nothing to pay out.');
  const taken = sum((day) => day.discount);
  return {
    face: money(face, currency),
    holdback: money(
      sum((day) => day.holdback),
      currency,
    ),
    discount: money(taken, currency),
    fees: money(fees, currency),
    guaranteeFees: money(guaranteeFees, currency),
    net: money(net, currency),
    totalCost: money(taken + fees + guaranteeFees, currency),
    apr: aprOf(
      net,
      settlesOn,
      days.map(({ dueOn, face: due, holdback }) => ({ on: dueOn, minor: due.minor - holdback.minor })),
    ),
    days,
  };
}

/** Percent a year: the fixed rate, or the reference of the bid's day plus the margin. */
function discountRateOf({ price }: OfferTerms): string {
  return price.kind === 'fixed' ? price.annualRate : new Exact(price.referenceRate).plus(price.margin).toFixed();
}

function feeMinor(fee: OfferFee, face: bigint, currency: string, rounding: 'half_up' | 'half_even'): bigint {
  if (fee.percent === undefined) return parseMoney(fee.amount ?? '0', currency).minor;
  const part = ratioOfDecimal(new Exact(fee.percent), 100n);
  return divideRounded(face * part.numerator, part.denominator, rounding);
}

/** The net amount against what the financier keeps of each day's payment; the holdback is the seller's own and comes back. */
function aprOf(
  net: bigint,
  settlesOn: CalendarDate,
  repaid: readonly { readonly on: CalendarDate; readonly minor: bigint }[],
): string {
  const days = [settlesOn, ...repaid.map(({ on }) => on)];
  const times = yearsFrom(settlesOn, days);
  const amounts = [net, ...repaid.map(({ minor }) => -minor)];
  try {
    return printScaled(effectiveAnnualRate(amounts.map((amount, n) => ({ amount, time: times[n] as Ratio }))), 6);
  } catch (error) {
    throw error instanceof DomainError ? impossible(error.message) : error;
  }
}

function impossible(why: string) {
  return marketplaceError('offer_outside_mandate', {
    detail: why,
    fields: [{ pointer: '/terms', rule: 'price', message: why }],
  });
}
