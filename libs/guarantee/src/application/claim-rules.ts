import { Inject, Injectable } from '@nestjs/common';
import { moneyToJson } from '#kernel';
import { ENVIRONMENT, type Environment, idBytes, type Transaction } from '#platform';
import { ruleBooks } from '#platform/rulebooks';
import { claimAmount, type ClaimAmount } from '../domain/claim-amount.policy.js';
import { claimTerms, type ClaimTerms } from '../domain/claim-clauses.js';
import { claimError } from '../domain/claim-errors.js';
import type { ComputedClaim } from '../domain/claim.js';
import { readRiskBook, type RiskBook } from '../domain/risk-book.js';
import { ppmOfPercent } from '../domain/share.js';
import type { GuaranteeClaim } from '../persistence/claim.entities.js';
import { type Guarantee, PortfolioAgreement } from '../persistence/entities.js';
import { SchemeBook } from './scheme-book.js';

/** A clause that may be cited in a decision. */
interface CitableClause {
  readonly id: string;
  readonly kind: string;
}

export interface VersionClauses {
  readonly terms: ClaimTerms;
  readonly citable: readonly CitableClause[];
}

let books: ReadonlyMap<string, RiskBook> | undefined;

/** What the terms of a guarantee's version and the country's rule book say about its claim. */
@Injectable()
export class ClaimRules {
  constructor(
    private readonly schemes: SchemeBook,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The country's book of guarantee risk. */
  get book(): RiskBook {
    books ??= ruleBooks('guarantee-risk', readRiskBook);
    const book = books.get(this.environment.country);
    if (!book) throw new Error(`no book of guarantee risk is filed for ${this.environment.country}`);
    return book;
  }

  get country(): string {
    return this.environment.country;
  }

  /** The clauses of the version that the guarantee was made under. */
  async clausesOf(tx: Transaction, { schemeId, schemeVersion }: Guarantee): Promise<VersionClauses> {
    const { clauses, claims } = await this.schemes.terms(tx, schemeId, schemeVersion);
    return {
      terms: claimTerms(claims, this.book.claims),
      citable: [...clauses, ...claims, ...this.book.claims].map(({ id, kind }) => ({ id, kind })),
    };
  }

  /** What the claim is worth now; takes the portfolio agreement's row where there is one. */
  async amountOf(
    tx: Transaction,
    claim: Pick<
      GuaranteeClaim,
      | 'principalDefaultMinor'
      | 'principalClaimMinor'
      | 'interestMinor'
      | 'interestRatePpm'
      | 'costsMinor'
      | 'coverPercent'
    >,
    guarantee: Guarantee,
  ): Promise<{ amount: ClaimAmount; computed: ComputedClaim; clauses: VersionClauses }> {
    const clauses = await this.clausesOf(tx, guarantee);
    const { extras, triggerClause } = clauses.terms;
    const facts = {
      cover: ppmOfPercent(claim.coverPercent),
      principalAtDefaultMinor: claim.principalDefaultMinor,
      principalAtClaimMinor: claim.principalClaimMinor,
      guaranteedBalanceMinor: guarantee.balanceMinor,
      portfolioCapLeftMinor: await this.portfolioCapLeft(tx, guarantee),
      interestMinor: claim.interestMinor,
      interestRate: BigInt(claim.interestRatePpm),
      costsMinor: claim.costsMinor,
    };
    const amount = claimAmount(facts, extras);
    const { id, version } = this.book;
    const computed: ComputedClaim = {
      book: { id, version },
      schemeVersion: guarantee.schemeVersion,
      inputs: {
        cover: facts.cover.toString(),
        principalAtDefault: facts.principalAtDefaultMinor.toString(),
        principalAtClaim: facts.principalAtClaimMinor.toString(),
        guaranteedBalance: facts.guaranteedBalanceMinor.toString(),
        portfolioCapLeft: facts.portfolioCapLeftMinor?.toString() ?? null,
        interest: facts.interestMinor.toString(),
        interestRate: facts.interestRate.toString(),
        costs: facts.costsMinor.toString(),
        ...extras,
      },
      base: amount.baseMinor.toString(),
      principal: amount.principalMinor.toString(),
      interestPaid: amount.interestMinor.toString(),
      costsPaid: amount.costsMinor.toString(),
      boundBy: amount.boundBy,
      triggerClause,
    };
    return { amount, computed, clauses };
  }

  private async portfolioCapLeft(tx: Transaction, { agreementId }: Guarantee): Promise<bigint | null> {
    if (agreementId === null) return null;
    await tx.rows('SELECT id FROM portfolio_agreement WHERE id = ? FOR UPDATE', [idBytes(agreementId)]);
    const { lossCapMinor, lossesMinor } = await tx.manager.findOneByOrFail(PortfolioAgreement, { id: agreementId });
    return lossCapMinor - lossesMinor;
  }
}

/** Refuses a citation of nothing, or of a clause that is not in the terms. */
export function assertCitable(cited: readonly string[], { citable }: VersionClauses): void {
  const known = new Set(citable.map(({ id }) => id));
  const unknown = cited.findIndex((id) => !known.has(id));
  if (cited.length > 0 && unknown === -1) return;
  throw claimError('claim_clauses_needed', {
    fields: [
      { pointer: unknown === -1 ? '/clauses' : `/clauses/${unknown}`, rule: 'clause', message: 'name a clause' },
    ],
    data: { clauses: [...known] },
  });
}

/** The amounts of a computed claim in major units, for views. */
export function printedComputation(
  { base, principal, interestPaid, costsPaid, boundBy, triggerClause, inputs }: ComputedClaim,
  currency: string,
) {
  const money = (minor: string) => moneyToJson({ minor: BigInt(minor), currency });
  return {
    base: money(base),
    principal: money(principal),
    interest: money(interestPaid),
    costs: money(costsPaid),
    boundBy,
    triggerClause,
    interestClause: inputs.interestClause,
    costsClause: inputs.costsClause,
    guaranteedBalance: money(inputs.guaranteedBalance),
    portfolioCapLeft: inputs.portfolioCapLeft === null ? null : money(inputs.portfolioCapLeft),
  };
}
