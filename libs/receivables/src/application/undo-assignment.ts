import { Injectable } from '@nestjs/common';
import { Ledger } from '#ledger';
import { notify } from '#notices';
import { clearTimers, type CommandContext, idBytes, type Transaction, UnitOfWork } from '#platform';
import { assignmentLifecycle } from '../domain/assignment.lifecycle.js';
import { settlementError } from '../domain/settlement-errors.js';
import { Assignment, type Certificate } from '../persistence/certificate.entities.js';
import { lockCertificates, lockCertificatesOf, moveCertificate } from './certificate-records.js';
import { FollowCertificates } from './follow-certificates.js';
import { releaseItems } from './pay-obligation.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';
import {
  changeObligation,
  createPayouts,
  itemsOf,
  lockAssignment,
  lockObligationOf,
  moveAssignment,
} from './settlement-records.js';
import { settlementTimers } from './settlement-timers.js';

/**
 * Undoes a sale whose first leg did not come, or came back: the seller holds its certificates again, the position is reversed in the
 * books, whatever part had arrived goes back to the financier, and the register forgets it. No money of it is left anywhere.
 */
@Injectable()
export class UndoAssignment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receivables: Receivables,
    private readonly follow: FollowCertificates,
    private readonly ledger: Ledger,
  ) {}

  async execute(context: CommandContext, assignmentId: string, reason: string): Promise<{ readonly state: string }> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, assignmentId, reason, 'operator'));
  }

  /**
   * For the clock: nothing happens when the first leg has come meanwhile. False when the anchor has paid on the sale already: its money went
   * to the financier, so the sale stands and the first leg stays owed.
   */
  async ifUnpaid(tx: Transaction, assignmentId: string): Promise<boolean> {
    const found = await tx.manager.findOneBy(Assignment, { id: assignmentId });
    if (found?.state !== 'registered') return true;
    if (await this.hasAnchorPaid(tx, assignmentId)) return false;
    await this.within(tx, assignmentId, 'the first leg was not paid in time', 'clock');
    return true;
  }

  async hasAnchorPaid(tx: Transaction, assignmentId: string): Promise<boolean> {
    const paid = await tx.rows(
      `SELECT 1 FROM assignment_item i JOIN certificate c ON c.id = i.certificate_id
       WHERE i.assignment_id = ? AND c.paid_minor > 0 LIMIT 1`,
      [idBytes(assignmentId)],
    );
    return paid.length > 0;
  }

  async within(
    tx: Transaction,
    assignmentId: string,
    reason: string,
    role: 'clock' | 'operator' | 'settlement',
  ): Promise<{ readonly state: string }> {
    const items = await itemsOf(tx, assignmentId);
    const receivables = await this.receivables.lockAll(
      tx,
      items.map(({ receivableId }) => receivableId),
    );
    const certificates = await lockCertificates(
      tx,
      items.map(({ certificateId }) => certificateId),
    );
    const before = await lockAssignment(tx, assignmentId);
    if (role === 'clock' && before.state !== 'registered') return { state: before.state };
    // The table first, so that the wrong state is what is told; then what would leave money behind.
    assignmentLifecycle.after(before.state, 'undo', role);
    if (certificates.some(({ paidMinor }) => paidMinor > 0n)) throw settlementError('assignment_money_moved');
    const firstLeg = await lockObligationOf(tx, 'first_leg', assignmentId);
    const steps: SettlementStep[] = [];
    const refund = firstLeg?.paidMinor ?? 0n;
    if (firstLeg) {
      steps.push(...(await changeObligation(tx, firstLeg, { paidMinor: 0n }, 'cancel')).steps);
      await createPayouts(tx, { obligationId: firstLeg.id, reference: firstLeg.reference, currency: before.currency }, [
        { kind: 'refund', payeeId: before.assigneeId, amountMinor: refund },
      ]);
    }
    const { after, step } = await moveAssignment(tx, before, 'undo', role, reason);
    steps.push(step);
    const moved = new Map<string, Certificate>();
    for (const certificate of certificates) {
      const back = await moveCertificate(
        tx,
        certificate,
        'undo_assignment',
        'settlement',
        { holderOrganisationId: before.sellerId },
        reason,
      );
      moved.set(certificate.id, back.after);
      steps.push(back.step);
    }
    await releaseItems(
      tx,
      items.filter(({ live }) => live === 1).map(({ id }) => id),
    );
    for (const receivable of receivables) {
      const all = await lockCertificatesOf(tx, [receivable.id]);
      await this.follow.within(
        tx,
        receivable,
        all.map((each) => moved.get(each.id) ?? each),
      );
    }
    await clearTimers(tx, assignmentId, [settlementTimers.firstLegFailure]);
    await recordSettlementSteps(tx, steps);
    for (const organisationId of [before.sellerId, before.assigneeId])
      notify(tx, {
        organisationId,
        template: 'assignment_undone',
        parameters: { reference: before.reference, reason },
        link: '/settlement',
      });
    for (const organisationId of new Set(items.map(({ anchorId }) => anchorId)))
      notify(tx, {
        organisationId,
        roles: ['maker', 'checker'],
        template: 'assignment_notice_withdrawn',
        parameters: {},
        link: '/anchor/assignments',
      });
    if (before.positionTransferId !== null)
      await this.ledger.reverse(tx, {
        transfer: before.positionTransferId,
        reference: `assignment.undo:${assignmentId}`,
        description: 'Sale undone: the first leg was not paid',
      });
    return { state: after.state };
  }
}
