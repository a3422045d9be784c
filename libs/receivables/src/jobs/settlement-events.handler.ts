import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { CheckPaymentAccount, paymentAccountReview } from '../application/declare-payment-account.js';
import { SettlementClocks } from '../application/settlement-clocks.js';

/** Review returned the check of an account because its organisation stayed silent. */
@Injectable()
export class OnAccountReview implements EventHandler {
  readonly name = 'receivables.follow_account_review';
  readonly events = ['review_case.returned'];

  constructor(private readonly accounts: CheckPaymentAccount) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const { subjectType, subjectId } = event.payload;
    if (subjectType === paymentAccountReview && typeof subjectId === 'string')
      await this.accounts.returned(tx, subjectId);
  }
}

/** A receivable's day has come, was missed, or it has defaulted: its certificates and what is owed follow. */
@Injectable()
export class OnDueDay implements EventHandler {
  readonly name = 'receivables.follow_due_day';
  readonly events = ['receivable.fell_due', 'receivable.missed', 'receivable.defaulted'];

  constructor(private readonly clocks: SettlementClocks) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    if (event.name === 'receivable.fell_due') await this.clocks.fellDue(tx, event.subjectId);
    else if (event.name === 'receivable.missed') await this.clocks.missed(tx, event.subjectId);
    else await this.clocks.defaulted(tx, event.subjectId);
  }
}

export const settlementEventHandlers = [OnAccountReview, OnDueDay];
