import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { enterpriseVerification, VerifyEnterprise } from '../application/verify-enterprise.js';

/** A reviewer took the case, or silence returned it: the profile follows. */
@Injectable()
export class FollowEnterpriseReview implements EventHandler {
  readonly name = 'enterprises.follow_review';
  readonly events = ['review_case.assigned', 'review_case.returned'];

  constructor(private readonly verification: VerifyEnterprise) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const { subjectType, subjectId, assigneeId } = event.payload;
    if (subjectType !== enterpriseVerification || typeof subjectId !== 'string') return;
    if (event.name === 'review_case.returned') await this.verification.followCase(tx, subjectId, 'return');
    else if (assigneeId) await this.verification.followCase(tx, subjectId, 'take_up');
  }
}
