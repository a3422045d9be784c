import { Injectable } from '@nestjs/common';
import { Ledger, organisationAccount } from '#ledger';
import { IdentityReader } from '#identity';
import { type CommandContext, httpError, type Transaction, UnitOfWork } from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import { SettlementObligation, SettlementPayout, type StatementEntry } from '../persistence/settlement.entities.js';
import { lockEntry, MatchEntries, moveEntry } from './match-entries.js';
import { PayObligation } from './pay-obligation.js';
import { SettlementBook } from './settlement-book.js';
import { createPayouts, lockPayout } from './settlement-records.js';
import { withCheckDigits } from '../domain/settlement-reference.js';

/** What a movement is, by a person's word. */
export interface MatchProposal {
  /** `obligation`: it pays this; `payout`: it is this payout; `return`: it goes back to this organisation; `own`: a cost of the operator's own. */
  readonly kind: 'obligation' | 'payout' | 'return' | 'own';
  readonly id: string | null;
  readonly note: string;
}

/** The worklist: one person says what an unclear movement is, another one decides. */
@Injectable()
export class DecideMatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payments: PayObligation,
    private readonly matching: MatchEntries,
    private readonly identity: IdentityReader,
    private readonly ledger: Ledger,
    private readonly book: SettlementBook,
  ) {}

  async propose(
    context: CommandContext,
    entryId: string,
    proposal: MatchProposal,
  ): Promise<{ readonly state: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const entry = await lockEntry(tx, entryId);
      await this.assertSuits(tx, entry, proposal);
      const { state } = await moveEntry(tx, entry, 'propose', 'maker', {
        proposal: proposal.kind,
        proposalId: proposal.id,
        proposalNote: proposal.note,
        proposedBy: context.actor.id,
        decidedBy: null,
      });
      return { state };
    });
  }

  async decide(context: CommandContext, entryId: string, approved: boolean): Promise<{ readonly state: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const entry = await lockEntry(tx, entryId);
      if (entry.state !== 'proposed') await moveEntry(tx, entry, 'reject', 'checker');
      if (context.actor.kind !== 'person') throw settlementError('settlement_person_required');
      if (entry.proposedBy === context.actor.id) throw settlementError('settlement_maker_and_checker_same');
      if (!approved) {
        const { state } = await moveEntry(tx, entry, 'reject', 'checker', {
          proposal: null,
          proposalId: null,
          proposedBy: null,
        });
        return { state };
      }
      return this.apply(tx, entry);
    });
  }

  private async apply(tx: Transaction, entry: StatementEntry): Promise<{ readonly state: string }> {
    const decidedBy = tx.context.actor.id;
    const id = entry.proposalId ?? '';
    if (entry.proposal === 'obligation') {
      const { ledgerTransferId } = await this.payments.within(
        tx,
        id,
        entry.amountMinor,
        `settlement.match:${entry.id}`,
      );
      return moveEntry(tx, entry, 'match', 'checker', {
        matchedBy: 'person',
        obligationId: id,
        matchTransferId: ledgerTransferId,
        decidedBy,
      });
    }
    if (entry.proposal === 'payout') {
      const payout = await lockPayout(tx, id);
      await this.assertSuits(tx, entry, { kind: 'payout', id, note: '' });
      await this.matching.settlePayout(tx, entry, payout, 'checker', { matchedBy: 'person', decidedBy });
      return { state: 'matched' };
    }
    if (entry.proposal === 'own') return moveEntry(tx, entry, 'match', 'checker', { matchedBy: 'person', decidedBy });
    const reference = withCheckDigits(entry.id.replaceAll('-', '').toUpperCase().slice(-21));
    await createPayouts(tx, { obligationId: null, reference, currency: entry.currency }, [
      { kind: 'refund', payeeId: id, amountMinor: entry.amountMinor },
    ]);
    const after = await moveEntry(tx, entry, 'return', 'checker', { matchedBy: 'person', decidedBy });
    await this.ledger.post(tx, {
      reference: `settlement.return:${entry.id}`,
      description: `Returned: ${entry.entryRef}`,
      subject: { type: 'statement_entry', id: entry.id },
      postings: [
        {
          debit: organisationAccount(await this.book.operator(), 'settlement_suspense'),
          credit: organisationAccount(id, 'settlement_payable'),
          amount: entry.amountMinor,
          currency: entry.currency,
        },
      ],
    });
    return after;
  }

  private async assertSuits(tx: Transaction, entry: StatementEntry, { kind, id }: MatchProposal): Promise<void> {
    const isCredit = entry.direction === 'credit';
    if (isCredit !== (kind === 'obligation' || kind === 'return'))
      throw unsuitable(
        '/kind',
        isCredit
          ? 'a payment that came in pays an obligation or is returned'
          : 'a payment that went out is a payout or an own cost',
      );
    if (kind === 'own') return;
    if (id === null) throw unsuitable('/id', 'is needed');
    if (kind === 'obligation') {
      const found = await tx.manager.findOneBy(SettlementObligation, { id });
      if (!found) throw httpError('record_unknown');
      if (found.currency !== entry.currency) throw unsuitable('/id', `is in ${found.currency}`);
      if ((found.state !== 'open' && found.state !== 'overdue') || found.amountMinor === found.paidMinor)
        throw settlementError('match_amount_exceeds', { data: { state: found.state } });
      return;
    }
    if (kind === 'return') {
      if (!(await this.identity.organisation(id, tx))) throw httpError('record_unknown');
      return;
    }
    const payout = await tx.manager.findOneBy(SettlementPayout, { id });
    if (!payout) throw httpError('record_unknown');
    if (payout.state !== 'instructed' || payout.amountMinor !== entry.amountMinor || payout.currency !== entry.currency)
      throw settlementError('payout_not_instructed', { data: { state: payout.state } });
  }
}

function unsuitable(pointer: string, message: string) {
  return settlementError('settlement_amounts_incoherent', {
    detail: `${pointer} ${message}.`,
    fields: [{ pointer, rule: 'match', message }],
  });
}
