import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { FollowAssignment } from '../application/follow-assignment.js';

/** The register and the matching of payments say what became of a sale; its request follows. */
@Injectable()
export class FollowReceivables implements EventHandler {
  readonly name = 'marketplace.follow-receivables';
  readonly events = [
    'assignment.paid',
    'assignment.reopened',
    'assignment.undone',
    'assignment.satisfied',
    'assignment.restored',
    'assignment.repurchased',
    'receivable.defaulted',
  ];

  constructor(private readonly follow: FollowAssignment) {}

  async handle(tx: Transaction, { name, subjectId }: DeliveredEvent): Promise<void> {
    if (name === 'assignment.paid') await this.follow.paid(tx, subjectId);
    else if (name === 'assignment.reopened') await this.follow.takenBack(tx, subjectId);
    else if (name === 'assignment.undone') await this.follow.undone(tx, subjectId);
    else if (name === 'assignment.restored') await this.follow.restored(tx, subjectId);
    else if (name === 'receivable.defaulted') await this.follow.defaulted(tx, subjectId);
    else await this.follow.ended(tx, subjectId, name === 'assignment.repurchased' ? 'bought back' : 'the anchor paid');
  }
}
