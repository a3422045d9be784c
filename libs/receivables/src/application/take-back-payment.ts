import { Injectable } from '@nestjs/common';
import { Ledger, organisationAccount } from '#ledger';
import { type Transaction } from '#platform';
import { SettlementObligation, SettlementPayout, StatementEntry } from '../persistence/settlement.entities.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import {
  changeObligation,
  itemsOf,
  lockAssignment,
  lockObligation,
  lockPayout,
  moveAssignment,
  movePayout,
} from './settlement-records.js';
import { UndoAssignment } from './undo-assignment.js';
import { lockCertificates } from './certificate-records.js';

/**
 * The bank takes a payment back. One that nobody was matched to simply leaves; a first leg that was not paid out yet is taken apart to
 * its last posting and the sale undone. Anything later is for a person: money of others has moved on the strength of it.
 */
@Injectable()
export class TakeBackPayment {
  constructor(
    private readonly ledger: Ledger,
    private readonly receivables: Receivables,
    private readonly assignments: UndoAssignment,
    private readonly book: SettlementBook,
  ) {}

  /** False when it is too late. `reversal` is locked by the caller, and both entries are closed here. */
  async within(tx: Transaction, originalId: string, reversal: StatementEntry): Promise<boolean> {
    const found = await tx.manager.findOneByOrFail(StatementEntry, { id: originalId });
    const isFirstLeg = found.state === 'matched' && found.obligationId !== null;
    if (found.state === 'matched' && !isFirstLeg) return false;
    const obligation = isFirstLeg
      ? await tx.manager.findOneByOrFail(SettlementObligation, { id: found.obligationId as string })
      : undefined;
    if (obligation && obligation.kind !== 'first_leg') return false;
    if (obligation && !(await this.reopen(tx, obligation, found))) return false;
    const original = await this.close(tx, originalId);
    await this.close(tx, reversal.id, originalId);
    const postings = await this.leave(original);
    if (obligation) {
      await this.ledger.reverse(tx, {
        transfer: found.matchTransferId as string,
        reference: `settlement.take_back:${reversal.id}`,
        description: 'First leg taken back by the bank',
      });
    }
    await this.ledger.post(tx, { ...postings, reference: `settlement.reversal:${reversal.id}` });
    if (obligation)
      await this.assignments.within(tx, obligation.subjectId, 'the bank took the first leg back', 'settlement');
    return true;
  }

  /** Brings assignment and obligation back to where they were before the payment; false when money has gone out. */
  private async reopen(
    tx: Transaction,
    { id, subjectId }: SettlementObligation,
    entry: StatementEntry,
  ): Promise<boolean> {
    const items = await itemsOf(tx, subjectId);
    await this.receivables.lockAll(
      tx,
      items.map(({ receivableId }) => receivableId),
    );
    const certificates = await lockCertificates(
      tx,
      items.map(({ certificateId }) => certificateId),
    );
    const assignment = await lockAssignment(tx, subjectId);
    const before = await lockObligation(tx, id);
    const payouts = await tx.manager.findBy(SettlementPayout, { obligationId: id });
    const open = payouts.filter(({ state }) => state !== 'cancelled');
    const untouched = certificates.every(({ paidMinor, status }) => paidMinor === 0n && status === 'assigned');
    const ended = assignment.state !== 'paid' && assignment.state !== 'registered';
    // Only a payment that was used whole can be mirrored: an overpaid or partly used one has a refund on its way.
    if (
      ended ||
      !untouched ||
      open.some(({ state, kind }) => state !== 'due' || kind === 'refund') ||
      before.paidMinor < entry.amountMinor
    )
      return false;
    for (const payout of open)
      await movePayout(tx, await lockPayout(tx, payout.id), 'cancel', 'settlement', {
        reason: 'the bank took the payment back',
      });
    const steps: SettlementStep[] = [];
    if (assignment.state === 'paid') steps.push((await moveAssignment(tx, assignment, 'reopen', 'settlement')).step);
    const changes = { paidMinor: before.paidMinor - entry.amountMinor };
    steps.push(
      ...(await changeObligation(tx, before, changes, before.state === 'paid' ? 'take_back' : undefined)).steps,
    );
    await recordSettlementSteps(tx, steps);
    return true;
  }

  private async close(tx: Transaction, id: string, of?: string): Promise<StatementEntry> {
    const entry = await tx.manager.findOneOrFail(StatementEntry, {
      where: { id },
      lock: { mode: 'pessimistic_write' },
    });
    const version = entry.version + 1;
    await tx.manager.update(
      StatementEntry,
      { id },
      { state: 'reversed', version, why: of ? 'reverses_another' : 'taken_back_by_the_bank' },
    );
    await recordSettlementSteps(tx, [
      { subjectType: 'statement_entry', subjectId: id, action: 'reverse', from: entry.state, to: 'reversed', version },
    ]);
    return entry;
  }

  /** The money leaves suspense, and the debit that the bank has booked is explained by it. */
  private async leave(original: StatementEntry) {
    const operator = await this.book.operator();
    return {
      description: `Taken back by the bank: ${original.entryRef}`,
      subject: { type: 'statement_entry', id: original.id },
      postings: [
        {
          debit: organisationAccount(operator, 'settlement_suspense'),
          credit: organisationAccount(operator, 'settlement_receivable'),
          amount: original.amountMinor,
          currency: original.currency,
        },
      ],
    };
  }
}
