// size: one movement that the bank took back, from finding it to who owes what.
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Ledger, organisationAccount } from '#ledger';
import { notify } from '#notices';
import { idBytes, idText, setTimer, type Transaction } from '#platform';
import { groupBy } from '../domain/group-by.js';
import { referencesIn } from '../domain/settlement-reference.js';
import { Assignment } from '../persistence/certificate.entities.js';
import { type SettlementMatch, SettlementObligation, StatementEntry } from '../persistence/settlement.entities.js';
import { PayObligation } from './pay-obligation.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { laterThan, matchesOf } from './settlement-matches.js';
import { lockObligation, openObligation } from './settlement-records.js';
import { settlementTimers } from './settlement-timers.js';
import { SetOff } from './set-off.js';
import { type EntryChanges, lockEntry, moveEntry } from './statement-entries.js';
import { UndoAssignment } from './undo-assignment.js';
import { UndoMatch } from './undo-match.js';

/** What a party is to give back, and the obligation or match whose money it was. */
export interface Debt {
  readonly payerId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly subjectId: string;
}

const reversible = ['booked', 'unclear', 'proposed', 'matched', 'returned'] as const;

/**
 * The bank takes a payment back. What it paid is taken apart and open again; who was paid out of it is to give it back. Where
 * others have built on it (the anchor paid on the sale, the seller bought back, the certificate has another holder) it stands, and
 * its payer owes it. In both cases the debt is an obligation with a reference, a day and a clock.
 */
@Injectable()
export class TakeBackPayment {
  constructor(
    private readonly ledger: Ledger,
    private readonly matches: UndoMatch,
    private readonly payments: PayObligation,
    private readonly assignments: UndoAssignment,
    private readonly setOff: SetOff,
    private readonly book: SettlementBook,
  ) {}

  /** Movements that this one may take back: same amount, and a reference or an end-to-end identification in common; the latest first. */
  async originalsOf(tx: Transaction, entry: StatementEntry): Promise<readonly StatementEntry[]> {
    const references = referencesIn(entry.texts);
    const words = new Set([...references, ...(entry.endToEnd === null ? [] : [entry.endToEnd])]);
    const alike = { account: entry.account, amountMinor: entry.amountMinor, currency: entry.currency };
    const open = { ...alike, direction: 'credit', reversal: false, state: In([...reversible]) } as const;
    const latest = await tx.manager.find(StatementEntry, { where: open, order: { id: 'DESC' }, take: 200 });
    const paid =
      references.length === 0
        ? []
        : await tx.rows<{ entry_id: Buffer }>(
            `SELECT DISTINCT m.entry_id FROM settlement_match m JOIN settlement_obligation o ON o.id = m.obligation_id
             WHERE m.undone_at IS NULL AND o.reference IN (${references.map(() => '?').join(',')}) LIMIT 200`,
            [...references],
          );
    const named = await tx.manager.find(StatementEntry, {
      where: { ...open, id: In(paid.map(({ entry_id }) => idText(entry_id))) },
    });
    const found = new Map([...latest, ...named].map((each) => [each.id, each]));
    const originals = [...found.values()].filter(
      (each) =>
        each.returnReason === null &&
        (referencesIn(each.texts).some((word) => words.has(word)) ||
          (each.endToEnd !== null && words.has(each.endToEnd))),
    );
    // The sender's own identification of the payment tells twins apart.
    const same = originals.filter(({ endToEnd }) => endToEnd !== null && endToEnd === entry.endToEnd);
    return (same.length > 0 ? same : originals).sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** False when a person must say what it is. `reversal` is locked by the caller; both movements are closed here. */
  async within(
    tx: Transaction,
    originalId: string,
    reversal: StatementEntry,
    by: { readonly role: 'settlement' | 'checker'; readonly changes?: EntryChanges } = { role: 'settlement' },
  ): Promise<boolean> {
    const original = await lockEntry(tx, originalId);
    const isOpen = (reversible as readonly string[]).includes(original.state) && original.direction === 'credit';
    const fits = original.amountMinor === reversal.amountMinor && original.currency === reversal.currency;
    if (!isOpen || !fits) return false;
    const matches = await matchesOf(tx, originalId);
    const covered = matches.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    const isPaid = original.state === 'matched' || original.state === 'returned';
    // What was matched before movements were written down part by part: nobody can tell what it paid.
    if (isPaid && covered !== original.amountMinor && original.matchedBy !== 'nothing') return false;
    const debts: Debt[] = [];
    const reopened: string[] = [];
    const byObligation = groupBy(matches, ({ id, obligationId }) => obligationId ?? id);
    for (const [subjectId, own] of [...byObligation].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const taken = await this.takeApart(tx, own, original, reversal.id);
      if (taken) debts.push(...taken);
      else for (const match of own) debts.push(await this.payerOwes(tx, match, original));
      if (taken?.length === 0) reopened.push(subjectId);
    }
    await moveEntry(tx, original, 'reverse', 'settlement', { why: 'taken_back_by_the_bank' });
    await moveEntry(tx, reversal, 'reverse', by.role, {
      ...by.changes,
      why: 'reverses_another',
      reversesId: originalId,
    });
    await this.leave(tx, original, reversal.id);
    const subjects = new Set(debts.map(({ subjectId }) => subjectId));
    for (const debt of debts) await this.demand(tx, debt);
    for (const subjectId of [...subjects].sort()) await this.setOff.post(tx, await this.setOff.rows(tx, subjectId));
    for (const subjectId of reopened) await this.undoSale(tx, subjectId);
    return true;
  }

  /** Opens what a party is to give back, with its day, its clock and its notice. The caller has posted it. */
  async demand(tx: Transaction, { payerId, amountMinor, currency, subjectId }: Debt): Promise<string> {
    const today = this.book.day(await tx.now());
    const dueOn = await this.book.workingDayAfter(tx, today, this.book.rules.giveBackWorkingDays);
    const { id, reference } = await openObligation(tx, {
      kind: 'give_back',
      subjectId,
      payerId,
      currency,
      amountMinor,
      dueOn,
    });
    await recordSettlementSteps(tx, [
      {
        subjectType: 'settlement_obligation',
        subjectId: id,
        action: 'demand',
        from: null,
        to: 'open',
        version: 1,
        audience: [payerId],
        payload: { kind: 'give_back' },
      },
    ]);
    const overdueAt = new Date(this.book.startOf(dueOn).getTime() + 86_400_000);
    await setTimer(tx, settlementTimers.obligationOverdue, id, overdueAt);
    notify(tx, {
      organisationId: payerId,
      template: 'money_to_give_back',
      parameters: { reference, until: dueOn },
      link: '/settlement',
    });
    return id;
  }

  /**
   * Who is to give back what, when the payments (all of one obligation) were taken apart; undefined when they stand. Later payments of the
   * same obligation are taken apart before them and take effect again after: what they pay depends on what was open.
   */
  private async takeApart(
    tx: Transaction,
    own: readonly SettlementMatch[],
    original: StatementEntry,
    reversalId: string,
  ): Promise<readonly Debt[] | undefined> {
    const first = own[0] as SettlementMatch;
    if (!(await this.matches.isPossible(tx, first))) return undefined;
    const after = await laterThan(tx, first);
    const others = after.filter(({ entryId }) => entryId !== original.id);
    for (const id of [...new Set(others.map(({ entryId }) => entryId))].sort()) await lockEntry(tx, id);
    for (const each of after) if (!(await this.matches.isPossible(tx, each))) return undefined;
    const { currency } = original;
    const debts: Debt[] = [];
    for (const each of [...after, first]) {
      const reference = `settlement.take_back:${reversalId}:${each.id}`;
      for (const { payeeId, amountMinor } of await this.matches.within(tx, each, reference))
        debts.push({ payerId: payeeId, amountMinor, currency, subjectId: each.obligationId ?? each.id });
    }
    if (first.obligationId === null) return debts;
    const { payerId, reference } = await tx.manager.findOneByOrFail(SettlementObligation, { id: first.obligationId });
    notify(tx, {
      organisationId: payerId,
      template: 'payment_taken_back',
      parameters: { reference },
      link: '/settlement',
    });
    for (const { entryId, amountMinor } of others.toReversed()) {
      const { ledgerTransferId } = await this.payments.within(tx, first.obligationId, amountMinor, entryId);
      await tx.execute('UPDATE statement_entry SET match_transfer_id = ? WHERE id = ? AND obligation_id = ?', [
        idBytes(ledgerTransferId),
        idBytes(entryId),
        idBytes(first.obligationId),
      ]);
    }
    return debts;
  }

  /** The payment stands: who made it owes it. */
  private async payerOwes(tx: Transaction, match: SettlementMatch, original: StatementEntry): Promise<Debt> {
    const obligationId = match.obligationId as string;
    const { payerId } = await tx.manager.findOneByOrFail(SettlementObligation, { id: obligationId });
    const { amountMinor } = match;
    const { currency } = original;
    await this.ledger.post(tx, {
      reference: `settlement.owed_back:${match.id}`,
      description: 'The bank took back a payment that stands',
      subject: { type: 'settlement_match', id: match.id },
      postings: [
        {
          debit: organisationAccount(payerId, 'settlement_receivable'),
          credit: organisationAccount(await this.book.operator(tx), 'settlement_suspense'),
          amount: amountMinor,
          currency,
        },
      ],
    });
    return { payerId, amountMinor, currency, subjectId: obligationId };
  }

  /** A sale whose price was not paid out yet has no reason to wait: it is undone at once. */
  private async undoSale(tx: Transaction, obligationId: string): Promise<void> {
    const found = await tx.manager.findOneBy(SettlementObligation, { id: obligationId });
    if (!found) return;
    const { kind, subjectId, state } = await lockObligation(tx, obligationId);
    if (kind !== 'first_leg' || state === 'paid' || state === 'cancelled') return;
    const { state: stands } = await tx.manager.findOneByOrFail(Assignment, { id: subjectId });
    if (stands === 'registered' && !(await this.assignments.hasAnchorPaid(tx, subjectId)))
      await this.assignments.within(tx, subjectId, 'the bank took the first leg back', 'settlement');
  }

  /** The money leaves suspense, and the debit that the bank has booked is explained by it. */
  private async leave(tx: Transaction, original: StatementEntry, reversalId: string): Promise<void> {
    const operator = await this.book.operator(tx);
    await this.ledger.post(tx, {
      reference: `settlement.reversal:${reversalId}`,
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
    });
  }
}
