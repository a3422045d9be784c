// size: what each kind of bank movement is matched to, beside the loop that takes them one by one.
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Ledger, organisationAccount } from '#ledger';
import { notify } from '#notices';
import { type CommandContext, idBytes, idText, type Transaction, UnitOfWork } from '#platform';
import { normalReference, referencesIn } from '../domain/settlement-reference.js';
import { matchPayment } from '../domain/statement-match.policy.js';
import { SettlementObligation, SettlementPayout, StatementEntry } from '../persistence/settlement.entities.js';
import { PaymentAccounts } from './payment-accounts.js';
import { PayObligation } from './pay-obligation.js';
import { SettlementBook } from './settlement-book.js';
import { lockPayout, movePayout } from './settlement-records.js';
import { SetOff } from './set-off.js';
import { type EntryChanges, lockEntry, moveEntry } from './statement-entries.js';
import { TakeBackPayment } from './take-back-payment.js';

/** Finds what each booked movement belongs to. What is not beyond doubt goes to the worklist. */
@Injectable()
export class MatchEntries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: Ledger,
    private readonly payments: PayObligation,
    private readonly takeBack: TakeBackPayment,
    private readonly setOff: SetOff,
    private readonly accounts: PaymentAccounts,
    private readonly book: SettlementBook,
  ) {}

  /** All of one statement that nobody has looked at; each in a transaction of its own. */
  async ofStatement(
    context: CommandContext,
    statementId: string,
  ): Promise<{ readonly matched: number; readonly unclear: number }> {
    const plain: CommandContext = { actor: context.actor, traceId: context.traceId };
    for (;;) {
      const open = await this.unitOfWork.run(plain, (tx) =>
        tx.rows<{ id: Buffer }>(
          "SELECT id FROM statement_entry WHERE statement_id = ? AND state = 'booked' ORDER BY id LIMIT 200",
          [idBytes(statementId)],
        ),
      );
      if (open.length === 0) break;
      for (const { id } of open) await this.one(plain, idText(id));
    }
    return this.unitOfWork.run(plain, async (tx) => {
      const rows = await tx.rows<{ state: string; n: string }>(
        'SELECT state, COUNT(*) AS n FROM statement_entry WHERE statement_id = ? GROUP BY state',
        [idBytes(statementId)],
      );
      const count = (...states: string[]) =>
        rows.filter(({ state }) => states.includes(state)).reduce((sum, { n }) => sum + Number(n), 0);
      return { matched: count('matched', 'returned', 'reversed'), unclear: count('unclear', 'proposed') };
    });
  }

  /** For the worker's loop: movements that a crash left unmatched. */
  async leftovers(context: CommandContext): Promise<number> {
    const open = await this.unitOfWork.run(context, (tx) =>
      tx.rows<{ id: Buffer }>("SELECT id FROM statement_entry WHERE state = 'booked' ORDER BY id LIMIT 100"),
    );
    for (const { id } of open) await this.one(context, idText(id));
    return open.length;
  }

  async one(context: CommandContext, entryId: string): Promise<void> {
    await this.unitOfWork.run(context, async (tx) => {
      const entry = await lockEntry(tx, entryId);
      if (entry.state === 'booked') await this.match(tx, entry);
    });
  }

  private async match(tx: Transaction, entry: StatementEntry): Promise<void> {
    if (entry.amountMinor === 0n)
      return void (await moveEntry(tx, entry, 'match', 'settlement', { matchedBy: 'nothing' }));
    const isBack = entry.reversal || entry.returnReason !== null;
    if (entry.direction === 'debit') return isBack ? this.reversal(tx, entry) : this.paidOut(tx, entry);
    if (isBack) return this.cameBack(tx, entry);
    return this.cameIn(tx, entry);
  }

  /** A payment arrived. */
  private async cameIn(tx: Transaction, entry: StatementEntry): Promise<void> {
    const references = referencesIn(entry.texts);
    const payers = entry.partyAccount === null ? [] : await this.accounts.ownersOf(tx, entry.partyAccount);
    const byReference =
      references.length === 0 ? [] : await tx.manager.findBy(SettlementObligation, { reference: In(references) });
    const ofPayers =
      payers.length === 0 || byReference.length > 0
        ? []
        : await tx.manager.find(SettlementObligation, {
            where: { payerId: In([...payers]), state: In(['open', 'overdue']) },
            order: { dueOn: 'ASC', id: 'ASC' },
            take: 500,
          });
    const obligations = [...byReference, ...ofPayers.filter(({ amountMinor, paidMinor }) => amountMinor > paidMinor)];
    const verdict = matchPayment(
      {
        amountMinor: entry.amountMinor,
        currency: entry.currency,
        texts: entry.texts,
        payerAccount: entry.partyAccount,
      },
      obligations.map((each) => ({
        id: each.id,
        reference: each.reference,
        currency: each.currency,
        outstandingMinor: each.amountMinor - each.paidMinor,
        payerAccounts: payers.includes(each.payerId) && entry.partyAccount !== null ? [entry.partyAccount] : [],
      })),
    );
    if (verdict.kind === 'unclear') return this.doubt(tx, entry, verdict.why, verdict.candidates);
    const { ledgerTransferId } = await this.payments.within(tx, verdict.obligationId, entry.amountMinor, entry.id);
    await moveEntry(tx, entry, 'match', 'settlement', {
      matchedBy: verdict.by,
      matchedMinor: entry.amountMinor,
      obligationId: verdict.obligationId,
      matchTransferId: ledgerTransferId,
    });
  }

  /** The bank has paid a payout: its end-to-end identification and its amount say which. */
  private async paidOut(tx: Transaction, entry: StatementEntry): Promise<void> {
    const found = await this.payoutOf(tx, entry);
    if (!found) return this.doubt(tx, entry, 'no_payout', []);
    const payout = await lockPayout(tx, found.id);
    if (payout.state !== 'instructed' || payout.amountMinor !== entry.amountMinor || payout.currency !== entry.currency)
      return this.doubt(tx, entry, 'payout_differs', [payout.id]);
    await this.settlePayout(tx, entry, payout, 'settlement');
  }

  /** What was paid out is the payee's no more in our books, and the operator has explained the debit. */
  async settlePayout(
    tx: Transaction,
    entry: StatementEntry,
    payout: SettlementPayout,
    role: 'settlement' | 'checker',
    changes: EntryChanges = {},
  ): Promise<void> {
    await movePayout(tx, payout, 'pay', 'settlement');
    await moveEntry(tx, entry, 'match', role, {
      ...changes,
      matchedBy: changes.matchedBy ?? 'end_to_end',
      payoutId: payout.id,
    });
    notify(tx, {
      organisationId: payout.payeeId,
      template: 'payout_paid',
      parameters: { reference: payout.reference },
      link: '/settlement',
    });
    await this.ledger.post(tx, {
      reference: `settlement.payout:${payout.id}:${payout.attempts}`,
      description: `Paid out ${payout.reference}`,
      subject: { type: 'settlement_payout', id: payout.id },
      postings: [
        {
          debit: organisationAccount(payout.payeeId, 'settlement_payable'),
          credit: organisationAccount(await this.book.operator(tx), 'settlement_receivable'),
          amount: payout.amountMinor,
          currency: payout.currency,
        },
      ],
    });
  }

  /** The bank returns a payout: the money is the payee's again, and due once more. */
  private async cameBack(tx: Transaction, entry: StatementEntry): Promise<void> {
    const found = await this.payoutOf(tx, entry);
    if (!found) return this.doubt(tx, entry, 'no_payout', []);
    const payout = await lockPayout(tx, found.id);
    if (payout.state !== 'paid' || payout.amountMinor !== entry.amountMinor || payout.currency !== entry.currency)
      return this.doubt(tx, entry, 'payout_differs', [payout.id]);
    await this.returnPayout(tx, entry, payout, 'settlement');
  }

  /** The money is the payee's again: due once more, or kept against what it is to give back of the same claim. */
  async returnPayout(
    tx: Transaction,
    entry: StatementEntry,
    payout: SettlementPayout,
    role: 'settlement' | 'checker',
    changes: EntryChanges = {},
  ): Promise<void> {
    await movePayout(tx, payout, 'give_back', 'settlement', {
      fileId: null,
      reason: `returned by the bank ${entry.returnReason ?? ''}`.trim(),
    });
    await moveEntry(tx, entry, 'match', role, {
      ...changes,
      matchedBy: changes.matchedBy ?? 'end_to_end',
      matchedMinor: entry.amountMinor,
      payoutId: payout.id,
    });
    const kept = await this.setOff.rows(tx, payout.obligationId ?? payout.matchId);
    notify(tx, {
      organisationId: payout.payeeId,
      template: 'payout_returned',
      parameters: { reference: payout.reference },
      link: '/settlement',
    });
    await this.ledger.post(tx, {
      reference: `settlement.payout_return:${payout.id}:${payout.attempts}`,
      description: `Returned ${payout.reference}`,
      subject: { type: 'settlement_payout', id: payout.id },
      postings: [
        {
          debit: organisationAccount(await this.book.operator(tx), 'settlement_suspense'),
          credit: organisationAccount(payout.payeeId, 'settlement_payable'),
          amount: payout.amountMinor,
          currency: payout.currency,
        },
      ],
    });
    await this.setOff.post(tx, kept);
  }

  /** The bank takes back a payment that had arrived: the movement is found, and what it paid is taken apart. */
  private async reversal(tx: Transaction, entry: StatementEntry): Promise<void> {
    const originals = await this.takeBack.originalsOf(tx, entry);
    const [original] = originals;
    if (!original || !areAlike(originals))
      return this.doubt(
        tx,
        entry,
        'no_original',
        originals.slice(0, 20).map(({ id }) => id),
      );
    if (!(await this.takeBack.within(tx, original.id, entry)))
      await this.doubt(tx, entry, 'reversal_too_late', [original.id]);
  }

  private async payoutOf(tx: Transaction, entry: StatementEntry): Promise<SettlementPayout | undefined> {
    const words = [entry.endToEnd, ...entry.texts]
      .flatMap((text) => (text === null ? [] : [text, normalReference(text)]))
      .filter((text) => text.length <= 35);
    if (words.length === 0) return undefined;
    const found = await tx.manager.findBy(SettlementPayout, { endToEnd: In([...new Set(words)]) });
    return found.length === 1 ? found[0] : undefined;
  }

  private async doubt(
    tx: Transaction,
    entry: StatementEntry,
    why: string,
    candidates: readonly string[],
  ): Promise<void> {
    await moveEntry(tx, entry, 'doubt', 'settlement', { why, candidates: [...candidates] });
  }
}

/** Twins of one payer for one obligation: it is all the same which of them went back, so the latest did. */
function areAlike(entries: readonly StatementEntry[]): boolean {
  const [first] = entries;
  return entries.every(
    (each) =>
      each === first ||
      (each.obligationId !== null &&
        each.obligationId === first?.obligationId &&
        each.partyAccount === first.partyAccount),
  );
}
