import { Exact } from '#finance';
import { currencyDigits, grades } from '#kernel';
import type { ApplicationFacts, GuaranteedLoan } from './guarantee.js';
import type { Clause, ClauseCondition, ClauseText } from './scheme-terms.js';

/** A clause that is not met, in the words of the mandate, with what was found. */
export interface BrokenClause {
  readonly id: string;
  readonly kind: string;
  readonly text: ClauseText;
  readonly found: string;
}

/** Minor units as an exact amount in major units. */
export function majorOf(minor: bigint, currency: string): Exact {
  return new Exact(minor.toString()).div(new Exact(10).pow(currencyDigits(currency)));
}

/** An amount in major units as minor units, rounded down. */
export function minorOf(major: Exact, currency: string): bigint {
  return BigInt(major.times(new Exact(10).pow(currencyDigits(currency))).toFixed(0, Exact.ROUND_DOWN));
}

/** The guaranteed part of a loan: its cover, rounded down to the smallest unit, so that the lender retains the rest. */
export function guaranteedPart(loanMinor: bigint, coverPercent: string): bigint {
  return BigInt(new Exact(loanMinor.toString()).times(coverPercent).div(100).toFixed(0, Exact.ROUND_DOWN));
}

/** Every clause but the caps, which depend on what else the scheme has promised. Empty: the loan may be guaranteed. */
export function brokenClauses(
  clauses: readonly Clause[],
  loan: GuaranteedLoan,
  facts: ApplicationFacts,
): readonly BrokenClause[] {
  return clauses.flatMap((clause) => {
    const found = finding(clause, loan, facts, clauses);
    return found === undefined ? [] : [{ id: clause.id, kind: clause.kind, text: clause.text, found }];
  });
}

/** The highest cover that the mandate allows for this loan, over all guarantors together; the first fitting clause counts. */
export function maximumCover(
  clauses: readonly Clause[],
  loan: Pick<GuaranteedLoan, 'loanMinor' | 'currency'>,
  facts: ApplicationFacts,
): { readonly id: string; readonly percent: Exact } | undefined {
  for (const clause of clauses)
    if (clause.kind === 'maximum_cover' && fits(clause.when, loan, facts))
      return { id: clause.id, percent: clause.percent };
  return undefined;
}

function fits(
  when: ClauseCondition | undefined,
  { loanMinor, currency }: Pick<GuaranteedLoan, 'loanMinor' | 'currency'>,
  { enterprise }: ApplicationFacts,
): boolean {
  if (!when) return true;
  if (when.sizeClasses && !when.sizeClasses.includes(enterprise.sizeClass ?? '')) return false;
  if (when.sectors && !when.sectors.includes(enterprise.sector ?? '')) return false;
  if (when.womenLed !== undefined && when.womenLed !== enterprise.womenLed) return false;
  return when.loanUpTo === undefined || majorOf(loanMinor, currency).lte(when.loanUpTo);
}

/** What was found where the clause is not met; undefined where it is. */
function finding(
  clause: Clause,
  loan: GuaranteedLoan,
  facts: ApplicationFacts,
  clauses: readonly Clause[],
): string | undefined {
  const { enterprise } = facts;
  const amount = majorOf(loan.loanMinor, loan.currency);
  const among = (allowed: readonly string[], value: string | null): string | undefined =>
    value !== null && allowed.includes(value) ? undefined : (value ?? 'not known');
  switch (clause.kind) {
    case 'enterprise_sizes':
      return among(clause.sizeClasses, enterprise.sizeClass);
    case 'enterprise_sectors': {
      const { sector } = enterprise;
      if (sector === null) return 'not known';
      return clause.sectors.includes(sector) === clause.excluded ? sector : undefined;
    }
    case 'enterprise_regions':
      return among(clause.regions, enterprise.region);
    case 'enterprise_ages':
      return among(clause.ageBands, enterprise.ageBand);
    case 'enterprise_grade': {
      if (enterprise.grade === null) return clause.unrated ? undefined : 'unrated';
      const order = grades as readonly string[];
      return order.indexOf(enterprise.grade) <= order.indexOf(clause.floor) ? undefined : enterprise.grade;
    }
    case 'enterprise_verified':
      return enterprise.verified ? undefined : 'not verified';
    case 'lender_kinds':
      return among(clause.kinds, facts.lenderKind);
    case 'products':
      return among(clause.productKinds, loan.productKind);
    case 'tenor':
      return loan.tenorMonths >= clause.minMonths && loan.tenorMonths <= clause.maxMonths
        ? undefined
        : `${loan.tenorMonths} months`;
    case 'loan_amount':
      return amount.gte(clause.min) && amount.lte(clause.max) ? undefined : amount.toFixed();
    case 'guarantee_amount': {
      const part = majorOf(guaranteedPart(loan.loanMinor, loan.coverPercent), loan.currency);
      return part.lte(clause.max) ? undefined : part.toFixed();
    }
    case 'maximum_cover': {
      // Several clauses of this kind are alternatives: only the first that fits the loan speaks.
      const allowed = maximumCover(clauses, loan, facts);
      if (allowed && allowed.id !== clause.id) return undefined;
      if (!allowed)
        return clauses.find((each) => each.kind === 'maximum_cover') === clause ? 'no cover fits' : undefined;
      const all = new Exact(loan.coverPercent).plus(loan.otherCoverPercent);
      return all.lte(allowed.percent) ? undefined : `${all.toFixed()} % over all guarantors`;
    }
    case 'retained_share': {
      const retained = new Exact(100).minus(loan.coverPercent).minus(loan.otherCoverPercent);
      return retained.gte(clause.minPercent) ? undefined : `${retained.toFixed()} % retained`;
    }
    case 'retained_without_collateral':
      return loan.retainedCollateral ? 'separate collateral for the retained part' : undefined;
    case 'cap':
      return undefined;
  }
}
