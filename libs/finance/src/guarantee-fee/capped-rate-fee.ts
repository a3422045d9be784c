import type { Exact } from '../exact-decimal.js';
import { type CappedRateBook, tierFor } from './guarantee-fee-book.js';
import { type GuaranteeFee, roundedDown, type Term, yearlyFee } from './guarantee-fee.js';

export interface CappedRateCase {
  /** One of the book's programmes. */
  readonly programme: string;
  readonly amount: Exact;
  readonly term: Term;
}

/**
 * The most that China's government financing guarantors may charge: the yearly cap for a client of this size ×
 * amount × term, rounded down to the fen so that the cap is never passed. Source: 国办发〔2019〕6号 and the notices
 * named in the book; an amount equal to a limit belongs to the lower tier.
 */
export function cappedRateFee(book: CappedRateBook, { programme, amount, term }: CappedRateCase): GuaranteeFee {
  const found = book.programmes.find(({ id }) => id === programme);
  if (!found) throw new RangeError(`no programme ${programme} in ${book.id}`);
  const { loanUpTo, rate } = tierFor(found.tiers, amount);
  const size = loanUpTo ? `at most ${loanUpTo.toFixed()} per client` : 'larger amounts';
  const fee = roundedDown(yearlyFee(amount, rate, term, book.daysPerYear), book.currency);
  const { id, version, currency } = book;
  return {
    fee,
    currency,
    steps: [{ clause: `${programme} cap, ${size}`, of: amount, rate, term, fee }],
    book: { id, version },
  };
}
