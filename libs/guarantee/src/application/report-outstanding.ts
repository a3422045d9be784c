import { Inject, Injectable } from '@nestjs/common';
import { addDays, addMonths, DomainError, makeDate, parseMoney, printAmount } from '#kernel';
import { type CommandContext, ENVIRONMENT, type Environment, httpError, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { guaranteedPart } from '../domain/clauses.policy.js';
import { insertReports, lockReported, type ReportedGuarantee, writeReported } from '../persistence/report.store.js';
import { addMovements } from '../persistence/capacity.store.js';
import { partsOf } from './capacity.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

/** One line of a lender's monthly report; the amount is the loan's principal in major units. */
export interface ReportLine {
  /** The guarantee's number. */
  readonly number: string;
  readonly outstanding: string;
  readonly daysPastDue: number;
}

export interface ReportedLine {
  readonly number: string;
  readonly taken: boolean;
  /** Why it was not taken; null where it was. */
  readonly problem: string | null;
  /** What is guaranteed after the report. */
  readonly balance: string | null;
}

interface Taken {
  readonly before: ReportedGuarantee;
  readonly after: ReportedGuarantee;
  readonly reportedMinor: bigint;
  readonly daysPastDue: number;
}

/**
 * Lenders report the outstanding principal and the days past due each month. The same report again changes nothing; a
 * later one for the month corrects it. What is guaranteed falls with the outstanding and never rises again, except that a revolving
 * line keeps its amount.
 */
@Injectable()
export class ReportOutstanding {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** `month` as `2026-01`; not one to come. Each line is answered; those at fault do not stop the others. */
  async execute(context: CommandContext, month: string, lines: readonly ReportLine[]) {
    return this.unitOfWork.run(context, async (tx) => {
      const lenderId = context.actor.organisationId;
      const held = await lockReported(
        tx,
        lenderId,
        lines.map(({ number }) => number),
      );
      const now = await tx.now();
      const today = countryDate(this.environment.country, now);
      if (month > today.slice(0, 7))
        throw httpError('input_invalid', {
          fields: [{ pointer: '/month', rule: 'past', message: 'is a month to come' }],
        });
      const answers: ReportedLine[] = [];
      const taken: Taken[] = [];
      const seen = new Set<string>();
      for (const line of lines) {
        const before = held.get(line.number);
        const problem = problemOf(line, before, month, seen);
        seen.add(line.number);
        if (problem !== undefined || !before) {
          answers.push({ number: line.number, taken: false, problem: problem ?? 'unknown', balance: null });
          continue;
        }
        const after = await this.after(tx, before, line, month);
        const { minor: reportedMinor } = parseMoney(line.outstanding, before.currency);
        taken.push({ before, after, reportedMinor, daysPastDue: line.daysPastDue });
        const { balanceMinor: minor, currency } = after;
        answers.push({ number: line.number, taken: true, problem: null, balance: printAmount({ minor, currency }) });
      }
      await this.write(tx, lenderId, month, taken, now);
      tx.audit({
        action: 'guarantee_report.take',
        subjectType: 'organisation',
        subjectId: lenderId,
        data: { month, lines: lines.length, taken: taken.length },
      });
      return { month, taken: taken.length, refused: lines.length - taken.length, lines: answers };
    });
  }

  private async after(
    tx: Transaction,
    before: ReportedGuarantee,
    { outstanding, daysPastDue }: ReportLine,
    month: string,
  ): Promise<ReportedGuarantee> {
    const { defaultDays } = await this.book.terms(tx, before.schemeId, before.schemeVersion);
    const { minor: outstandingMinor } = parseMoney(outstanding, before.currency);
    const latest = before.reportedMonth === null || month >= before.reportedMonth;
    const part = guaranteedPart(outstandingMinor, before.coverPercent);
    const falls =
      latest &&
      before.productKind !== 'working_capital_line' &&
      before.state !== 'claimed' &&
      part < before.balanceMinor;
    const cured = daysPastDue < defaultDays && before.state !== 'claimed';
    return {
      ...before,
      ...(latest ? { outstandingMinor, daysPastDue, reportedMonth: month } : {}),
      balanceMinor: falls ? part : before.balanceMinor,
      defaultedOn: !latest ? before.defaultedOn : cured ? null : (before.defaultedOn ?? endOfMonth(month)),
      // The notice was for want of a report: it is cured by one.
      noticeReason: before.noticeReason === 'report_missing' ? null : before.noticeReason,
    };
  }

  private async write(
    tx: Transaction,
    lenderId: string,
    month: string,
    taken: readonly Taken[],
    now: Date,
  ): Promise<void> {
    await insertReports(
      tx,
      lenderId,
      month,
      taken.map(({ after, reportedMinor, daysPastDue }) => ({
        id: after.id,
        outstandingMinor: reportedMinor,
        daysPastDue,
      })),
      tx.context.actor.id,
      now,
    );
    await writeReported(
      tx,
      taken.map(({ after }) => after),
      now,
    );
    const reduced = taken.filter(({ before, after }) => after.balanceMinor < before.balanceMinor);
    await recordHistory(
      tx,
      reduced.map(({ before, after }) => ({
        subjectType: 'guarantee',
        subjectId: after.id,
        schemeId: after.schemeId,
        action: 'reduce',
        from: before.state,
        to: after.state,
        reason: `${month}: from ${before.balanceMinor} to ${after.balanceMinor}`,
      })),
      now,
    );
    await addMovements(
      tx,
      reduced.flatMap(({ before, after }) =>
        partsOf(after, before.balanceMinor - after.balanceMinor).map((part) => ({
          ...part,
          schemeId: after.schemeId,
          subjectId: after.id,
        })),
      ),
      now,
    );
  }
}

function problemOf(
  line: ReportLine,
  guarantee: ReportedGuarantee | undefined,
  month: string,
  seen: ReadonlySet<string>,
): string | undefined {
  if (!guarantee) return 'There is no such guarantee of yours that is issued, in force or claimed.';
  if (seen.has(line.number)) return 'The number stands twice in this report.';
  if (guarantee.disbursedOn === null || guarantee.disbursedOn.slice(0, 7) > month)
    return 'The loan was not disbursed in that month.';
  try {
    const { minor } = parseMoney(line.outstanding, guarantee.currency);
    if (minor < 0n) return 'The outstanding amount is below zero.';
    if (minor > guarantee.loanMinor) return 'The outstanding amount is above the loan that was guaranteed.';
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
  return undefined;
}

function endOfMonth(month: string): string {
  const first = makeDate(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1);
  return addDays(addMonths(first, 1), -1);
}
