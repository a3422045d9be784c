import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { ReviewClaim } from '../application/review-claim.js';

/** The lender stayed silent: review returned the case, and the claim is denied with it. */
@Injectable()
export class OnClaimSilence implements EventHandler {
  readonly name = 'guarantee.deny-silent-claim';
  readonly events = ['review_case.returned'];

  constructor(private readonly review: ReviewClaim) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.review.silence(tx, event);
  }
}
