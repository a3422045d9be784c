import { printAmount } from '#kernel';
import { balanceOf, type Totals } from '../domain/balance.calculation.js';
import { chartOfAccounts, type Purpose } from '../domain/chart-of-accounts.js';

export interface TrialBalanceLine {
  readonly purpose: Purpose;
  readonly class: string;
  /** Balance where it stands on the debit side, else zero; decimal. */
  readonly debit: string;
  readonly credit: string;
}

export interface CurrencyTrialBalance {
  readonly currency: string;
  readonly debit: string;
  readonly credit: string;
  /** Debits less credits: zero, or the books are broken. */
  readonly difference: string;
  readonly lines: readonly TrialBalanceLine[];
}

export interface TrialBalance {
  readonly balanced: boolean;
  readonly currencies: readonly CurrencyTrialBalance[];
}

/** Sums the totals of purposes up to a trial balance; a purpose's balance stands on the side that outweighs. */
export function sumUp(
  rows: readonly { readonly currency: string; readonly purpose: Purpose; readonly totals: Totals }[],
): TrialBalance {
  const codes = [...new Set(rows.map(({ currency }) => currency))];
  const sums = codes.map((currency) => {
    const print = (minor: bigint) => printAmount({ minor, currency });
    const own = rows.filter((row) => row.currency === currency);
    const net = own.map(({ purpose, totals }) => ({ purpose, minor: balanceOf('debit', totals) }));
    const debit = net.reduce((sum, { minor }) => (minor > 0n ? sum + minor : sum), 0n);
    const credit = net.reduce((sum, { minor }) => (minor < 0n ? sum - minor : sum), 0n);
    const lines = net.map(({ purpose, minor }) => ({
      purpose,
      class: chartOfAccounts[purpose].class,
      debit: print(minor > 0n ? minor : 0n),
      credit: print(minor < 0n ? -minor : 0n),
    }));
    return {
      difference: debit - credit,
      view: { currency, debit: print(debit), credit: print(credit), difference: print(debit - credit), lines },
    };
  });
  return {
    balanced: sums.every(({ difference }) => difference === 0n),
    currencies: sums.map(({ view }) => view),
  };
}
