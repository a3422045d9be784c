import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { notify } from '#notices';
import { clearTimers, setTimer, type Transaction } from '#platform';
import { AssignmentItem, type Certificate, DiscountAsk } from '../persistence/certificate.entities.js';
import { SettlementObligation } from '../persistence/settlement.entities.js';
import { lockCertificatesOf, moveCertificate } from './certificate-records.js';
import { GiveOutDiscounts } from './give-out-discounts.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { changeObligation, lockObligation, lockObligationOf } from './settlement-records.js';
import { settlementTimers } from './settlement-timers.js';
import { UndoAssignment } from './undo-assignment.js';

/** What the clocks of settlement do. Each finds for itself whether its deadline still holds. */
@Injectable()
export class SettlementClocks {
  constructor(
    private readonly receivables: Receivables,
    private readonly assignments: UndoAssignment,
    private readonly discounts: GiveOutDiscounts,
    private readonly identity: IdentityReader,
    private readonly book: SettlementBook,
  ) {}

  /** The day has come: what is listed goes off the market, and the anchor is told where to pay. */
  async fellDue(tx: Transaction, receivableId: string): Promise<void> {
    const receivable = await this.receivables.lock(tx, receivableId);
    const steps: SettlementStep[] = [];
    for (const certificate of await lockCertificatesOf(tx, [receivableId]))
      if (certificate.status === 'listed')
        steps.push(
          (await moveCertificate(tx, certificate, 'unlist', 'market', { listedFor: null }, 'its day has come')).step,
        );
    await recordSettlementSteps(tx, steps);
    const maturity = await lockObligationOf(tx, 'maturity', receivableId);
    if (receivable.state !== 'due' || !maturity) return;
    notify(tx, {
      organisationId: receivable.anchorId,
      roles: ['maker', 'checker'],
      template: 'payable_due',
      parameters: { number: receivable.number, reference: maturity.reference },
      link: '/anchor/payables',
    });
  }

  /** The day and its grace are over without full payment. */
  async missed(tx: Transaction, receivableId: string): Promise<void> {
    const receivable = await this.receivables.lock(tx, receivableId);
    const certificates = await lockCertificatesOf(tx, [receivableId]);
    const maturity = await lockObligationOf(tx, 'maturity', receivableId);
    if (maturity?.state === 'open')
      await recordSettlementSteps(tx, (await changeObligation(tx, maturity, {}, 'fall_overdue')).steps);
    this.tellHolders(tx, receivable.anchorId, certificates, 'payable_overdue', receivable.dueOn);
  }

  async defaulted(tx: Transaction, receivableId: string): Promise<void> {
    const receivable = await this.receivables.lock(tx, receivableId);
    const certificates = await lockCertificatesOf(tx, [receivableId]);
    this.tellHolders(tx, receivable.anchorId, certificates, 'payable_defaulted', receivable.dueOn);
  }

  private tellHolders(
    tx: Transaction,
    anchorId: string,
    certificates: readonly Certificate[],
    template: 'payable_overdue' | 'payable_defaulted',
    dueOn: string,
  ): void {
    const holders = certificates
      .filter(({ status }) => status === 'held' || status === 'assigned')
      .map((each) => each.holderOrganisationId);
    for (const organisationId of new Set([anchorId, ...holders]))
      notify(tx, { organisationId, template, parameters: { dueOn }, link: '/settlement' });
  }

  /** The first leg did not come: the sale is undone, or the first leg is overdue where the anchor has paid already. */
  async failFirstLeg(tx: Transaction, assignmentId: string): Promise<void> {
    if (await this.assignments.ifUnpaid(tx, assignmentId)) return;
    const firstLeg = await tx.manager.findOneBy(SettlementObligation, {
      kind: 'first_leg',
      subjectId: assignmentId,
      state: 'open',
    });
    if (firstLeg) await this.fallOverdue(tx, firstLeg.id);
  }

  /** Reminds an anchor that has not acknowledged the notice of an assignment, on the days of the rule book. */
  async remindOfNotice(tx: Transaction, itemId: string): Promise<void> {
    const item = await tx.manager.findOne(AssignmentItem, {
      where: { id: itemId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!item || item.live !== 1 || item.acknowledgedAt !== null) return;
    const reminders = item.reminders + 1;
    await tx.manager.update(AssignmentItem, { id: itemId }, { reminders });
    const days = this.book.rules.noticeReminders;
    const [before, next] = [days[reminders - 1] ?? 0, days[reminders]];
    if (next !== undefined) {
      const today = this.book.day(await tx.now());
      const dueAt = this.book.startOf(await this.book.workingDayAfter(tx, today, Math.max(1, next - before)));
      await setTimer(tx, settlementTimers.noticeReminder, itemId, dueAt);
    }
    notify(tx, {
      organisationId: item.anchorId,
      roles: ['maker', 'checker'],
      template: 'assignment_notice_reminder',
      parameters: { count: reminders },
      link: '/anchor/assignments',
    });
  }

  /** The anchor did not pay early on the day agreed: the certificate is free again, what had arrived goes back. */
  async lapseEarlyPayment(tx: Transaction, askId: string): Promise<void> {
    const found = await tx.manager.findOneBy(DiscountAsk, { id: askId });
    if (found) await this.discounts.lapse(tx, found);
  }

  async fallOverdue(tx: Transaction, obligationId: string): Promise<void> {
    const found = await tx.manager.findOneBy(SettlementObligation, { id: obligationId });
    if (!found) return;
    const obligation = await lockObligation(tx, obligationId);
    if (obligation.state !== 'open') return clearTimers(tx, obligationId);
    await recordSettlementSteps(tx, (await changeObligation(tx, obligation, {}, 'fall_overdue')).steps);
    const payer = await this.identity.organisation(obligation.payerId, tx);
    notify(tx, {
      organisationId: obligation.payerId,
      template: 'payment_overdue',
      parameters: { name: payer?.name ?? '', reference: obligation.reference },
      link: '/settlement',
    });
  }
}
