import { Injectable } from '@nestjs/common';
import { moneyToJson } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, httpError, setTimer, type Transaction, UnitOfWork } from '#platform';
import { obligesRepurchase, type RepurchaseGround } from '../domain/assignment.lifecycle.js';
import { settlementError } from '../domain/settlement-errors.js';
import { Assignment } from '../persistence/certificate.entities.js';
import { lockCertificates } from './certificate-records.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { itemsOf, lockAssignment, lockObligationOf, openObligation } from './settlement-records.js';
import { settlementTimers } from './settlement-timers.js';

/**
 * Obliges the seller to buy back what it sold: with recourse when the debtor has defaulted, and always after fraud, double assignment
 * or non-delivery. The financier may call the first; the others are established by the operator. The certificates move
 * back when the seller has paid all that the financier is still owed.
 */
@Injectable()
export class Repurchase {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receivables: Receivables,
    private readonly book: SettlementBook,
  ) {}

  /** The financier calls the debtor's default. */
  async claim(context: CommandContext, assignmentId: string, note: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const found = await tx.manager.findOneBy(Assignment, {
        id: assignmentId,
        assigneeId: context.actor.organisationId,
      });
      if (!found) throw httpError('record_unknown');
      return this.within(tx, assignmentId, 'debtor_default', note);
    });
  }

  /** The operator has established one of the other grounds. */
  async establish(
    context: CommandContext,
    assignmentId: string,
    ground: Exclude<RepurchaseGround, 'debtor_default'>,
    note: string,
  ) {
    return this.unitOfWork.run(context, (tx) => this.within(tx, assignmentId, ground, note));
  }

  async within(tx: Transaction, assignmentId: string, ground: RepurchaseGround, note: string) {
    const items = await itemsOf(tx, assignmentId);
    const receivables = await this.receivables.lockAll(
      tx,
      items.map(({ receivableId }) => receivableId),
    );
    const certificates = await lockCertificates(
      tx,
      items.map(({ certificateId }) => certificateId),
    );
    const assignment = await lockAssignment(tx, assignmentId);
    const data = { ground, state: assignment.state, withRecourse: assignment.withRecourse };
    const isOwed = assignment.state === 'paid' && obligesRepurchase(ground, assignment.withRecourse);
    const hasDefaulted = receivables.some(({ state }) => state === 'defaulted');
    if (!isOwed || (ground === 'debtor_default' && !hasDefaulted))
      throw settlementError('repurchase_not_owed', { data });
    if (await lockObligationOf(tx, 'repurchase', assignmentId)) throw settlementError('repurchase_pending');
    const open = items.filter(({ live }) => live === 1);
    const owed = open.reduce((sum, item) => {
      const certificate = certificates.find(({ id }) => id === item.certificateId);
      const holdbackLeft = item.holdbackMinor - item.holdbackPaidMinor;
      return certificate ? sum + certificate.amountMinor - certificate.paidMinor - holdbackLeft : sum;
    }, 0n);
    if (owed <= 0n) throw settlementError('repurchase_not_owed', { data });
    const today = this.book.day(await tx.now());
    const dueOn = await this.book.workingDayAfter(tx, today, this.book.rules.repurchaseWorkingDays);
    const { id, reference } = await openObligation(tx, {
      kind: 'repurchase',
      subjectId: assignmentId,
      payerId: assignment.sellerId,
      currency: assignment.currency,
      amountMinor: owed,
      dueOn,
    });
    await setTimer(
      tx,
      settlementTimers.obligationOverdue,
      id,
      new Date(this.book.startOf(dueOn).getTime() + 86_400_000),
    );
    await recordSettlementSteps(tx, [
      {
        subjectType: 'assignment',
        subjectId: assignmentId,
        action: 'call_repurchase',
        from: assignment.state,
        to: assignment.state,
        version: assignment.version,
        reason: note,
        audience: [assignment.sellerId, assignment.assigneeId],
        payload: { ground, obligationId: id },
      },
    ]);
    notify(tx, {
      organisationId: assignment.sellerId,
      roles: ['signatory'],
      template: 'repurchase_called',
      parameters: { reference: assignment.reference, until: dueOn, note },
      link: '/settlement',
    });
    return { obligationId: id, amount: moneyToJson({ minor: owed, currency: assignment.currency }), reference, dueOn };
  }
}
