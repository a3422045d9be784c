import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { CheckPaymentAccount, paymentAccountReview } from '../application/declare-payment-account.js';

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
