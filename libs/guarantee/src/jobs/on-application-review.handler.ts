import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { guaranteeApplicationSubject } from '../application/apply-for-guarantee.js';
import { ReviewApplication } from '../application/review-application.js';

/** A reviewer took the case, or silence returned it: the application follows. */
@Injectable()
export class OnApplicationReview implements EventHandler {
  readonly name = 'guarantee.follow_review';
  readonly events = ['review_case.assigned', 'review_case.returned'];

  constructor(private readonly review: ReviewApplication) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const { subjectType, subjectId, assigneeId } = event.payload;
    if (subjectType !== guaranteeApplicationSubject || typeof subjectId !== 'string') return;
    if (event.name === 'review_case.returned') await this.review.followCase(tx, subjectId, 'returned');
    else if (assigneeId) await this.review.followCase(tx, subjectId, 'assigned');
  }
}
