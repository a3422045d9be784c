import { Injectable } from '@nestjs/common';
import { membershipChanged } from '#identity';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { AssignWaiting } from '../application/assign-waiting.js';

/** A reviewer may have appeared: cases that nobody could take get one. */
@Injectable()
export class OnMembershipChanged implements EventHandler {
  readonly name = 'review.on_membership_changed';
  // A case that was opened in the same moment tells by its own event that nobody had it.
  readonly events = [membershipChanged, 'review_case.assigned', 'review_case.assigning_continued'];

  constructor(private readonly assignWaiting: AssignWaiting) {}

  async handle(tx: Transaction, { name, subjectId, payload }: DeliveredEvent): Promise<void> {
    const ofOperator = name !== membershipChanged || payload['organisationKind'] === 'operator';
    const hasNobody = name !== 'review_case.assigned' || payload['assigneeId'] === null;
    if (ofOperator && hasNobody) await this.assignWaiting.within(tx, subjectId);
  }
}
