import { Inject, Injectable } from '@nestjs/common';
import { addDays, type CalendarDate, dateParts } from '#kernel';
import { notify } from '#notices';
import {
  clearTimers,
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  idBytes,
  idText,
  setTimers,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate, startOfCountryDay } from '#platform/rulebooks';
import { begunMonths } from '../domain/fee.calculation.js';
import { guaranteeTimers } from '../domain/guarantee-timers.js';
import type { Guarantee } from '../persistence/entities.js';
import { Capacity } from './capacity.js';
import { Fees } from './fees.js';
import { type GuaranteeView, guaranteeView } from './guarantee-view.js';
import { Guarantees } from './guarantees.js';
import { SchemeBook } from './scheme-book.js';

const dayMs = 86_400_000;
const batch = 200;

/** Why a lender is given notice; the text is what the lender must cure. */
export const noticeReasons = {
  report_missing: 'The monthly report of the loan is missing.',
  fee_unpaid: 'A fee of the guarantee is overdue.',
} as const;
export type NoticeReason = keyof typeof noticeReasons;

/** How a guarantee ends without a claim: released, or lapsed after notice and cure. */
@Injectable()
export class EndGuarantee {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly guarantees: Guarantees,
    private readonly capacity: Capacity,
    private readonly fees: Fees,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The lender gives a guarantee back, such as when the loan is repaid; fees come back by the scheme's rule. */
  async release(context: CommandContext, id: string, reason: string): Promise<GuaranteeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const guarantee = await this.guarantees.lock(tx, id, context.actor);
      return guaranteeView(await this.releaseWithin(tx, guarantee, 'lender', reason));
    });
  }

  async releaseWithin(
    tx: Transaction,
    guarantee: Guarantee,
    party: 'lender' | 'market' | 'clock',
    reason: string,
  ): Promise<Guarantee> {
    const released = await this.guarantees.move(tx, guarantee, 'release', party, reason, {
      balanceMinor: 0n,
      outstandingMinor: 0n,
      nextFeeOn: null,
      noticeAt: null,
      noticeReason: null,
    });
    await clearTimers(tx, guarantee.id, [guaranteeTimers.cureEnd, guaranteeTimers.termEnd]);
    await this.capacity.giveBack(tx, guarantee, guarantee.balanceMinor);
    tell(tx, guarantee, 'guarantee_released', { reason });
    await this.fees.settle(tx, guarantee, this.monthsUsed(guarantee, await tx.now()), 'repaid');
    return released;
  }

  /** Terms and the days for claims after them are over: released, but never while the loan is past due. */
  async endTerms(tx: Transaction, ids: readonly string[], now: Date): Promise<void> {
    for (const id of [...ids].sort()) {
      const guarantee = await this.guarantees.lock(tx, id);
      if (guarantee.state !== 'in_force') continue;
      if (guarantee.daysPastDue > 0 || guarantee.defaultedOn !== null)
        await setTimers(tx, [
          { kind: guaranteeTimers.termEnd, subjectId: id, dueAt: new Date(now.getTime() + 30 * dayMs) },
        ]);
      else await this.releaseWithin(tx, guarantee, 'clock', 'The term and the days for a claim are over.');
    }
  }

  /** Gives notice where a report or a fee is overdue and no default is known. One batch; answers how many. */
  async giveNotices(): Promise<number> {
    return this.unitOfWork.run(systemContext('guarantee.give_notices'), async (tx) => {
      const now = await tx.now();
      const due = await this.dueForNotice(tx, now);
      const timers: { kind: string; subjectId: string; dueAt: Date }[] = [];
      for (const { id, reason } of due) {
        const guarantee = await this.guarantees.lock(tx, id);
        if (guarantee.noticeReason !== null || guarantee.defaultedOn !== null) continue;
        const { cureDays } = await this.book.terms(tx, guarantee.schemeId, guarantee.schemeVersion);
        const until = this.cureEnd(now, cureDays);
        await this.guarantees.change(tx, guarantee, 'give_notice', noticeReasons[reason], {
          noticeAt: now,
          noticeReason: reason,
        });
        timers.push({ kind: guaranteeTimers.cureEnd, subjectId: id, dueAt: until });
        tell(tx, guarantee, 'guarantee_notice', { until: until.toISOString(), reason: noticeReasons[reason] });
      }
      await setTimers(tx, timers);
      return due.length;
    });
  }

  /** The days of cure are over: what was not cured lapses; a default found meanwhile keeps the guarantee alive. */
  async lapse(tx: Transaction, ids: readonly string[], now: Date): Promise<void> {
    for (const id of [...ids].sort()) {
      const guarantee = await this.guarantees.lock(tx, id);
      const { noticeAt, noticeReason, state, defaultedOn } = guarantee;
      if (noticeAt === null || noticeReason === null || defaultedOn !== null) continue;
      if (state !== 'issued' && state !== 'in_force') continue;
      const { cureDays } = await this.book.terms(tx, guarantee.schemeId, guarantee.schemeVersion);
      if (this.cureEnd(noticeAt, cureDays) > now) continue;
      const reason = noticeReasons[noticeReason as NoticeReason];
      await this.guarantees.move(tx, guarantee, 'lapse', 'clock', reason, { balanceMinor: 0n, nextFeeOn: null });
      await clearTimers(tx, id, [guaranteeTimers.termEnd]);
      await this.capacity.giveBack(tx, guarantee, guarantee.balanceMinor);
      tell(tx, guarantee, 'guarantee_lapsed', { reason });
      await this.fees.settle(tx, guarantee, this.monthsUsed(guarantee, now), 'ended');
    }
  }

  /** Begun months between disbursement and the end; none of a loan that was not paid out. */
  private monthsUsed({ disbursedOn }: Guarantee, now: Date): number {
    if (disbursedOn === null) return 0;
    return begunMonths(disbursedOn as CalendarDate, countryDate(this.environment.country, now));
  }

  /** Whole days in the country's calendar after the day of the notice. */
  private cureEnd(noticeAt: Date, cureDays: number): Date {
    const { country } = this.environment;
    return startOfCountryDay(country, addDays(countryDate(country, noticeAt), cureDays + 1));
  }

  private async dueForNotice(
    tx: Transaction,
    now: Date,
  ): Promise<readonly { readonly id: string; readonly reason: NoticeReason }[]> {
    const today = countryDate(this.environment.country, now);
    const unpaid = await tx.rows<{ id: Buffer }>(
      `SELECT DISTINCT g.id FROM guarantee_fee f JOIN guarantee g ON g.id = f.guarantee_id
       WHERE f.status = 'billed' AND f.due_on < ? AND g.state IN ('issued', 'in_force') AND g.notice_at IS NULL
         AND g.defaulted_on IS NULL LIMIT ${batch}`,
      [today],
    );
    const silent: Buffer[] = [];
    for (const { id, month } of await this.reportMonths(tx, today)) {
      const rows = await tx.rows<{ id: Buffer }>(
        `SELECT id FROM guarantee WHERE scheme_id = ? AND state = 'in_force' AND notice_at IS NULL AND defaulted_on IS NULL
           AND (reported_month IS NULL OR reported_month < ?) AND disbursed_on < ? LIMIT ${batch}`,
        [id, month, `${month}-31`],
      );
      silent.push(...rows.map((row) => row.id));
    }
    const found = new Map<string, NoticeReason>();
    for (const id of silent) found.set(idText(id), 'report_missing');
    for (const { id } of unpaid) found.set(idText(id), 'fee_unpaid');
    return [...found].map(([id, reason]) => ({ id, reason })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Of each scheme the last month whose report is overdue today. */
  private async reportMonths(tx: Transaction, today: CalendarDate) {
    const schemes = await tx.rows<{ id: Buffer; current_version: number }>(
      'SELECT id, current_version FROM guarantee_scheme WHERE current_version IS NOT NULL',
    );
    const months: { id: Buffer; month: string }[] = [];
    for (const { id, current_version } of schemes) {
      const { reportGraceDays } = await this.book.terms(tx, idText(id), current_version);
      const { year, month } = dateParts(addDays(today, -reportGraceDays));
      const last = month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
      months.push({ id: idBytes(idText(id)), month: last });
    }
    return months;
  }
}

export function tell(
  tx: Transaction,
  guarantee: Guarantee,
  template: 'guarantee_released' | 'guarantee_notice' | 'guarantee_lapsed' | 'guarantee_amended',
  parameters: Readonly<Record<string, string>>,
): void {
  for (const organisationId of [guarantee.lenderId, guarantee.enterpriseId])
    notify(tx, {
      organisationId,
      template,
      parameters: { number: guarantee.number, ...parameters },
      link: `/guarantees/${guarantee.id}`,
    });
}
