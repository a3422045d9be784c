import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Ledger, organisationAccount } from '#ledger';
import { idBytes, idText, type Transaction } from '#platform';
import { SettlementPayout } from '../persistence/settlement.entities.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { changeObligation, createPayouts, lockObligationsOf, movePayout } from './settlement-records.js';

/** Money that stays where it is, because its owner owes it. */
export interface KeptMoney {
  readonly payoutId: string;
  readonly ownerId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/**
 * Nobody is paid out of a claim while it is to give back money of the same claim: what is due to it is kept against its debt, the oldest
 * debt first. Rows first, postings when the caller has posted what made the money due.
 */
@Injectable()
export class SetOff {
  constructor(private readonly ledger: Ledger) {}

  /** `subjectId` is the obligation, or the match, that the money is for. */
  async rows(tx: Transaction, subjectId: string | null): Promise<readonly KeptMoney[]> {
    if (subjectId === null) return [];
    const debts = (await lockObligationsOf(tx, 'give_back', subjectId)).filter(
      ({ state }) => state === 'open' || state === 'overdue',
    );
    if (debts.length === 0) return [];
    const open = new Map((await this.duePayouts(tx, subjectId)).map((each) => [each.id, each]));
    const kept: KeptMoney[] = [];
    let isCut = false;
    for (const debt of debts) {
      let before = debt;
      for (const payout of [...open.values()].filter(({ payeeId }) => payeeId === debt.payerId)) {
        const left = before.amountMinor - before.paidMinor;
        if (left === 0n) break;
        const amountMinor = payout.amountMinor < left ? payout.amountMinor : left;
        kept.push(await this.keep(tx, payout, amountMinor));
        open.delete(payout.id);
        isCut ||= amountMinor < payout.amountMinor;
        const { after, steps } = await changeObligation(
          tx,
          before,
          { paidMinor: before.paidMinor + amountMinor },
          amountMinor === left ? 'pay' : undefined,
        );
        await recordSettlementSteps(tx, steps);
        before = after;
      }
    }
    // What is left of a payout that was cut may be kept against the owner's next debt; each pass ends one.
    return isCut ? [...kept, ...(await this.rows(tx, subjectId))] : kept;
  }

  /** `settlement_payable` of the owner falls, and so does what it owes. */
  async post(tx: Transaction, kept: readonly KeptMoney[]): Promise<void> {
    await this.ledger.postAll(
      tx,
      kept.map(({ payoutId, ownerId, amountMinor, currency }) => ({
        reference: `settlement.set_off:${payoutId}`,
        description: 'Kept against money that is to be given back',
        subject: { type: 'settlement_payout', id: payoutId },
        postings: [
          {
            debit: organisationAccount(ownerId, 'settlement_payable'),
            credit: organisationAccount(ownerId, 'settlement_receivable'),
            amount: amountMinor,
            currency,
          },
        ],
      })),
    );
  }

  private async duePayouts(tx: Transaction, subjectId: string): Promise<readonly SettlementPayout[]> {
    const found = await tx.rows<{ id: Buffer }>(
      `SELECT id FROM settlement_payout WHERE obligation_id = ? AND state = 'due'
       UNION SELECT id FROM settlement_payout WHERE match_id = ? AND state = 'due'`,
      [idBytes(subjectId), idBytes(subjectId)],
    );
    if (found.length === 0) return [];
    const locked = await tx.manager.find(SettlementPayout, {
      where: { id: In(found.map(({ id }) => idText(id))) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    return locked.filter(({ state }) => state === 'due');
  }

  /** The part of a payout that is kept; what is left of it stays due. */
  private async keep(tx: Transaction, payout: SettlementPayout, amountMinor: bigint): Promise<KeptMoney> {
    const { id, kind, payeeId, obligationId, matchId, reference, currency } = payout;
    await movePayout(tx, payout, 'set_off', 'settlement', {
      amountMinor,
      reason: 'kept against what is to be given back',
    });
    const of = { obligationId, reference, currency, ...(matchId === null ? {} : { matchId }) };
    await createPayouts(tx, of, [{ kind, payeeId, amountMinor: payout.amountMinor - amountMinor }]);
    return { payoutId: id, ownerId: payeeId, amountMinor, currency };
  }
}
