import type { Repayment } from '#finance';
import type { AgeBand, Grade, ProductKind, Sector, SizeClass } from '#kernel';

/** What was known of enterprise and lender when the application was made; kept with it, so that the decision can be replayed. */
export interface ApplicationFacts {
  readonly enterprise: {
    readonly sector: Sector | null;
    readonly region: string | null;
    readonly sizeClass: SizeClass | null;
    readonly ageBand: AgeBand | null;
    readonly grade: Grade | null;
    readonly womenLed: boolean;
    readonly verified: boolean;
    readonly profileVersion: number;
  };
  readonly lenderKind: string;
}

/** The loan that is to be guaranteed. Amounts are minor units of `currency`, percents decimals such as "80.00". */
export interface GuaranteedLoan {
  readonly currency: string;
  readonly loanMinor: bigint;
  readonly coverPercent: string;
  /** What other guarantors cover of the same loan: the maximum counts over all of them together. */
  readonly otherCoverPercent: string;
  readonly productKind: ProductKind;
  readonly tenorMonths: number;
  readonly graceMonths: number;
  readonly repayment: Repayment;
  /** The lender holds collateral for the part that it retains alone; the mandate may forbid it. */
  readonly retainedCollateral: boolean;
}

/** What a published table was asked with: JSON as `calc guarantee-fee` reads it, and the rule of the scheme around it. */
export interface FeeInputs {
  readonly case: Readonly<Record<string, string | number | boolean>>;
  readonly book: { readonly id: string; readonly version: string };
  readonly factorPercent: string;
  readonly rounding: 'down' | 'half_up';
}

/** A fee as it is quoted: major units as decimal text. */
export interface QuotedFee {
  readonly inputs: FeeInputs;
  readonly amount: string;
  readonly currency: string;
  readonly collection: 'upfront' | 'annual';
}
