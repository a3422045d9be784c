import { type DayCount, discountReceivable } from '#finance';
import { type CalendarDate, daysBetween, defineErrors, type Money } from '#kernel';

/** One step of a programme's curve: from this many days before the due day on, this rate. */
export interface RateStep {
  readonly daysFrom: number;
  /** Percent a year of the amount at maturity (simple discount), as a decimal string. */
  readonly annualRate: string;
}

export const discountCurveError = defineErrors({
  discount_curve_malformed: {
    kind: 'invalid',
    title: 'The rate curve of the programme does not hold together.',
    next: 'Send one to twenty steps with rising days and rates above zero.',
  },
});

/** Refuses a curve that does not rise in days, or has a rate of zero. */
export function assertCurve(curve: readonly RateStep[]): void {
  const fault = (index: number, message: string) =>
    discountCurveError('discount_curve_malformed', {
      detail: `/curve/${index}: ${message}.`,
      fields: [{ pointer: `/curve/${index}`, rule: 'curve', message }],
    });
  if (curve.length === 0) throw fault(0, 'a curve has at least one step');
  curve.forEach(({ daysFrom, annualRate }, index) => {
    if (compareRates(annualRate, '0') <= 0) throw fault(index, 'the rate must be above zero');
    const before = curve[index - 1];
    if (before && daysFrom <= before.daysFrom) throw fault(index, 'must have more days than the step before');
  });
}

/** The curve's rate for a payment so many days early: that of the last step not beyond it; undefined when it is too late. */
export function rateOnCurve(curve: readonly RateStep[], daysEarly: number): string | undefined {
  return curve.filter(({ daysFrom }) => daysFrom <= daysEarly).at(-1)?.annualRate;
}

/** What a supplier receives when `face`, due on `dueOn`, is paid on `payOn`: simple discount, rounded half up to minor units. */
export function earlyPayment(terms: {
  readonly face: Money;
  readonly payOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly annualRate: string;
  readonly dayCount: DayCount;
}): { readonly discount: Money; readonly pays: Money; readonly days: number } {
  const { face, payOn, dueOn, annualRate, dayCount } = terms;
  const { discount, proceeds } = discountReceivable({
    face,
    paidOn: payOn,
    maturity: dueOn,
    annualRate,
    rateIs: 'discount',
    dayCount,
    rounding: 'half_up',
  });
  return { discount, pays: proceeds, days: daysBetween(payOn, dueOn) };
}

export interface CompetingAsk {
  readonly id: string;
  readonly annualRate: string;
  readonly askedAt: Date;
  /** What the anchor must pay, in minor units. */
  readonly paysMinor: bigint;
}

/**
 * Who is paid when the money of a day does not suffice for all: the best rate for the anchor first, then the oldest
 * ask, then the lower identifier. An ask is served whole or not at all; one that does not fit into what is left is
 * passed over and the next is tried. Published in docs/guide/settlement.md.
 */
export function awardBudget(asks: readonly CompetingAsk[], budgetMinor: bigint): ReadonlySet<string> {
  const ranked = [...asks].sort(
    (a, b) =>
      compareRates(b.annualRate, a.annualRate) ||
      a.askedAt.getTime() - b.askedAt.getTime() ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const served = new Set<string>();
  let left = budgetMinor;
  for (const { id, paysMinor } of ranked) {
    if (paysMinor > left) continue;
    left -= paysMinor;
    served.add(id);
  }
  return served;
}

/** Compares two decimal strings of at most twelve decimals exactly: negative, zero or positive. */
export function compareRates(first: string, second: string): number {
  const difference = scaled(first) - scaled(second);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function scaled(rate: string): bigint {
  const [whole = '0', fraction = ''] = rate.split('.');
  return BigInt(whole + fraction.padEnd(12, '0').slice(0, 12));
}
