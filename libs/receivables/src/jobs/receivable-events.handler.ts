import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { AnchorStanding } from '../application/anchor-standing.js';
import { Suppliers } from '../application/suppliers.js';
import { anchorVerification, VerifyAnchor } from '../application/verify-anchor.js';

/** A reviewer took an anchor's case, or silence returned it. */
@Injectable()
export class OnAnchorReview implements EventHandler {
  readonly name = 'receivables.follow_review';
  readonly events = ['review_case.assigned', 'review_case.returned'];

  constructor(private readonly verification: VerifyAnchor) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const { subjectType, subjectId, assigneeId } = event.payload;
    if (subjectType !== anchorVerification || typeof subjectId !== 'string') return;
    if (event.name === 'review_case.returned') await this.verification.followCase(tx, subjectId, 'return');
    else if (assigneeId) await this.verification.followCase(tx, subjectId, 'take_up');
  }
}

/** A payment was missed or made: the anchor's standing follows. */
@Injectable()
export class OnAnchorPayment implements EventHandler {
  readonly name = 'receivables.follow_payments';
  readonly events = ['receivable.missed', 'receivable.settled', 'receivable.repurchased'];

  constructor(private readonly standing: AnchorStanding) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const { anchorId } = event.payload;
    if (typeof anchorId === 'string') await this.standing.follow(tx, anchorId);
  }
}

/** A firm registered that stands on anchors' lists by its number. */
@Injectable()
export class OnSupplierRegistered implements EventHandler {
  readonly name = 'receivables.link_suppliers';
  readonly events = ['organisation.registered'];

  constructor(private readonly suppliers: Suppliers) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.suppliers.link(tx, event.subjectId);
  }
}
