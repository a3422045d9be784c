import { divideRounded } from '#finance';
import { least, type Ppm, portionOf } from './share.js';

/** What a scheme's clauses let a claim hold besides principal. */
export interface ClaimExtras {
  /** Days of accrued interest that are paid at most; 0 where no clause grants interest. */
  readonly interestDays: number;
  /** The clause that grants the interest, cited in the decision. */
  readonly interestClause: string | null;
  /** The clause that grants costs of collection. */
  readonly costsClause: string | null;
}

export interface ClaimFacts {
  /** Share of the principal that is guaranteed. */
  readonly cover: Ppm;
  readonly principalAtDefaultMinor: bigint;
  readonly principalAtClaimMinor: bigint;
  /** What the certificate still guarantees of principal. */
  readonly guaranteedBalanceMinor: bigint;
  /** What the portfolio agreement may still pay; null outside a portfolio. */
  readonly portfolioCapLeftMinor: bigint | null;
  /** Interest that the lender claims, and the contract's yearly rate by which it is bounded. */
  readonly interestMinor: bigint;
  readonly interestRate: Ppm;
  readonly costsMinor: bigint;
}

export type ClaimBound = 'cover_of_principal' | 'guaranteed_balance' | 'portfolio_cap';

export interface ClaimAmount {
  /** min(principal at default, principal at claim). */
  readonly baseMinor: bigint;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly costsMinor: bigint;
  readonly totalMinor: bigint;
  /** Which of the three bounds decided the principal. */
  readonly boundBy: ClaimBound;
}

/**
 * What a claim is worth in minor units: min(cover × min(principal at default, at claim), guaranteed balance, portfolio cap left).
 * Interest and costs are added only by a clause, at the same cover, interest for at most the clause's days, and never beyond the
 * portfolio's cap. Every part is rounded down: the guarantor never bears more than its share.
 */
export function claimAmount(facts: ClaimFacts, extras: ClaimExtras): ClaimAmount {
  const baseMinor = least(facts.principalAtDefaultMinor, facts.principalAtClaimMinor);
  const covered = portionOf(baseMinor, facts.cover, 'down');
  const cap = facts.portfolioCapLeftMinor;
  const principalMinor = least(covered, facts.guaranteedBalanceMinor, ...(cap === null ? [] : [cap]));
  const boundBy =
    principalMinor === covered
      ? 'cover_of_principal'
      : principalMinor === facts.guaranteedBalanceMinor
        ? 'guaranteed_balance'
        : 'portfolio_cap';
  const left = (taken: bigint) => (cap === null ? undefined : cap - taken);
  const interestMinor = within(portionOf(grantedInterest(facts, extras), facts.cover, 'down'), left(principalMinor));
  const costs = extras.costsClause === null ? 0n : portionOf(facts.costsMinor, facts.cover, 'down');
  const costsMinor = within(costs, left(principalMinor + interestMinor));
  return {
    baseMinor,
    principalMinor,
    interestMinor,
    costsMinor,
    totalMinor: principalMinor + interestMinor + costsMinor,
    boundBy,
  };
}

/** The claimed interest, at most what the contract's rate gives on the base for the clause's days (days of 365). */
function grantedInterest(facts: ClaimFacts, { interestDays, interestClause }: ClaimExtras): bigint {
  if (interestClause === null || interestDays === 0) return 0n;
  const base = least(facts.principalAtDefaultMinor, facts.principalAtClaimMinor);
  const most = divideRounded(base * facts.interestRate * BigInt(interestDays), 365n * 1_000_000n, 'down');
  return least(facts.interestMinor, most);
}

function within(amount: bigint, bound: bigint | undefined): bigint {
  return bound === undefined ? amount : least(amount, bound);
}
