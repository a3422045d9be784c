import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { verificationEvents } from '#review';
import { VerifyEnterprise } from '../application/verify-enterprise.js';

/** A reviewer took the case, or silence returned it: the profile follows. */
@Injectable()
export class FollowEnterpriseReview implements EventHandler {
  readonly name = 'enterprises.follow_review';
  readonly events = verificationEvents;

  constructor(private readonly verification: VerifyEnterprise) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.verification.follow(tx, event);
  }
}
