import { type Calculator, Exact, type GuaranteeFeeBook, type Repayment } from '#finance';
import { type CalendarDate, currencyDigits, dateParts, type Grade } from '#kernel';
import type { FeeInputs } from './guarantee.js';
import type { FeeRule } from './scheme-terms.js';
import { majorOf, minorOf } from './clauses.policy.js';

/** What a fee is asked for. Amounts are minor units. */
export interface FeeFacts {
  readonly currency: string;
  readonly loanMinor: bigint;
  readonly guaranteedMinor: bigint;
  /** Of the guaranteed balance; of a new guarantee all of it. */
  readonly guaranteedOutstandingMinor: bigint;
  readonly months: number;
  readonly graceMonths: number;
  readonly repayment: Repayment;
  readonly grade: Grade | null;
  readonly collateral: boolean;
}

/**
 * What the published table is to be asked with. A yearly fee asks for one year at most; the table's own way of reading a
 * term, grace or band stays its own.
 */
export function feeInputs(rule: FeeRule, book: GuaranteeFeeBook, facts: FeeFacts): FeeInputs {
  const base = {
    loan: facts.loanMinor,
    guaranteed: facts.guaranteedMinor,
    guaranteed_outstanding: facts.guaranteedOutstandingMinor,
  }[rule.base];
  const amount = majorOf(base, facts.currency).toFixed();
  const months = rule.collection === 'annual' ? Math.min(12, facts.months) : facts.months;
  const common = { table: rule.table, amount, months };
  const band = facts.grade === null ? undefined : rule.bands?.[facts.grade];
  const grace = rule.collection === 'upfront' && facts.repayment !== 'bullet' ? facts.graceMonths : 0;
  const fields = {
    band_rate_of_loan: {
      ...common,
      // Of one year's outstanding balance the published factor for instalments is not taken: the balance has fallen already.
      repayment: rule.base === 'guaranteed_outstanding' ? 'bullet' : facts.repayment,
      ...(band === undefined ? {} : { band }),
      ...(grace > 0 ? { graceMonths: grace } : {}),
      ...(facts.collateral ? { collateral: true } : {}),
    },
    tiers_of_guaranteed: { ...common, ...(rule.programme ? { programme: rule.programme } : {}) },
    capped_rate_of_loan: { ...common, ...(rule.programme ? { programme: rule.programme } : {}) },
  }[book.method];
  return {
    case: fields,
    book: { id: book.id, version: book.version },
    factorPercent: rule.factorPercent.toFixed(),
    rounding: rule.rounding,
  };
}

/**
 * The fee in minor units, from stored inputs alone: the same inputs and the same version of the book give the same fee to the
 * unit. The scheme's factor is taken of the published fee and rounded by the scheme's rule.
 */
export function feeOf(inputs: FeeInputs, currency: string, calculate: Calculator): bigint {
  const { fee } = calculate(inputs.case) as { readonly fee: string };
  const share = new Exact(fee).times(inputs.factorPercent).div(100);
  const mode = inputs.rounding === 'down' ? Exact.ROUND_DOWN : Exact.ROUND_HALF_UP;
  return minorOf(share.toDecimalPlaces(currencyDigits(currency), mode), currency);
}

/** Begun months from one day to another: the day after the first begins one. */
export function begunMonths(from: CalendarDate, to: CalendarDate): number {
  const [first, last] = [dateParts(from), dateParts(to)];
  const months = (last.year - first.year) * 12 + last.month - first.month;
  return last.day > first.day ? months + 1 : months;
}

/** What comes back of a fee when the loan is repaid after `usedMonths` of the `months` that it paid for, rounded down. */
export function refundOf(
  rule: Pick<FeeRule, 'refund'>,
  chargedMinor: bigint,
  months: number,
  usedMonths: number,
): bigint {
  if (rule.refund === 'none' || usedMonths >= months) return 0n;
  const unused = BigInt(months - Math.max(0, usedMonths));
  return (chargedMinor * unused) / BigInt(months);
}

/**
 * What a fee for `months` has earned when `usedMonths` of them have begun: all that would not come back. So what is unearned at an early
 * end is the refund, to the unit.
 */
export function earnedOf(chargedMinor: bigint, months: number, usedMonths: number): bigint {
  return chargedMinor - refundOf({ refund: 'unused_months' }, chargedMinor, months, usedMonths);
}
