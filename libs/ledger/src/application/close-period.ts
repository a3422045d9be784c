import { Inject, Injectable } from '@nestjs/common';
import { type CommandContext, ENVIRONMENT, type Environment, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { parseDate } from '#kernel';
import { assertClosable, type Period } from '../domain/period.policy.js';
import { lockPeriod, type PeriodRecord, selectPeriods } from '../persistence/period.store.js';

/**
 * Closes a month of the books: waits for every posting that is on its way, writes the final balances, and lets
 * nothing in any more. Months are closed in their order, after their last day; a closed month stays closed.
 */
@Injectable()
export class ClosePeriod {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(
    context: CommandContext,
    period: Period,
  ): Promise<{ readonly period: Period; readonly state: 'closed'; readonly accounts: number }> {
    parseDate(`${period}-01`);
    return this.unitOfWork.run(context, async (tx) => {
      const locked = await lockPeriod(tx, period);
      if (locked.state === 'closed') return { period, state: 'closed', accounts: await this.kept(tx, period) };
      const now = await tx.now();
      const open = await tx.rows<PeriodRecord>(`${selectPeriods} WHERE state = 'open'`);
      assertClosable(
        period,
        countryDate(this.environment.country, now),
        open.map((each) => each.period),
      );
      const accounts = await writePeriodBalances(tx, period);
      await tx.execute("UPDATE ledger_period SET state = 'closed', closed_at = ?, closed_by = ? WHERE period = ?", [
        now,
        tx.context.actor.id,
        period,
      ]);
      tx.audit({
        action: 'ledger_period.close',
        subjectType: 'ledger_period',
        subjectId: locked.id,
        data: { period, accounts },
      });
      return { period, state: 'closed', accounts };
    });
  }

  private async kept(tx: Transaction, period: Period): Promise<number> {
    const [row] = await tx.rows<{ n: string }>('SELECT COUNT(*) AS n FROM ledger_period_balance WHERE period = ?', [
      period,
    ]);
    return Number(row?.n ?? 0);
  }
}

/** Balances at the end of the month: those of the closed month before, and what this month posted. */
async function writePeriodBalances(tx: Transaction, period: Period): Promise<number> {
  const [before] = await tx.rows<{ period: string | null }>(
    "SELECT MAX(period) AS period FROM ledger_period WHERE state = 'closed' AND period < ?",
    [period],
  );
  const month = [`${period}-01`, `${period}-31`];
  return tx.execute(
    `INSERT INTO ledger_period_balance (period, account_id, debits_posted, credits_posted)
     SELECT ?, account_id, SUM(debits), SUM(credits) FROM (
       SELECT account_id, debits_posted AS debits, credits_posted AS credits FROM ledger_period_balance WHERE period = ?
       UNION ALL SELECT debit_account_id, amount, 0 FROM ledger_posting WHERE phase = 'posted' AND book_date BETWEEN ? AND ?
       UNION ALL SELECT credit_account_id, 0, amount FROM ledger_posting WHERE phase = 'posted' AND book_date BETWEEN ? AND ?
     ) movements GROUP BY account_id`,
    [period, before?.period ?? '', ...month, ...month],
  );
}
