import { Injectable } from '@nestjs/common';
import { moneyFromJson, printAmount } from '#kernel';
import type { Transaction } from '#platform';
import { guaranteedPart } from '../domain/clauses.policy.js';
import { feeInputs, feeOf } from '../domain/fee.calculation.js';
import { ApplyForGuarantee, type LoanInput } from './apply-for-guarantee.js';
import { SchemeBook } from './scheme-book.js';

/** What a loan's guarantee will cost, payment by payment, as long as it is repaid as agreed. */
export interface ForecastFee {
  readonly schemeVersion: number;
  readonly table: string;
  readonly collection: 'upfront' | 'annual';
  /** Major units: the one fee at the start, or the fee of each year in advance. */
  readonly amounts: readonly string[];
  readonly refund: 'none' | 'unused_months';
}

/** Fees by the scheme's table on a loan's own schedule, for the market's comparison. The first is what an application quotes. */
@Injectable()
export class FeeForecast {
  constructor(
    private readonly book: SchemeBook,
    private readonly applications: ApplyForGuarantee,
  ) {}

  /** `owedByYear`: minor units owed at the start of each year. */
  async of(
    tx: Transaction,
    schemeId: string,
    loan: LoanInput & { readonly enterpriseId: string; readonly lenderId: string },
    owedByYear: readonly bigint[],
  ): Promise<ForecastFee> {
    const { terms, number } = await this.book.inForce(tx, schemeId);
    const { fee } = terms;
    const book = this.book.feeBook(fee.table, fee.bookVersion);
    const { enterprise } = await this.applications.facts(tx, loan.enterpriseId, loan.lenderId);
    const { minor: loanMinor, currency } = moneyFromJson(loan.amount);
    const years = fee.collection === 'annual' ? owedByYear : [loanMinor];
    const amounts = years.map((owed, year) => {
      const inputs = feeInputs(fee, book, {
        currency,
        loanMinor,
        guaranteedMinor: guaranteedPart(loanMinor, loan.coverPercent),
        guaranteedOutstandingMinor: guaranteedPart(owed, loan.coverPercent),
        months: loan.tenorMonths - 12 * year,
        graceMonths: loan.graceMonths,
        repayment: loan.repayment,
        grade: enterprise.grade,
        collateral: false,
      });
      return printAmount({ minor: feeOf(inputs, currency, this.book.calculate), currency });
    });
    return { schemeVersion: number, table: fee.table, collection: fee.collection, amounts, refund: fee.refund };
  }
}
