// size: how a payment of each kind of obligation is taken apart: the mirror of pay-obligation.ts, method by method.
import { Injectable } from '@nestjs/common';
import { addDays } from '#kernel';
import { Ledger, organisationAccount } from '#ledger';
import { idBytes, setTimer, type Transaction } from '#platform';
import { type CertificateAction, certificateLifecycle } from '../domain/certificate.lifecycle.js';
import { discountAskLifecycle } from '../domain/discount.lifecycle.js';
import { AssignmentItem, type Certificate, DiscountAsk } from '../persistence/certificate.entities.js';
import {
  type SettlementMatch,
  SettlementObligation,
  SettlementPayout,
  StatementEntry,
} from '../persistence/settlement.entities.js';
import { lockCertificatesOf, moveCertificate } from './certificate-records.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { receivableTimers } from './receivable-timers.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { lockAsk, lockSale } from './settlement-locks.js';
import { type MatchPart, partsOf } from './settlement-matches.js';
import {
  changeObligation,
  lockAssignment,
  lockObligation,
  lockObligationOf,
  lockPayout,
  moveAssignment,
  movePayout,
} from './settlement-records.js';
import { settlementTimers } from './settlement-timers.js';

/** Who has money of a payment that is not there any more. */
export interface PaidOut {
  readonly payeeId: string;
  readonly amountMinor: bigint;
}

const rowsAStatement = 400;

/**
 * Takes one payment apart: every row is where it was before, its posting is reversed, what was not paid out yet stays. Of an
 * obligation the last payment goes first, so that each is taken from the state that it made.
 */
@Injectable()
export class UndoMatch {
  constructor(
    private readonly ledger: Ledger,
    private readonly receivables: Receivables,
    private readonly rules: ReceivableRuleBook,
    private readonly book: SettlementBook,
  ) {}

  /** Locks what the payment touched; false when others have built on it: then it stands, and its payer owes it. */
  async isPossible(tx: Transaction, match: SettlementMatch): Promise<boolean> {
    if (match.obligationId === null || match.usedMinor === 0n) return true;
    const { kind, subjectId } = await tx.manager.findOneByOrFail(SettlementObligation, { id: match.obligationId });
    switch (kind) {
      case 'maturity':
        return this.isMaturityOpen(tx, match, subjectId);
      case 'give_back':
        return true;
      case 'early': {
        const { ask, certificates } = await lockAsk(tx, this.receivables, subjectId);
        const { state } = await lockObligation(tx, match.obligationId);
        const certificate = certificates.find(({ id }) => id === ask.certificateId);
        return state === 'paid'
          ? ask.state === 'paid' && certificate?.status === 'settled'
          : state !== 'cancelled' && ask.state === 'agreed';
      }
      default: {
        const { assignment, certificates } = await lockSale(tx, this.receivables, subjectId);
        const { state } = await lockObligation(tx, match.obligationId);
        if (state !== 'paid') return state !== 'cancelled';
        // A sale on which the anchor has paid already stands, and so does one that was bought back.
        const untouched = certificates.every(({ paidMinor, status }) => paidMinor === 0n && status === 'assigned');
        return kind === 'first_leg' && assignment.state === 'paid' && untouched;
      }
    }
  }

  /** Takes it apart and reverses its posting; answers who has its money already. */
  async within(tx: Transaction, match: SettlementMatch, reference: string): Promise<readonly PaidOut[]> {
    const steps: SettlementStep[] = [];
    const { obligationId } = match;
    if (obligationId !== null && match.usedMinor > 0n) {
      const { kind, subjectId } = await tx.manager.findOneByOrFail(SettlementObligation, { id: obligationId });
      if (kind === 'maturity') await this.maturity(tx, match, subjectId, steps);
      else if (kind === 'early') await this.early(tx, obligationId, subjectId, steps);
      else if (kind === 'first_leg') await this.firstLeg(tx, obligationId, subjectId, steps);
      const before = await lockObligation(tx, obligationId);
      const changes = { paidMinor: before.paidMinor - match.usedMinor, fileId: null };
      steps.push(
        ...(await changeObligation(tx, before, changes, before.state === 'paid' ? 'take_back' : undefined)).steps,
      );
      if (kind === 'give_back' && before.state === 'paid') {
        const overdueAt = new Date(this.book.startOf(before.dueOn).getTime() + 86_400_000);
        await setTimer(tx, settlementTimers.obligationOverdue, obligationId, overdueAt);
      }
    }
    const paidOut = await this.payouts(tx, match.id);
    await recordSettlementSteps(tx, steps);
    await tx.execute('UPDATE settlement_match SET undone_at = ? WHERE id = ?', [await tx.time(), idBytes(match.id)]);
    await this.reverse(tx, match, paidOut, reference);
    return paidOut;
  }

  /** What is due is cancelled; what is on its way, was paid or was kept against a debt is with its owner. */
  private async payouts(tx: Transaction, matchId: string): Promise<readonly PaidOut[]> {
    const paidOut = new Map<string, bigint>();
    const found = await tx.manager.find(SettlementPayout, { where: { matchId }, order: { id: 'ASC' } });
    for (const { id } of found) {
      const payout = await lockPayout(tx, id);
      if (payout.state === 'due')
        await movePayout(tx, payout, 'cancel', 'settlement', { reason: 'the bank took the payment back' });
      else if (payout.state !== 'cancelled')
        paidOut.set(payout.payeeId, (paidOut.get(payout.payeeId) ?? 0n) + payout.amountMinor);
    }
    return [...paidOut].map(([payeeId, amountMinor]) => ({ payeeId, amountMinor }));
  }

  /** What was paid out is owed by who has it; then the books can mirror the payment. */
  private async reverse(
    tx: Transaction,
    match: SettlementMatch,
    paidOut: readonly PaidOut[],
    reference: string,
  ): Promise<void> {
    const { currency } = await tx.manager.findOneByOrFail(StatementEntry, { id: match.entryId });
    if (paidOut.length > 0)
      await this.ledger.post(tx, {
        reference: `settlement.owed_back:${match.id}`,
        description: 'Paid out of a payment that the bank took back',
        subject: { type: 'settlement_match', id: match.id },
        postings: paidOut.map(({ payeeId, amountMinor }) => ({
          debit: organisationAccount(payeeId, 'settlement_receivable'),
          credit: organisationAccount(payeeId, 'settlement_payable'),
          amount: amountMinor,
          currency,
        })),
      });
    await this.ledger.reverse(tx, {
      transfer: match.transferId,
      reference,
      description: 'Payment taken back by the bank',
    });
  }

  private async isMaturityOpen(tx: Transaction, match: SettlementMatch, receivableId: string): Promise<boolean> {
    const receivable = await this.receivables.lock(tx, receivableId);
    const certificates = new Map((await lockCertificatesOf(tx, [receivableId])).map((each) => [each.id, each]));
    const parts = await partsOf(tx, match.id);
    const isTheSame = parts.every(({ certificateId, holderId }) => {
      const certificate = certificates.get(certificateId);
      return (
        certificate?.holderOrganisationId === holderId &&
        (certificate.status === 'held' || certificate.status === 'assigned' || certificate.status === 'settled')
      );
    });
    // What the seller is called on to buy back was counted with this payment.
    const called = await tx.rows(
      `SELECT 1 FROM assignment_item i JOIN settlement_obligation o ON o.subject_id = i.assignment_id AND o.kind = 'repurchase'
       WHERE i.receivable_id = ? AND i.live = 1 AND o.state IN ('open','overdue') LIMIT 1`,
      [idBytes(receivableId)],
    );
    return isTheSame && called.length === 0 && !['repurchased', 'withdrawn'].includes(receivable.state);
  }

  /** The anchor has not paid: certificates, items of assignments and the receivable are open again. */
  private async maturity(
    tx: Transaction,
    match: SettlementMatch,
    receivableId: string,
    steps: SettlementStep[],
  ): Promise<void> {
    const receivable = await this.receivables.lock(tx, receivableId);
    const certificates = new Map((await lockCertificatesOf(tx, [receivableId])).map((each) => [each.id, each]));
    const parts = await partsOf(tx, match.id);
    await this.reopenItems(tx, parts, certificates, steps);
    await unpay(tx, parts, certificates, steps);
    if (receivable.state !== 'settled') return;
    await this.receivables.move(tx, receivable, 'reopen', {
      role: 'settlement',
      reason: 'the bank took the payment back',
    });
    // Where the days of grace are over, the clock finds it overdue at once.
    const graceEnds = addDays(receivable.dueOn, this.rules.rules.graceDays + 1);
    await setTimer(tx, receivableTimers.grace, receivableId, this.rules.startOf(graceEnds));
  }

  private async reopenItems(
    tx: Transaction,
    parts: readonly MatchPart[],
    certificates: ReadonlyMap<string, Certificate>,
    steps: SettlementStep[],
  ): Promise<void> {
    const assignments = new Set<string>();
    for (const { itemId, certificateId, holdbackMinor } of parts) {
      if (itemId === null) continue;
      const item = await tx.manager.findOneByOrFail(AssignmentItem, { id: itemId });
      const isBack = certificates.get(certificateId)?.status === 'settled' && item.live === null;
      await tx.manager.update(
        AssignmentItem,
        { id: itemId },
        {
          holdbackPaidMinor: item.holdbackPaidMinor - holdbackMinor,
          ...(isBack ? { live: 1, releasedAt: null, ...filingAnew(item) } : {}),
        },
      );
      if (isBack) assignments.add(item.assignmentId);
    }
    for (const id of [...assignments].sort()) {
      const assignment = await lockAssignment(tx, id);
      if (assignment.state === 'satisfied')
        steps.push((await moveAssignment(tx, assignment, 'restore', 'settlement')).step);
    }
  }

  /** The anchor has not paid early: the ask stands as agreed, for as many days as it had after its day. */
  private async early(tx: Transaction, obligationId: string, askId: string, steps: SettlementStep[]): Promise<void> {
    const { ask, receivable, certificates } = await lockAsk(tx, this.receivables, askId);
    if ((await lockObligation(tx, obligationId)).state !== 'paid') return;
    const certificate = certificates.find(({ id }) => id === ask.certificateId) as Certificate;
    steps.push((await moveCertificate(tx, certificate, 'reopen_early', 'settlement', { paidMinor: 0n })).step);
    const state = discountAskLifecycle.after(ask.state, 'reopen', 'settlement');
    const version = ask.version + 1;
    await tx.manager.update(DiscountAsk, { id: askId }, { state, live: 1, version });
    steps.push({
      subjectType: 'discount_ask',
      subjectId: askId,
      action: 'reopen',
      from: ask.state,
      to: state,
      version,
      audience: [ask.supplierId, ask.anchorId],
    });
    const maturity = await lockObligationOf(tx, 'maturity', ask.receivableId);
    if (maturity?.state === 'paid') steps.push(...(await changeObligation(tx, maturity, {}, 'take_back')).steps);
    const today = this.book.day(await tx.now());
    const from = ask.payOn > today ? ask.payOn : today;
    const lapsesOn = addDays(from, this.book.rules.earlyGraceDays);
    await setTimer(tx, settlementTimers.discountLapse, askId, this.book.startOf(lapsesOn));
    const reason = 'the bank took the early payment back';
    if (receivable.state === 'paid_early') {
      await this.receivables.move(tx, receivable, 'reopen_early', { role: 'settlement', reason });
      await setTimer(tx, receivableTimers.day, receivable.id, this.rules.startOf(receivable.dueOn));
    } else if (receivable.state === 'settled') {
      await this.receivables.move(tx, receivable, 'reopen', { role: 'settlement', reason });
      const graceEnds = addDays(receivable.dueOn, this.rules.rules.graceDays + 1);
      await setTimer(tx, receivableTimers.grace, receivable.id, this.rules.startOf(graceEnds));
    }
  }

  /** The financier has not paid: it has the days of grace once more, then the clock undoes the sale. */
  private async firstLeg(
    tx: Transaction,
    obligationId: string,
    assignmentId: string,
    steps: SettlementStep[],
  ): Promise<void> {
    const { assignment } = await lockSale(tx, this.receivables, assignmentId);
    if ((await lockObligation(tx, obligationId)).state !== 'paid') return;
    steps.push((await moveAssignment(tx, assignment, 'reopen', 'settlement')).step);
    const today = this.book.day(await tx.now());
    const lastDay = await this.book.workingDayAfter(tx, today, this.book.rules.firstLegGraceWorkingDays);
    const failsAt = new Date(this.book.startOf(lastDay).getTime() + 86_400_000);
    await setTimer(tx, settlementTimers.firstLegFailure, assignmentId, failsAt);
  }
}

/** What the outside register was told of the end is taken back by a new filing; an end that it was not told of is forgotten. */
function filingAnew(item: AssignmentItem): Partial<AssignmentItem> {
  if (item.filing === null || item.satisfiedAt === null) return { registerDue: item.filing === null ? 1 : null };
  return { filing: null, filedAt: null, satisfiedAt: null, filings: item.filings + 1, registerDue: 1 };
}

/** Certificates are owed again what the payment was for them, some hundred a statement. */
async function unpay(
  tx: Transaction,
  parts: readonly MatchPart[],
  certificates: ReadonlyMap<string, Certificate>,
  steps: SettlementStep[],
): Promise<void> {
  for (let at = 0; at < parts.length; at += rowsAStatement) {
    const rows = parts.slice(at, at + rowsAStatement).map((part) => {
      const certificate = certificates.get(part.certificateId) as Certificate;
      const action: CertificateAction | undefined =
        certificate.status === 'settled' ? (part.itemId === null ? 'reopen' : 'reopen_sold') : undefined;
      const status = action ? certificateLifecycle.after(certificate.status, action, 'settlement') : certificate.status;
      if (action)
        steps.push({
          subjectType: 'certificate',
          subjectId: certificate.id,
          action,
          from: certificate.status,
          to: status,
          version: certificate.version + 1,
          audience: [part.holderId],
          payload: { receivableId: certificate.receivableId },
        });
      return { id: certificate.id, paidMinor: certificate.paidMinor - part.holderMinor - part.holdbackMinor, status };
    });
    const cases = rows.map(() => 'WHEN ? THEN ?').join(' ');
    await tx.execute(
      `UPDATE certificate SET paid_minor = CASE id ${cases} END, status = CASE id ${cases} END, version = version + 1
       WHERE id IN (${rows.map(() => '?').join(',')})`,
      [
        ...rows.flatMap(({ id, paidMinor }) => [idBytes(id), paidMinor]),
        ...rows.flatMap(({ id, status }) => [idBytes(id), status]),
        ...rows.map(({ id }) => idBytes(id)),
      ],
    );
  }
}
