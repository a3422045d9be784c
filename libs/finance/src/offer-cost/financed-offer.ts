import type { CalendarDate } from '#kernel';
import { discountReceivable } from '../discounting/discount-receivable.js';
import { Exact } from '../exact-decimal.js';
import { ratioOfDecimal } from '../ratio.js';
import { repaymentSchedule } from '../schedule/repayment-schedule.js';
import type { Schedule, ScheduleEvent, ScheduleTerms } from '../schedule/terms.js';
import { feeAmount, feesDue, minorOf, modeOf } from './charges.js';
import type { DiscountOffer, InstalmentOffer, OfferTerms } from './terms.js';

/** An offer before fees that are paid: what is handed over, what is owed for it and when. */
export interface FinancedOffer {
  readonly paidOut: bigint;
  /** The amount that cost per unit refers to. */
  readonly financed: bigint;
  readonly schedule: Schedule;
}

export function financedOffer(terms: OfferTerms): FinancedOffer {
  if (terms.kind === 'discount') return discounted(terms);
  return { paidOut: terms.amount.minor, financed: terms.amount.minor, schedule: scheduleOf(terms) };
}

/** A discounted receivable as one instalment: the debtor pays what was financed, the discount is its interest. */
function discounted(terms: DiscountOffer): FinancedOffer {
  const { financed, discount, proceeds } = discountReceivable({
    face: terms.amount,
    paidOn: terms.start,
    maturity: terms.maturity,
    annualRate: terms.annualRate,
    rateIs: terms.rateIs,
    dayCount: terms.dayCount,
    rounding: modeOf(terms),
    ...(terms.holdback && { holdback: terms.holdback }),
  });
  const [principal, interest, total] = [proceeds.minor, discount.minor, financed.minor];
  return {
    paidOut: principal,
    financed: total,
    schedule: {
      instalments: [{ n: 1, due: terms.maturity, principal, interest, total, balance: 0n }],
      totals: { principal, interest, total },
    },
  };
}

/** The schedule of what is owed: the amount and the fees that are financed with it. */
export function scheduleOf(terms: InstalmentOffer, events: readonly ScheduleEvent[] = []): Schedule {
  return repaymentSchedule({ ...scheduleTerms(terms), ...(events.length > 0 && { events }) });
}

function scheduleTerms(terms: InstalmentOffer): ScheduleTerms {
  const { amount, start, firstDue, balloon, grace, instalmentRounding } = terms;
  const financed = feesDue(terms, 'financed').reduce((sum, fee) => sum + feeAmount(terms, fee, amount.minor), 0n);
  return {
    principal: amount.minor + financed,
    annualRate: ratioOfDecimal(new Exact(terms.annualRate), 100n),
    interest: terms.interest,
    amortization: terms.amortization,
    dayCount: terms.dayCount,
    start,
    periods: terms.periods,
    every: terms.every,
    rounding: { step: 1n, mode: modeOf(terms) },
    ...(firstDue && { firstDue }),
    ...(balloon && { balloon: minorOf(balloon, terms) }),
    ...(grace && { grace }),
    ...(instalmentRounding && {
      instalmentRounding: { step: minorOf(instalmentRounding.to, terms), mode: instalmentRounding.mode },
    }),
    ...(terms.kind === 'murabaha' && { profit: 'murabaha' }),
  };
}

export function lastDue({ instalments }: Schedule): CalendarDate {
  return instalments[instalments.length - 1]?.due as CalendarDate;
}
