import { Exact } from '../exact-decimal.js';
import type { BandRateBook } from './guarantee-fee-book.js';
import {
  type FeeStep,
  type GuaranteeFee,
  type Repayment,
  roundedDown,
  sumOfFees,
  type Term,
  yearlyFee,
} from './guarantee-fee.js';

/** A part of the loan that is repaid in one way. */
export interface LoanPart {
  readonly amount: Exact;
  readonly term: Term;
  readonly repayment: Repayment;
}

export interface BandRateCase {
  readonly table: string;
  /** The credit band, 1 (weakest) to 9; absent where there are no financial statements. */
  readonly band: number | undefined;
  readonly collateral: boolean;
  readonly parts: readonly LoanPart[];
}

/**
 * The fee of Japan's Credit Guarantee Corporations: loan × rate of the band × months / 12 (fixed days: days / 365) ×
 * the factor for the number of instalments. Each part is rounded down to the yen before the parts are added.
 * Source: the corporations' published tables and worked examples, named in the book.
 */
export function bandRateFee(book: BandRateBook, loan: BandRateCase): GuaranteeFee {
  const table = book.tables.find(({ id }) => id === loan.table);
  const band = loan.band ?? book.bandWithoutStatements;
  const published = table?.ratesByBand[band - 1];
  if (!table || !published) throw new RangeError(`no band ${band} in table ${loan.table}`);
  const rate = loan.collateral ? Exact.max(0, published.minus(book.collateralDiscount)) : published;
  const discount = loan.collateral ? `, less ${book.collateralDiscount.toFixed()} for collateral` : '';
  const clause = `${table.clause}, band ${band}${loan.band === undefined ? ' (no statements)' : ''}${discount}`;
  const steps = loan.parts.map((part) => partStep(book, part, rate, clause));
  const { id, version, currency } = book;
  return { fee: sumOfFees(steps), currency, steps, book: { id, version } };
}

/** A loan with months of grace: the grace months count as a bullet, the rest as instalments. */
export function partsWithGrace(amount: Exact, months: number, graceMonths: number, repayment: Repayment): LoanPart[] {
  const grace: LoanPart[] = graceMonths > 0 ? [{ amount, term: { months: graceMonths }, repayment: 'bullet' }] : [];
  return [...grace, { amount, term: { months: months - graceMonths }, repayment }];
}

function partStep(book: BandRateBook, { amount, term, repayment }: LoanPart, rate: Exact, clause: string): FeeStep {
  const factor =
    repayment === 'bullet' || !('months' in term) ? new Exact(1) : instalmentFactor(book, term.months, repayment);
  const fee = yearlyFee(amount.times(factor), rate, term, book.daysPerYear);
  return { clause, of: amount, rate, term, factor, fee: roundedDown(fee, book.currency) };
}

/** By the number of monthly instalments; a single one is a bullet. */
function instalmentFactor(book: BandRateBook, instalments: number, repayment: Exclude<Repayment, 'bullet'>): Exact {
  const row = book.instalmentFactors.find(({ from, to }) => instalments >= from && instalments <= to);
  return row ? row[repayment === 'instalments' ? 'equal' : 'unequal'] : new Exact(1);
}
