import { Inject, Injectable } from '@nestjs/common';
import { addDays, addMonths, type CalendarDate, moneyToJson, printAmount } from '#kernel';
import { Ledger } from '#ledger';
import { notify } from '#notices';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  idBytes,
  idText,
  isDuplicateKey,
  newId,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { begunMonths, feeInputs, feeOf } from '../domain/fee.calculation.js';
import { GuaranteeFeeRun } from '../persistence/entities.js';
import { type FeeDue, insertFees, lockFeesDue, moveFeeDays, type NewFee } from '../persistence/fee.store.js';
import { Capacity } from './capacity.js';
import { billing, earnMonthsOf } from './fees.js';
import { SchemeBook } from './scheme-book.js';

const chunk = 1000;

/**
 * Bills the yearly fees that are due: a run a scheme and day, in chunks of one transaction each. A run that was stopped goes on
 * where it was; a guarantee is billed once a year, whoever runs and how often.
 */
@Injectable()
export class RunAnnualFees {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly capacity: Capacity,
    private readonly ledger: Ledger,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Starts a run for fees due until a day, today at the latest; the worker does it. */
  async start(context: CommandContext, schemeId: string, dueUntil: CalendarDate) {
    return this.unitOfWork.run(context, async (tx) => {
      await this.book.lockOwn(tx, schemeId);
      const today = countryDate(this.environment.country, await tx.now());
      return feeRunView(await this.insert(tx, schemeId, dueUntil < today ? dueUntil : today), '');
    });
  }

  /** One chunk of one run; starts today's run of a scheme that has fees due. Answers how many were billed. */
  async work(): Promise<number> {
    const context = systemContext('guarantee.fee_run');
    const run = await this.unitOfWork.run(context, async (tx) => (await this.running(tx)) ?? this.startDue(tx));
    return run ? this.unitOfWork.run(context, (tx) => this.bill(tx, run)) : 0;
  }

  private async running(tx: Transaction): Promise<GuaranteeFeeRun | undefined> {
    const found = await tx.manager.findOne(GuaranteeFeeRun, { where: { status: 'running' }, order: { id: 'ASC' } });
    return found ?? undefined;
  }

  private async startDue(tx: Transaction): Promise<GuaranteeFeeRun | undefined> {
    const today = countryDate(this.environment.country, await tx.now());
    const [due] = await tx.rows<{ id: Buffer }>(
      `SELECT s.id FROM guarantee_scheme s WHERE EXISTS (
         SELECT 1 FROM guarantee g WHERE g.scheme_id = s.id AND g.state = 'in_force' AND g.next_fee_on <= ?)
       AND NOT EXISTS (SELECT 1 FROM guarantee_fee_run r WHERE r.scheme_id = s.id AND r.due_until = ?) LIMIT 1`,
      [today, today],
    );
    return due && this.insert(tx, idText(due.id), today);
  }

  private async insert(tx: Transaction, schemeId: string, dueUntil: string): Promise<GuaranteeFeeRun> {
    const run: GuaranteeFeeRun = {
      id: newId(),
      schemeId,
      dueUntil,
      status: 'running',
      billed: 0,
      chargedMinor: 0n,
      startedBy: tx.context.actor.id,
      startedAt: await tx.now(),
      finishedAt: null,
    };
    await tx.manager.insert(GuaranteeFeeRun, run).catch((error: unknown) => {
      throw isDuplicateKey(error) ? guaranteeError('fee_run_exists') : error;
    });
    tx.audit({
      action: 'guarantee_fee_run.start',
      subjectType: 'guarantee_fee_run',
      subjectId: run.id,
      data: { schemeId, dueUntil },
    });
    return run;
  }

  /** Bills up to a chunk and moves each guarantee to its next year; with nothing left the run is done. */
  private async bill(tx: Transaction, { id: runId, schemeId, dueUntil }: GuaranteeFeeRun): Promise<number> {
    const due = await lockFeesDue(tx, schemeId, dueUntil, chunk);
    const now = await tx.now();
    if (due.length === 0) {
      await this.finish(tx, runId, schemeId, now);
      return 0;
    }
    const fees: NewFee[] = [];
    for (const each of due) fees.push(await this.fee(tx, each, now));
    await insertFees(tx, fees, now);
    await moveFeeDays(
      tx,
      due.map((each) => ({ id: each.id, nextFeeOn: nextAfter(each) })),
      now,
    );
    const charged = fees.reduce((sum, { chargedMinor }) => sum + chargedMinor, 0n);
    const earned = fees.reduce(
      (sum, { earnMonths, chargedMinor }) => (earnMonths === null ? sum + chargedMinor : sum),
      0n,
    );
    await tx.execute(
      'UPDATE guarantee_fee_run SET billed = billed + ?, charged_minor = charged_minor + ? WHERE id = ?',
      [fees.length, charged.toString(), idBytes(runId)],
    );
    await this.capacity.raiseBase(tx, schemeId, earned, runId);
    tx.audit({
      action: 'guarantee_fee_run.bill',
      subjectType: 'guarantee_fee_run',
      subjectId: runId,
      data: { fees: fees.length, chargedMinor: charged.toString(), first: fees[0]?.id, last: fees.at(-1)?.id },
    });
    await this.ledger.postAll(
      tx,
      fees.filter(({ chargedMinor }) => chargedMinor > 0n).map((fee) => billing(fee)),
    );
    return due.length;
  }

  private async fee(tx: Transaction, due: FeeDue, now: Date): Promise<NewFee> {
    const terms = await this.book.terms(tx, due.schemeId, due.schemeVersion);
    const book = this.book.feeBook(terms.fee.table);
    const inputs = feeInputs(terms.fee, book, {
      currency: due.currency,
      loanMinor: due.outstandingMinor,
      guaranteedMinor: due.guaranteedMinor,
      guaranteedOutstandingMinor: due.balanceMinor,
      months: Math.max(1, begunMonths(due.nextFeeOn, due.endsOn)),
      graceMonths: 0,
      repayment: 'bullet',
      grade: due.grade,
      collateral: false,
    });
    const minor = due.balanceMinor === 0n ? 0n : feeOf(inputs, due.currency, this.book.calculate);
    return {
      id: newId(),
      guaranteeId: due.id,
      schemeId: due.schemeId,
      lenderId: due.lenderId,
      year: Math.round(begunMonths(due.disbursedOn, due.nextFeeOn) / 12) + 1,
      currency: due.currency,
      inputs,
      publishedMinor: minor,
      chargedMinor: minor,
      earnMonths: earnMonthsOf(terms.fee, inputs),
      dueOn: addDays(countryDate(this.environment.country, now), terms.feeDays),
    };
  }

  private async finish(tx: Transaction, runId: string, schemeId: string, now: Date): Promise<void> {
    const done = await tx.execute(
      "UPDATE guarantee_fee_run SET status = 'done', finished_at = ? WHERE id = ? AND status = 'running'",
      [now, idBytes(runId)],
    );
    if (done === 0) return;
    const run = await tx.manager.findOneByOrFail(GuaranteeFeeRun, { id: runId });
    const lenders = await tx.rows<{ lender_id: Buffer; currency: string; n: string; sum: string; due: string }>(
      `SELECT lender_id, currency, COUNT(*) AS n, SUM(charged_minor) AS sum, MAX(due_on) AS due FROM guarantee_fee
       WHERE scheme_id = ? AND status = 'billed' AND year > 1 AND billed_at >= ? GROUP BY lender_id, currency`,
      [idBytes(schemeId), run.startedAt],
    );
    for (const { lender_id, currency, n, sum, due } of lenders)
      notify(tx, {
        organisationId: idText(lender_id),
        template: 'guarantee_fee_due',
        parameters: { count: n, amount: `${printAmount({ minor: BigInt(sum), currency })} ${currency}`, due },
        link: '/guarantees/fees',
      });
    tx.audit({
      action: 'guarantee_fee_run.finish',
      subjectType: 'guarantee_fee_run',
      subjectId: runId,
      data: { billed: run.billed, chargedMinor: run.chargedMinor.toString() },
    });
  }
}

function nextAfter({ nextFeeOn, endsOn }: FeeDue): string | null {
  const next = addMonths(nextFeeOn, 12);
  return next < endsOn ? next : null;
}

export function feeRunView(run: GuaranteeFeeRun, currency: string) {
  return {
    id: run.id,
    schemeId: run.schemeId,
    dueUntil: run.dueUntil,
    status: run.status,
    billed: run.billed,
    charged: currency === '' ? null : moneyToJson({ minor: run.chargedMinor, currency }),
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
