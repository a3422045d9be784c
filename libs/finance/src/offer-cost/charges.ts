import { addMonths, type CalendarDate, type Money, moneyError } from '#kernel';
import { Exact } from '../exact-decimal.js';
import { ratioOfDecimal } from '../ratio.js';
import { divideRounded, type RoundingMode } from '../rounding.js';
import type { Schedule } from '../schedule/terms.js';
import { type FeePayee, type OfferFee, type OfferTerms } from './terms.js';

/** A fee as it falls due. */
export interface Charge {
  readonly on: CalendarDate;
  readonly amount: bigint;
  readonly payee: FeePayee;
  readonly financed: boolean;
}

type Due = OfferFee['due'];

export function feesDue(terms: OfferTerms, ...due: readonly Due[]): OfferFee[] {
  return (terms.fees ?? []).filter((fee) => due.includes(fee.due));
}

/** The size of a fee in minor units while `outstanding` is owed; `year` counts from 0. */
export function feeAmount(terms: OfferTerms, { size }: OfferFee, outstanding: bigint, year = 0): bigint {
  if ('amount' in size) return minorOf(size.amount, terms);
  if ('yearly' in size) {
    const amount = size.yearly[year];
    return amount ? minorOf(amount, terms) : 0n;
  }
  const { numerator, denominator } = ratioOfDecimal(new Exact(size.percent), 100n);
  const base = size.of === 'amount' ? terms.amount.minor : outstanding;
  return divideRounded(base * numerator, denominator, modeOf(terms));
}

export function modeOf({ rounding }: OfferTerms): RoundingMode {
  return rounding ?? 'half_even';
}

/** Minor units of an amount of the offer; refuses another currency. */
export function minorOf({ minor, currency }: Money, { amount }: OfferTerms): bigint {
  if (currency !== amount.currency) {
    throw moneyError('money_currencies_differ', {
      detail: `The offer is in ${amount.currency}, an amount in ${currency}.`,
    });
  }
  return minor;
}

export function sumOf(charges: readonly Charge[], keep: (charge: Charge) => boolean = () => true): bigint {
  return charges.reduce((sum, charge) => (keep(charge) ? sum + charge.amount : sum), 0n);
}

/** Every compulsory fee with its day, for payments that fall due as in `schedule`. */
export function compulsoryCharges(terms: OfferTerms, schedule: Schedule): Charge[] {
  const { start } = terms;
  const rows = schedule.instalments.map(({ due, principal, balance }) => ({
    due: due as CalendarDate,
    owed: principal + balance,
  }));
  const end = rows[rows.length - 1]?.due ?? start;
  const lent = schedule.totals.principal;
  const charge = (fee: OfferFee, on: CalendarDate, owed: bigint, year = 0): Charge => ({
    on,
    amount: feeAmount(terms, fee, owed, year),
    payee: fee.payee,
    financed: fee.due === 'financed',
  });
  return (terms.fees ?? []).flatMap((fee): Charge[] => {
    switch (fee.due) {
      case 'upfront':
      case 'financed':
        return [charge(fee, start, lent)];
      case 'each_instalment':
        return rows.map(({ due, owed }) => charge(fee, due, owed));
      case 'at_end':
        return [charge(fee, end, rows[rows.length - 1]?.owed ?? 0n)];
      case 'yearly_in_advance':
        return anniversaries(start, end).map((on, year) =>
          charge(fee, on, rows.find(({ due }) => due > on)?.owed ?? lent, year),
        );
      default:
        return [];
    }
  });
}

function anniversaries(start: CalendarDate, end: CalendarDate): CalendarDate[] {
  const days = [start];
  for (let year = 1; addMonths(start, 12 * year) < end; year += 1) days.push(addMonths(start, 12 * year));
  return days;
}

/**
 * What comes back of the fees that are refunded when the offer, agreed as in `agreed`, is settled on `on`: of the months that the
 * last payment of the fee covers, the whole months that are left; rounded down.
 */
export function refundAt(terms: OfferTerms, agreed: Schedule, on: CalendarDate): bigint {
  const { start } = terms;
  const end = agreed.instalments[agreed.instalments.length - 1]?.due as CalendarDate;
  const refunded = feesDue(terms, 'upfront', 'yearly_in_advance').filter(({ refund }) => refund === 'unused_months');
  return refunded.reduce((sum, fee) => {
    const days = fee.due === 'yearly_in_advance' ? anniversaries(start, end).filter((day) => day < on) : [start];
    const from = days[days.length - 1] ?? start;
    const yearEnd = addMonths(from, 12);
    const until = fee.due === 'yearly_in_advance' && yearEnd < end ? yearEnd : end;
    const covered = wholeMonths(from, until);
    const left = wholeMonths(on, until);
    if (covered <= 0 || left <= 0) return sum;
    const rows = agreed.instalments.map(({ due, principal, balance }) => ({
      due: due as CalendarDate,
      owed: principal + balance,
    }));
    const owed = rows.find(({ due }) => due > from)?.owed ?? agreed.totals.principal;
    return sum + (feeAmount(terms, fee, owed, days.length - 1) * BigInt(left)) / BigInt(covered);
  }, 0n);
}

/** Whole months from one day to a later one; 0 when it is not later. */
function wholeMonths(from: CalendarDate, to: CalendarDate): number {
  let months = 0;
  while (addMonths(from, months + 1) <= to) months += 1;
  return months;
}
