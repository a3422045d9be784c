// size: what a person may say of a movement: one method that checks it, one that does it, for each kind.
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Ledger, organisationAccount } from '#ledger';
import { IdentityReader } from '#identity';
import { type Money, printAmount } from '#kernel';
import { type CommandContext, httpError, type Transaction, UnitOfWork } from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import type { MatchKind } from '../domain/statement-match.policy.js';
import {
  type ProposedPart,
  SettlementObligation,
  SettlementPayout,
  StatementEntry,
} from '../persistence/settlement.entities.js';
import { MatchEntries } from './match-entries.js';
import { PayObligation } from './pay-obligation.js';
import { Receivables } from './receivables.js';
import { SettlementBook } from './settlement-book.js';
import { nextMatch, recordMatch } from './settlement-matches.js';
import { createPayouts, lockPayout } from './settlement-records.js';
import { lockEntry, moveEntry } from './statement-entries.js';
import { TakeBackPayment } from './take-back-payment.js';
import { withCheckDigits } from '../domain/settlement-reference.js';

/** What a movement is, by a person's word. */
export interface MatchProposal {
  /**
   * `obligation`: it pays this; `obligations`: it pays these; `payout`: it is this payout, paid or come back; `return`: it goes back to this
   * organisation; `own`: a cost of the operator's own; `reversal`: it takes this movement back; `owed`: this organisation owes it.
   */
  readonly kind: MatchKind;
  readonly id: string | null;
  readonly note: string;
  /** What it pays of each obligation; only for `obligations`. */
  readonly parts?: readonly { readonly obligationId: string; readonly amount: Money }[];
  /** The parts may be less than the movement: the rest stays on the worklist. */
  readonly leavesRest?: boolean;
}

const ofCredits: readonly MatchKind[] = ['obligation', 'obligations', 'return', 'payout'];
const ofDebits: readonly MatchKind[] = ['payout', 'own', 'reversal', 'owed'];

/** The worklist: one person says what an unclear movement is, another one decides. */
@Injectable()
export class DecideMatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payments: PayObligation,
    private readonly receivables: Receivables,
    private readonly matching: MatchEntries,
    private readonly takeBack: TakeBackPayment,
    private readonly identity: IdentityReader,
    private readonly ledger: Ledger,
    private readonly book: SettlementBook,
  ) {}

  async propose(
    context: CommandContext,
    entryId: string,
    proposal: MatchProposal,
  ): Promise<{ readonly state: string; readonly version: number }> {
    return this.unitOfWork.run(context, async (tx) => {
      const entry = await lockEntry(tx, entryId);
      const parts = partsOf(entry, proposal);
      await this.assertSuits(tx, entry, proposal, parts);
      const { state, version } = await moveEntry(tx, entry, 'propose', 'maker', {
        proposal: proposal.kind,
        proposalId: proposal.kind === 'own' || proposal.kind === 'obligations' ? null : proposal.id,
        proposalParts: proposal.kind === 'obligations' ? [...parts] : null,
        proposalNote: proposal.note,
        proposedBy: context.actor.id,
        decidedBy: null,
      });
      return { state, version };
    });
  }

  /** With the version that the checker saw, nothing else than what it saw is decided. */
  async decide(
    context: CommandContext,
    entryId: string,
    approved: boolean,
    seenVersion?: number,
  ): Promise<{ readonly state: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const entry = await lockEntry(tx, entryId);
      if (entry.state !== 'proposed') await moveEntry(tx, entry, 'reject', 'checker');
      if (seenVersion !== undefined && seenVersion !== entry.version) throw httpError('record_changed');
      if (context.actor.kind !== 'person') throw settlementError('settlement_person_required');
      if (entry.proposedBy === context.actor.id) throw settlementError('settlement_maker_and_checker_same');
      if (!approved) {
        const { state } = await moveEntry(tx, entry, 'reject', 'checker', nothingProposed);
        return { state };
      }
      return { state: await this.apply(tx, entry, context.actor.id) };
    });
  }

  private async apply(tx: Transaction, entry: StatementEntry, decidedBy: string): Promise<string> {
    const id = entry.proposalId ?? '';
    const by = { matchedBy: 'person', decidedBy };
    switch (entry.proposal) {
      case 'obligation': {
        const left = entry.amountMinor - entry.matchedMinor;
        const { ledgerTransferId } = await this.payments.within(tx, id, left, entry.id);
        const matched = { ...by, matchedMinor: entry.amountMinor, obligationId: id, matchTransferId: ledgerTransferId };
        return (await moveEntry(tx, entry, 'match', 'checker', matched)).state;
      }
      case 'obligations':
        return this.split(tx, entry, entry.proposalParts ?? [], decidedBy);
      case 'payout': {
        const payout = await lockPayout(tx, id);
        assertPayoutSuits(entry, payout);
        if (entry.direction === 'credit') await this.matching.returnPayout(tx, entry, payout, 'checker', by);
        else await this.matching.settlePayout(tx, entry, payout, 'checker', by);
        return 'matched';
      }
      case 'own':
        return (await moveEntry(tx, entry, 'match', 'checker', by)).state;
      case 'reversal':
        if (!(await this.takeBack.within(tx, id, entry, { role: 'checker', changes: by })))
          throw settlementError('reversal_unsuitable');
        return 'reversed';
      case 'owed':
        return this.owe(tx, entry, id, decidedBy);
      default:
        return this.sendBack(tx, entry, id, decidedBy);
    }
  }

  /** Every part wholly, or nothing: an obligation that has less open meanwhile is refused. What is left of the movement waits on. */
  private async split(
    tx: Transaction,
    entry: StatementEntry,
    parts: readonly ProposedPart[],
    decidedBy: string,
  ): Promise<string> {
    const ordered = [...parts].sort((a, b) => (a.obligationId < b.obligationId ? -1 : 1));
    const obligations = await tx.manager.findBy(SettlementObligation, {
      id: In(ordered.map(({ obligationId }) => obligationId)),
    });
    // Locks in the order of the house, however many obligations: all receivables first.
    const due = obligations.filter(({ kind }) => kind === 'maturity').map(({ subjectId }) => subjectId);
    await this.receivables.lockAll(tx, due);
    let matchedMinor = entry.matchedMinor;
    let last = '';
    for (const { obligationId, amountMinor } of ordered) {
      const amount = BigInt(amountMinor);
      const { usedMinor, ledgerTransferId } = await this.payments.within(tx, obligationId, amount, entry.id);
      if (usedMinor !== amount) throw settlementError('match_amount_exceeds', { data: { obligationId } });
      matchedMinor += amount;
      last = ledgerTransferId;
    }
    if (matchedMinor === entry.amountMinor) {
      const matched = { matchedBy: 'person', matchedMinor, matchTransferId: last, decidedBy };
      return (await moveEntry(tx, entry, 'match', 'checker', matched)).state;
    }
    const rest = { ...nothingProposed, matchedMinor, why: 'rest', candidates: [] };
    return (await moveEntry(tx, entry, 'match_part', 'checker', rest)).state;
  }

  private async sendBack(
    tx: Transaction,
    entry: StatementEntry,
    organisationId: string,
    decidedBy: string,
  ): Promise<string> {
    const amountMinor = entry.amountMinor - entry.matchedMinor;
    const reference = withCheckDigits(entry.id.replaceAll('-', '').toUpperCase().slice(-21));
    const match = await nextMatch(tx, entry.id);
    await createPayouts(tx, { obligationId: null, matchId: match.id, reference, currency: entry.currency }, [
      { kind: 'refund', payeeId: organisationId, amountMinor },
    ]);
    const { state } = await moveEntry(tx, entry, 'return', 'checker', {
      matchedBy: 'person',
      matchedMinor: entry.amountMinor,
      decidedBy,
    });
    const { transferId } = await this.ledger.post(tx, {
      reference: match.reference,
      description: `Returned: ${entry.entryRef}`,
      subject: { type: 'statement_entry', id: entry.id },
      postings: [
        {
          debit: organisationAccount(await this.book.operator(tx), 'settlement_suspense'),
          credit: organisationAccount(organisationId, 'settlement_payable'),
          amount: amountMinor,
          currency: entry.currency,
        },
      ],
    });
    await recordMatch(tx, match, { obligationId: null, amountMinor, usedMinor: 0n, transferId });
    return state;
  }

  /** What left the account is owed by this organisation, with a day and a clock. */
  private async owe(
    tx: Transaction,
    entry: StatementEntry,
    organisationId: string,
    decidedBy: string,
  ): Promise<string> {
    const { amountMinor, currency } = entry;
    const debt = { payerId: organisationId, amountMinor, currency, subjectId: entry.id };
    const obligationId = await this.takeBack.demand(tx, debt);
    const { state } = await moveEntry(tx, entry, 'match', 'checker', { matchedBy: 'person', obligationId, decidedBy });
    await this.ledger.post(tx, {
      reference: `settlement.owed:${entry.id}`,
      description: `To be given back: ${entry.entryRef}`,
      subject: { type: 'statement_entry', id: entry.id },
      postings: [
        {
          debit: organisationAccount(organisationId, 'settlement_receivable'),
          credit: organisationAccount(await this.book.operator(tx), 'settlement_receivable'),
          amount: amountMinor,
          currency,
        },
      ],
    });
    return state;
  }

  private async assertSuits(
    tx: Transaction,
    entry: StatementEntry,
    { kind, id }: MatchProposal,
    parts: readonly ProposedPart[],
  ): Promise<void> {
    const isCredit = entry.direction === 'credit';
    if (!(isCredit ? ofCredits : ofDebits).includes(kind))
      throw unsuitable(
        '/kind',
        isCredit
          ? 'a payment that came in pays obligations, is a payout that came back, or is returned'
          : 'a payment that went out is a payout, an own cost, takes another back, or is owed by somebody',
      );
    if (kind === 'payout' && entry.matchedMinor > 0n) throw unsuitable('/kind', 'a part of it is matched already');
    if (kind === 'own') return;
    if (kind === 'obligations') return this.assertOpen(tx, entry, parts, true);
    if (id === null) throw unsuitable('/id', 'is needed');
    if (kind === 'obligation') return this.assertOpen(tx, entry, [{ obligationId: id, amountMinor: '0' }], false);
    if (kind === 'return' || kind === 'owed') {
      if (!(await this.identity.organisation(id, tx))) throw httpError('record_unknown');
      return;
    }
    if (kind === 'reversal') {
      const original = await tx.manager.findOneBy(StatementEntry, { id });
      if (!original) throw httpError('record_unknown');
      const fits = original.amountMinor === entry.amountMinor && original.currency === entry.currency;
      if (original.direction !== 'credit' || original.state === 'reversed' || !fits)
        throw settlementError('reversal_unsuitable');
      return;
    }
    const payout = await tx.manager.findOneBy(SettlementPayout, { id });
    if (!payout) throw httpError('record_unknown');
    assertPayoutSuits(entry, payout);
  }

  /** Each obligation exists, is of the movement's currency, and has as much open. */
  private async assertOpen(
    tx: Transaction,
    entry: StatementEntry,
    parts: readonly ProposedPart[],
    isExact: boolean,
  ): Promise<void> {
    const found = await tx.manager.findBy(SettlementObligation, {
      id: In(parts.map(({ obligationId }) => obligationId)),
    });
    const byId = new Map(found.map((each) => [each.id, each]));
    for (const { obligationId, amountMinor } of parts) {
      const obligation = byId.get(obligationId);
      if (!obligation) throw httpError('record_unknown');
      const { currency, state } = obligation;
      if (currency !== entry.currency) throw unsuitable('/id', `is in ${currency}`);
      const isOpen = state === 'open' || state === 'overdue';
      const openMinor = isOpen ? obligation.amountMinor - obligation.paidMinor : 0n;
      if (openMinor === 0n || (isExact && BigInt(amountMinor) > openMinor))
        throw settlementError('match_amount_exceeds', {
          data: { obligationId, state, open: printAmount({ minor: openMinor, currency }) },
        });
    }
  }
}

const nothingProposed = { proposal: null, proposalId: null, proposalParts: null, proposedBy: null } as const;

/** The parts in minor units; refused when they name an obligation twice, or do not add up to what is open of the movement. */
function partsOf(entry: StatementEntry, { kind, parts = [], leavesRest }: MatchProposal): readonly ProposedPart[] {
  if (kind !== 'obligations') {
    if (parts.length > 0) throw unsuitable('/parts', 'are for "obligations" only');
    return [];
  }
  if (parts.length === 0) throw unsuitable('/parts', 'are needed');
  if (new Set(parts.map(({ obligationId }) => obligationId)).size !== parts.length)
    throw unsuitable('/parts', 'name an obligation twice');
  const { currency } = entry;
  if (parts.some(({ amount }) => amount.currency !== currency || amount.minor <= 0n))
    throw unsuitable('/parts', `must be amounts above zero in ${currency}`);
  const sum = parts.reduce((total, { amount }) => total + amount.minor, 0n);
  const open = entry.amountMinor - entry.matchedMinor;
  if (sum > open || (sum < open && leavesRest !== true))
    throw unsuitable(
      '/parts',
      `add up to ${printAmount({ minor: sum, currency })}; ${printAmount({ minor: open, currency })} of the movement is open`,
    );
  return parts.map(({ obligationId, amount }) => ({ obligationId, amountMinor: amount.minor.toString() }));
}

/** A debit is a payout that was instructed, a credit one that was paid and came back. */
function assertPayoutSuits(entry: StatementEntry, payout: SettlementPayout): void {
  const state = entry.direction === 'debit' ? 'instructed' : 'paid';
  const isSame = payout.amountMinor === entry.amountMinor && payout.currency === entry.currency;
  if (payout.state !== state || !isSame)
    throw settlementError('payout_not_instructed', { data: { state: payout.state } });
}

function unsuitable(pointer: string, message: string) {
  return settlementError('settlement_amounts_incoherent', {
    detail: `${pointer} ${message}.`,
    fields: [{ pointer, rule: 'match', message }],
  });
}
