import { Inject, Injectable } from '@nestjs/common';
import { addDays, addMonths, type CalendarDate } from '#kernel';
import { Ledger, schemeAccount } from '#ledger';
import { ENVIRONMENT, type Environment, newId, systemContext, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { begunMonths, earnedOf } from '../domain/fee.calculation.js';
import {
  type EarnedFee,
  type EarningDue,
  insertEarning,
  lockEarningsDue,
  schemeToEarn,
  writeEarned,
} from '../persistence/fee-earning.store.js';
import { Capacity } from './capacity.js';

const chunk = 500;

/**
 * Earns fees that were paid in advance: with each month that begins, its part goes from unearned to income. A chunk of fees of one scheme
 * is one transaction with one posting; where it stopped it goes on, and a month of a fee is earned once, whoever runs and how often.
 * Anything earned follows from charge, months and begun months alone. Locks fees, then the ledger.
 */
@Injectable()
export class EarnFees {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly capacity: Capacity,
    private readonly ledger: Ledger,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** One chunk of one scheme; answers how many fees earned something. */
  async work(): Promise<number> {
    return this.unitOfWork.run(systemContext('guarantee.earn_fees'), async (tx) =>
      this.within(tx, countryDate(this.environment.country, await tx.now())),
    );
  }

  /** The same as of a day. */
  async within(tx: Transaction, today: CalendarDate): Promise<number> {
    const scheme = await schemeToEarn(tx, today);
    const due = scheme ? await lockEarningsDue(tx, scheme.id, today, chunk) : [];
    if (!scheme || due.length === 0) return 0;
    const earned = due.map((fee) => ({ before: fee, after: earnedBy(fee, today) }));
    await writeEarned(
      tx,
      earned.map(({ after }) => after),
    );
    const amountMinor = earned.reduce((sum, { before, after }) => sum + after.earnedMinor - before.earnedMinor, 0n);
    if (amountMinor === 0n) return due.length;
    const id = newId();
    await insertEarning(
      tx,
      { id, schemeId: scheme.id, earnedOn: today, fees: due.length, amountMinor },
      await tx.now(),
    );
    await this.capacity.raiseBase(tx, scheme.id, amountMinor, id);
    tx.audit({
      action: 'guarantee_fee.earn',
      subjectType: 'guarantee_scheme',
      subjectId: scheme.id,
      data: { earningId: id, fees: due.length, amountMinor: amountMinor.toString(), day: today },
    });
    await this.ledger.post(tx, {
      reference: `guarantee.fee.earned:${id}`,
      description: `Months of ${due.length} guarantee fees earned until ${today}`,
      subject: { type: 'guarantee_scheme', id: scheme.id },
      postings: [
        {
          debit: schemeAccount(scheme.id, 'guarantee_fee_unearned'),
          credit: schemeAccount(scheme.id, 'guarantee_fee_income'),
          amount: amountMinor,
          currency: scheme.currency,
        },
      ],
    });
    return due.length;
  }
}

function earnedBy(
  { id, chargedMinor, earnMonths, earnFrom, earnedMonths }: EarningDue,
  today: CalendarDate,
): EarnedFee {
  const begun = Math.min(earnMonths, Math.max(earnedMonths, begunMonths(earnFrom, today)));
  return {
    id,
    earnedMinor: earnedOf(chargedMinor, earnMonths, begun),
    earnedMonths: begun,
    nextEarnOn: begun === earnMonths ? null : addDays(addMonths(earnFrom, begun), 1),
  };
}
