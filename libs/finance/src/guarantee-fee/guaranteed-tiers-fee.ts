import { Exact } from '../exact-decimal.js';
import { tierFor, type TiersOfGuaranteedBook } from './guarantee-fee-book.js';
import {
  type FeeStep,
  type GuaranteeFee,
  guaranteeFeeError,
  roundedDown,
  roundedHalfUp,
  sumOfFees,
} from './guarantee-fee.js';

export interface GuaranteedTiersCase {
  /** One of the book's programmes. */
  readonly programme: string;
  readonly amount: Exact;
  readonly months: number;
}

/**
 * The upfront guaranty fee of the United States' 7(a) programme: the size of the loan chooses the tier, the rate is
 * taken of the guaranteed part; a loan of at most twelve months has a rate of its own. Rounded to the cent, halves up.
 * Refuses a loan above the programme's maximum. Source: the SBA's yearly fee notice, named in the book.
 */
export function guaranteedTiersFee(book: TiersOfGuaranteedBook, loan: GuaranteedTiersCase): GuaranteeFee {
  const programme = book.programmes.find(({ id }) => id === loan.programme);
  if (!programme) throw new RangeError(`no programme ${loan.programme} in ${book.id}`);
  const { currency } = book;
  if (loan.amount.gt(programme.maxLoan)) {
    throw guaranteeFeeError('guarantee_loan_above_maximum', {
      detail: `${loan.amount.toFixed()} is above the maximum loan of ${programme.maxLoan.toFixed()} ${currency} (${programme.id}).`,
      data: { maximum: programme.maxLoan.toFixed(), programme: programme.id },
    });
  }
  const { share } = tierFor(programme.coverage, loan.amount);
  const guaranteed = Exact.min(roundedDown(loan.amount.times(share), currency), book.maxGuaranteed);
  const steps = feeSteps(book, loan, guaranteed);
  return { fee: sumOfFees(steps), guaranteed, currency, steps, book: { id: book.id, version: book.version } };
}

function feeSteps(book: TiersOfGuaranteedBook, loan: GuaranteedTiersCase, guaranteed: Exact): FeeStep[] {
  const step = (clause: string, of: Exact, rate: Exact): FeeStep => {
    return { clause, of, rate, fee: roundedHalfUp(of.times(rate).div(100), book.currency) };
  };
  const { months, rate } = book.shortMaturity;
  if (loan.months <= months) return [step(`maturity of at most ${months} months`, guaranteed, rate)];
  const tier = tierFor(book.tiers, loan.amount);
  const clause = tier.loanUpTo ? `loan of at most ${tier.loanUpTo.toFixed()}` : 'largest loans';
  let reached = new Exact(0);
  const steps: FeeStep[] = [];
  for (const band of tier.bands) {
    const until = Exact.min(guaranteed, band.guaranteedUpTo ?? guaranteed);
    if (until.lte(reached)) break;
    const range = tier.bands.length === 1 ? '' : `, guaranteed part from ${reached.toFixed()} to ${until.toFixed()}`;
    steps.push(step(clause + range, until.minus(reached), band.rate));
    reached = until;
  }
  return steps;
}
