import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { verificationEvents } from '#review';
import { AnchorStanding } from '../application/anchor-standing.js';
import { Suppliers } from '../application/suppliers.js';
import { VerifyAnchor } from '../application/verify-anchor.js';

/** A reviewer took an anchor's case, or silence returned it. */
@Injectable()
export class OnAnchorReview implements EventHandler {
  readonly name = 'receivables.follow_review';
  readonly events = verificationEvents;

  constructor(private readonly verification: VerifyAnchor) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.verification.follow(tx, event);
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
