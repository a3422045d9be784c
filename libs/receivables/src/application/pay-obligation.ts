// size: the one place where money that arrived takes its effects, one method a kind of obligation.
import { Injectable } from '@nestjs/common';
import { type AccountKey, Ledger, organisationAccount } from '#ledger';
import { notify } from '#notices';
import { clearTimers, idBytes, type Transaction } from '#platform';
import { liveCertificateStates } from '../domain/certificate.lifecycle.js';
import { spreadPayment } from '../domain/settlement-waterfall.calculation.js';
import {
  Assignment,
  AssignmentItem,
  type Certificate,
  CertificateTransfer,
  DiscountAsk,
} from '../persistence/certificate.entities.js';
import { SettlementObligation } from '../persistence/settlement.entities.js';
import { lockCertificatesOf, moveCertificate } from './certificate-records.js';
import { DecideTransfers } from './decide-transfers.js';
import { FollowCertificates } from './follow-certificates.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import {
  changeObligation,
  createPayouts,
  itemsOf,
  lockAssignment,
  lockObligation,
  lockObligationOf,
  moveAssignment,
  type NewPayout,
} from './settlement-records.js';
import { lockAsk, lockSale } from './settlement-locks.js';
import { type MatchPart, nextMatch, recordMatch } from './settlement-matches.js';
import { settlementTimers } from './settlement-timers.js';
import { SetOff } from './set-off.js';

interface Posting {
  readonly debit: AccountKey;
  readonly credit: AccountKey;
  readonly amount: bigint;
}

/** What a payment does: collected while the rows change, posted at the end. */
interface Effects {
  readonly postings: Posting[];
  readonly payouts: NewPayout[];
  readonly steps: SettlementStep[];
  readonly parts: MatchPart[];
}

export interface PaidObligation {
  /** What the obligation took; the rest goes back to the payer. */
  readonly usedMinor: bigint;
  readonly ledgerTransferId: string;
}

const liveStates: readonly string[] = liveCertificateStates;

/**
 * Money that stands in suspense is taken for an obligation. A first leg, an early payment and a repurchase wait for the whole amount and
 * hold parts for the payer; at maturity every part goes to the holders of that moment at once. What is too much goes back.
 * Locks: receivables, certificates, assignment, obligation, ledger.
 */
@Injectable()
export class PayObligation {
  constructor(
    private readonly ledger: Ledger,
    private readonly receivables: Receivables,
    private readonly follow: FollowCertificates,
    private readonly transfers: DecideTransfers,
    private readonly setOff: SetOff,
    private readonly book: SettlementBook,
  ) {}

  /** Takes the amount, of the movement that the caller has locked, for the obligation. */
  async within(tx: Transaction, obligationId: string, amountMinor: bigint, entryId: string): Promise<PaidObligation> {
    const match = await nextMatch(tx, entryId);
    const suspense = organisationAccount(await this.book.operator(tx), 'settlement_suspense');
    const { kind, subjectId } = await tx.manager.findOneByOrFail(SettlementObligation, { id: obligationId });
    const effects: Effects = { postings: [], payouts: [], steps: [], parts: [] };
    const obligation =
      kind === 'maturity'
        ? await this.maturity(tx, obligationId, subjectId, amountMinor, suspense, effects)
        : kind === 'give_back'
          ? await this.givenBack(tx, obligationId, amountMinor, suspense, effects)
          : await this.whole(tx, kind, obligationId, subjectId, amountMinor, suspense, effects);
    const used = obligation.usedMinor;
    const over = amountMinor - used;
    if (over > 0n) {
      const { payerId } = obligation.after;
      effects.postings.push({
        debit: suspense,
        credit: organisationAccount(payerId, 'settlement_payable'),
        amount: over,
      });
      effects.payouts.push({ kind: 'refund', payeeId: payerId, amountMinor: over });
    }
    const { currency, reference: paidUnder } = obligation.after;
    await createPayouts(tx, { obligationId, matchId: match.id, reference: paidUnder, currency }, effects.payouts);
    await recordSettlementSteps(tx, effects.steps);
    const kept = await this.setOff.rows(tx, obligationId);
    const { transferId } = await this.ledger.post(tx, {
      reference: match.reference,
      description: `Payment of ${paidUnder}`,
      subject: { type: 'settlement_obligation', id: obligationId },
      postings: merged(effects.postings).map((posting) => ({ ...posting, currency })),
    });
    await this.setOff.post(tx, kept);
    const { parts } = effects;
    await recordMatch(tx, match, { obligationId, amountMinor, usedMinor: used, transferId, parts });
    return { usedMinor: used, ledgerTransferId: transferId };
  }

  /** Every part that comes lowers the debt at once. */
  private async givenBack(
    tx: Transaction,
    obligationId: string,
    amountMinor: bigint,
    suspense: AccountKey,
    effects: Effects,
  ): Promise<{ readonly after: SettlementObligation; readonly usedMinor: bigint }> {
    const before = await lockObligation(tx, obligationId);
    const isOpen = before.state === 'open' || before.state === 'overdue';
    const left = isOpen ? before.amountMinor - before.paidMinor : 0n;
    const usedMinor = amountMinor < left ? amountMinor : left;
    if (usedMinor === 0n) return { after: before, usedMinor };
    effects.postings.push({
      debit: suspense,
      credit: organisationAccount(before.payerId, 'settlement_receivable'),
      amount: usedMinor,
    });
    const changes = { paidMinor: before.paidMinor + usedMinor };
    const { after, steps } = await changeObligation(tx, before, changes, usedMinor === left ? 'pay' : undefined);
    effects.steps.push(...steps);
    return { after, usedMinor };
  }

  /** Obligations that take effect only when they are paid in full. */
  private async whole(
    tx: Transaction,
    kind: 'first_leg' | 'early' | 'repurchase',
    obligationId: string,
    subjectId: string,
    amountMinor: bigint,
    suspense: AccountKey,
    effects: Effects,
  ): Promise<{ readonly after: SettlementObligation; readonly usedMinor: bigint }> {
    const locked =
      kind === 'early'
        ? await lockAsk(tx, this.receivables, subjectId)
        : await lockSale(tx, this.receivables, subjectId);
    const before = await lockObligation(tx, obligationId);
    const isOpen = before.state === 'open' || before.state === 'overdue';
    const left = isOpen ? before.amountMinor - before.paidMinor : 0n;
    const usedMinor = amountMinor < left ? amountMinor : left;
    if (usedMinor === 0n) return { after: before, usedMinor };
    const payer = organisationAccount(before.payerId, 'settlement_payable');
    if (usedMinor < left) {
      effects.postings.push({ debit: suspense, credit: payer, amount: usedMinor });
      const { after, steps } = await changeObligation(tx, before, { paidMinor: before.paidMinor + usedMinor });
      effects.steps.push(...steps);
      return { after, usedMinor };
    }
    const { after, steps } = await changeObligation(tx, before, { paidMinor: before.amountMinor }, 'pay');
    effects.steps.push(...steps);
    const payeeId =
      'ask' in locked
        ? locked.ask.supplierId
        : kind === 'first_leg'
          ? locked.assignment.sellerId
          : locked.assignment.assigneeId;
    const payee = organisationAccount(payeeId, 'settlement_payable');
    if (before.paidMinor > 0n) effects.postings.push({ debit: payer, credit: payee, amount: before.paidMinor });
    effects.postings.push({ debit: suspense, credit: payee, amount: usedMinor });
    effects.payouts.push({ kind: 'proceeds', payeeId, amountMinor: before.amountMinor });
    if ('ask' in locked) await this.paidEarly(tx, locked.ask, locked.certificates, locked.receivable, effects);
    else if (kind === 'first_leg') await this.paidFirstLeg(tx, locked.assignment, effects);
    else await this.boughtBack(tx, locked, effects);
    return { after, usedMinor };
  }

  private async paidFirstLeg(tx: Transaction, assignment: Assignment, effects: Effects): Promise<void> {
    const { after, step } = await moveAssignment(tx, assignment, 'pay', 'settlement');
    effects.steps.push(step);
    // It came after all that the anchor was to pay.
    if (!(await itemsOf(tx, assignment.id)).some(({ live }) => live === 1))
      effects.steps.push((await moveAssignment(tx, after, 'satisfy', 'settlement')).step);
    await clearTimers(tx, assignment.id, [settlementTimers.firstLegFailure]);
    notify(tx, {
      organisationId: assignment.sellerId,
      template: 'first_leg_paid',
      parameters: { reference: assignment.reference },
      link: '/settlement',
    });
  }

  private async paidEarly(
    tx: Transaction,
    ask: DiscountAsk,
    certificates: readonly Certificate[],
    receivable: Awaited<ReturnType<Receivables['lock']>>,
    effects: Effects,
  ): Promise<void> {
    const certificate = certificates.find(({ id }) => id === ask.certificateId) as Certificate;
    const { after, step } = await moveCertificate(
      tx,
      certificate,
      'settle',
      'settlement',
      { paidMinor: certificate.amountMinor },
      'paid early',
    );
    await tx.manager.update(DiscountAsk, { id: ask.id }, { state: 'paid', live: null, version: ask.version + 1 });
    await clearTimers(tx, ask.id, [settlementTimers.discountLapse]);
    effects.steps.push(step, {
      subjectType: 'discount_ask',
      subjectId: ask.id,
      action: 'pay',
      from: ask.state,
      to: 'paid',
      version: ask.version + 1,
      audience: [ask.supplierId, ask.anchorId],
    });
    effects.postings.push({
      debit: organisationAccount(ask.supplierId, 'receivable_held'),
      credit: organisationAccount(ask.anchorId, 'receivable_owed'),
      amount: certificate.amountMinor,
    });
    const maturity = await lockObligationOf(tx, 'maturity', ask.receivableId);
    if (maturity?.state === 'open' && maturity.amountMinor === maturity.paidMinor)
      effects.steps.push(...(await changeObligation(tx, maturity, {}, 'pay')).steps);
    await this.follow.within(
      tx,
      receivable,
      certificates.map((each) => (each.id === after.id ? after : each)),
      true,
    );
  }

  private async boughtBack(
    tx: Transaction,
    sale: Awaited<ReturnType<typeof lockSale>>,
    effects: Effects,
  ): Promise<void> {
    const { assignment, items, receivables, certificates } = sale;
    const { step } = await moveAssignment(tx, assignment, 'repurchase', 'settlement');
    effects.steps.push(step);
    const moved = new Map<string, Certificate>();
    for (const certificate of certificates.filter(({ status }) => status === 'assigned')) {
      const { after, step: each } = await moveCertificate(tx, certificate, 'repurchase', 'settlement', {
        holderOrganisationId: assignment.sellerId,
      });
      moved.set(after.id, after);
      effects.steps.push(each);
      effects.postings.push({
        debit: organisationAccount(assignment.assigneeId, 'receivable_held'),
        credit: organisationAccount(assignment.sellerId, 'receivable_held'),
        amount: certificate.amountMinor - certificate.paidMinor,
      });
    }
    await releaseItems(
      tx,
      items.filter(({ live }) => live === 1).map(({ id }) => id),
    );
    // What was kept back for the seller is the seller's: it owns the claim again.
    for (const { holdbackPaidMinor, live } of items)
      if (live === 1 && holdbackPaidMinor > 0n) {
        effects.postings.push({
          debit: organisationAccount(assignment.sellerId, 'holdback'),
          credit: organisationAccount(assignment.sellerId, 'settlement_payable'),
          amount: holdbackPaidMinor,
        });
        effects.payouts.push({ kind: 'holdback', payeeId: assignment.sellerId, amountMinor: holdbackPaidMinor });
      }
    for (const receivable of receivables) {
      const all = (await lockCertificatesOf(tx, [receivable.id])).map((each) => moved.get(each.id) ?? each);
      const canMove = ['assigned', 'due', 'overdue', 'defaulted'].includes(receivable.state);
      if (canMove && !all.some(({ status }) => status === 'assigned'))
        await this.receivables.move(tx, receivable, 'repurchase', { role: 'settlement' });
    }
  }

  /** The anchor pays: the holders of this moment, then the holdbacks of those who sold to them. */
  private async maturity(
    tx: Transaction,
    obligationId: string,
    receivableId: string,
    amountMinor: bigint,
    suspense: AccountKey,
    effects: Effects,
  ): Promise<{ readonly after: SettlementObligation; readonly usedMinor: bigint }> {
    const receivable = await this.receivables.lock(tx, receivableId);
    let certificates = await lockCertificatesOf(tx, [receivableId]);
    const pending = certificates.filter(({ onHoldMinor }) => onHoldMinor > 0n);
    if (pending.length > 0) {
      // The money is here: whoever has not accepted yet is too late, and the holder is paid.
      const waiting = await tx.manager.find(CertificateTransfer, {
        where: pending.map(({ id }) => ({ certificateId: id })),
      });
      const open = waiting.filter(({ state }) => state === 'proposed' || state === 'offered').map(({ id }) => id);
      await this.transfers.expire(tx, open, await tx.time(), true);
      certificates = await lockCertificatesOf(tx, [receivableId]);
    }
    const items = new Map(
      (await tx.manager.find(AssignmentItem, { where: { receivableId, live: 1 }, order: { id: 'ASC' } })).map(
        (item) => [item.certificateId, item],
      ),
    );
    const assignments = new Map<string, Assignment>();
    for (const id of [...new Set([...items.values()].map(({ assignmentId }) => assignmentId))].sort())
      assignments.set(id, await lockAssignment(tx, id));
    const before = await lockObligation(tx, obligationId);
    const isOpen = before.state === 'open' || before.state === 'overdue';
    const byId = new Map(certificates.map((each) => [each.id, each]));
    const claims = certificates
      .filter(({ status }) => isOpen && status !== 'early' && liveStates.includes(status))
      .map((each) => {
        const item = items.get(each.id);
        const holdbackMinor = item ? item.holdbackMinor - item.holdbackPaidMinor : 0n;
        return {
          certificateId: each.id,
          holderMinor: each.amountMinor - each.paidMinor - holdbackMinor,
          holdbackMinor,
        };
      });
    const { paid, over } = spreadPayment(amountMinor, claims);
    const usedMinor = amountMinor - over;
    if (usedMinor === 0n) return { after: before, usedMinor };
    const rows: { id: string; paidMinor: bigint; settled: boolean }[] = [];
    const released: string[] = [];
    for (const { certificateId, holderMinor, holdbackMinor } of paid) {
      const certificate = byId.get(certificateId) as Certificate;
      const item = items.get(certificateId);
      const holderId = certificate.holderOrganisationId;
      const paidMinor = certificate.paidMinor + holderMinor + holdbackMinor;
      const settled = paidMinor === certificate.amountMinor;
      rows.push({ id: certificateId, paidMinor, settled });
      effects.parts.push({ certificateId, holderId, itemId: item?.id ?? null, holderMinor, holdbackMinor });
      byId.set(certificateId, { ...certificate, paidMinor, status: settled ? 'settled' : certificate.status });
      effects.postings.push({
        debit: organisationAccount(holderId, 'receivable_held'),
        credit: organisationAccount(certificate.anchorOrganisationId, 'receivable_owed'),
        amount: holderMinor + holdbackMinor,
      });
      if (holderMinor > 0n) {
        effects.postings.push({
          debit: suspense,
          credit: organisationAccount(holderId, 'settlement_payable'),
          amount: holderMinor,
        });
        effects.payouts.push({ kind: 'proceeds', payeeId: holderId, amountMinor: holderMinor });
      }
      if (settled)
        effects.steps.push({
          subjectType: 'certificate',
          subjectId: certificateId,
          action: 'settle',
          from: certificate.status,
          to: 'settled',
          version: certificate.version + 1,
          audience: [holderId],
          payload: { receivableId },
        });
      if (!item) continue;
      const sellerId = (assignments.get(item.assignmentId) as Assignment).sellerId;
      const kept = item.holdbackPaidMinor + holdbackMinor;
      if (holdbackMinor > 0n)
        effects.postings.push({
          debit: suspense,
          credit: organisationAccount(sellerId, 'holdback'),
          amount: holdbackMinor,
        });
      await tx.manager.update(AssignmentItem, { id: item.id }, { holdbackPaidMinor: kept });
      if (!settled) continue;
      released.push(item.id);
      if (kept > 0n) {
        effects.postings.push({
          debit: organisationAccount(sellerId, 'holdback'),
          credit: organisationAccount(sellerId, 'settlement_payable'),
          amount: kept,
        });
        effects.payouts.push({ kind: 'holdback', payeeId: sellerId, amountMinor: kept });
      }
    }
    await writePaid(tx, rows);
    await releaseItems(tx, released);
    for (const assignment of assignments.values()) {
      const left = (await itemsOf(tx, assignment.id)).some(({ live }) => live === 1);
      // A first leg that never came is undone by its clock; here only what was bought is satisfied.
      if (!left && assignment.state === 'paid')
        effects.steps.push((await moveAssignment(tx, assignment, 'satisfy', 'settlement')).step);
    }
    const paidMinor = before.paidMinor + usedMinor;
    const { after, steps } = await changeObligation(
      tx,
      before,
      { paidMinor },
      paidMinor === before.amountMinor ? 'pay' : undefined,
    );
    effects.steps.push(...steps);
    await this.follow.within(tx, receivable, [...byId.values()]);
    return { after, usedMinor };
  }
}

/** The assignment stands no more for these certificates. */
export async function releaseItems(tx: Transaction, itemIds: readonly string[]): Promise<void> {
  if (itemIds.length === 0) return;
  await tx.execute(
    `UPDATE assignment_item SET live = NULL, released_at = ?, register_due = 1 WHERE id IN (${itemIds.map(() => '?').join(',')})`,
    [await tx.time(), ...itemIds.map(idBytes)],
  );
}

/** What each certificate has been paid, some hundred a statement. */
async function writePaid(
  tx: Transaction,
  rows: readonly { readonly id: string; readonly paidMinor: bigint; readonly settled: boolean }[],
): Promise<void> {
  const size = 400;
  for (let at = 0; at < rows.length; at += size) {
    const part = rows.slice(at, at + size);
    const marks = part.map(() => '?').join(',');
    const settled = part.filter((each) => each.settled).map(({ id }) => idBytes(id));
    const ends = settled.length > 0 ? `id IN (${settled.map(() => '?').join(',')})` : 'FALSE';
    await tx.execute(
      `UPDATE certificate SET paid_minor = CASE id ${part.map(() => 'WHEN ? THEN ?').join(' ')} END,
         listed_for = CASE WHEN ${ends} THEN NULL ELSE listed_for END,
         status = CASE WHEN ${ends} THEN 'settled' ELSE status END, version = version + 1 WHERE id IN (${marks})`,
      [
        ...part.flatMap(({ id, paidMinor }) => [idBytes(id), paidMinor]),
        ...settled,
        ...settled,
        ...part.map(({ id }) => idBytes(id)),
      ],
    );
  }
}

/** One line for each pair of accounts. */
function merged(postings: readonly Posting[]): Posting[] {
  const sums = new Map<string, Posting>();
  for (const posting of postings) {
    const { debit, credit } = posting;
    const key = `${debit.ownerId}:${debit.purpose}>${credit.ownerId}:${credit.purpose}`;
    sums.set(key, { ...posting, amount: posting.amount + (sums.get(key)?.amount ?? 0n) });
  }
  return [...sums.values()];
}
