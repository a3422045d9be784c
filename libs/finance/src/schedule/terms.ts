import type { CalendarDate } from '#kernel';
import type { DayCount } from '../day-count/day-count.js';
import type { Ratio } from '../ratio.js';
import type { Rounding } from '../rounding.js';

export const interestMethods = ['declining', 'flat'] as const;
export type InterestMethod = (typeof interestMethods)[number];

export const amortizations = ['equal_instalments', 'equal_principal', 'bullet', 'balloon'] as const;
export type Amortization = (typeof amortizations)[number];

export const periodUnits = ['day', 'week', 'month'] as const;
export interface Every {
  readonly count: number;
  readonly unit: (typeof periodUnits)[number];
}

/** When instalments fall due and which part of a year each period counts. */
export interface PeriodTerms {
  readonly dayCount: DayCount | 'equal_periods';
  /** Disbursement. Without it the instalments have numbers only. */
  readonly start?: CalendarDate;
  /** First due date when it is not one period after the start. */
  readonly firstDue?: CalendarDate;
  /** Every due date, when they follow no rule. */
  readonly dueDates?: readonly CalendarDate[];
  readonly periods?: number;
  readonly every: Every;
  /**
   * How an odd first period counts: whole periods backwards from the first due date, the days left over
   * as a part of the period they fall in (`period_days`) or over 365 (`365`).
   */
  readonly stub?: 'period_days' | '365';
}

/** Instalments at the beginning that pay no principal, or no interest; counted within the periods. */
export interface Grace {
  readonly principal: number;
  readonly interest: number;
  /** `waived`: never owed. `deferred`: owed with the first instalment after the grace, without interest on it. */
  readonly interestIs: 'waived' | 'deferred';
}

export type ScheduleEvent =
  | {
      readonly kind: 'repayment';
      readonly on: CalendarDate;
      readonly amount: bigint;
      /**
       * With it: an early repayment beside instalments that are paid when due; afterwards there are fewer
       * instalments or smaller ones. Without it: money as it really came in. Instalments due before the last
       * such payment are paid by these payments only, so that they can be late, in part or in advance.
       */
      readonly then?: 'fewer' | 'smaller';
    }
  | {
      readonly kind: 'rate_change';
      readonly on: CalendarDate;
      readonly annualRate: Ratio;
      /** `fewer` keeps the instalment; otherwise it is computed anew over the periods that remain. */
      readonly then?: 'fewer' | 'smaller';
    }
  | { readonly kind: 'payoff'; readonly on: CalendarDate };

/** What a repayment schedule is computed from. Amounts are in minor units of one currency. */
export interface ScheduleTerms extends PeriodTerms {
  readonly principal: bigint;
  /** A fraction a year: 6 % is 6/100. */
  readonly annualRate: Ratio;
  readonly interest: InterestMethod;
  readonly amortization: Amortization;
  /** The part of the principal that falls due on top of the last equal instalment. */
  readonly balloon?: bigint;
  /** The agreed instalment (with `equal_principal`: the principal part of it) when it is not to be computed. */
  readonly instalment?: bigint;
  /** How interest, and an instalment without a rounding of its own, is rounded. */
  readonly rounding: Rounding;
  readonly instalmentRounding?: Rounding;
  /** `exact`: the balance is carried unrounded and each figure is rounded where it is shown. */
  readonly carry?: 'rounded' | 'exact';
  readonly grace?: Grace;
  readonly events?: readonly ScheduleEvent[];
  /** `murabaha`: the interest computed at the start is the profit of a sale and changes no more. */
  readonly profit?: 'murabaha';
}

export interface Instalment {
  readonly n: number;
  readonly due: CalendarDate | undefined;
  readonly principal: bigint;
  readonly interest: bigint;
  readonly total: bigint;
  /** Principal still to be paid after this instalment. */
  readonly balance: bigint;
}

export interface Schedule {
  readonly instalments: readonly Instalment[];
  readonly totals: { readonly principal: bigint; readonly interest: bigint; readonly total: bigint };
}

/** The longest schedule that is computed: daily instalments over thirteen years. */
export const maxInstalments = 5000;
