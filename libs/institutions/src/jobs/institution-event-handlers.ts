import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { verificationEvents } from '#review';
import { FollowFinancierStanding } from '../application/follow-financier-standing.js';
import { VerifyFinancier } from '../application/verify-financier.js';

/** A reviewer took the case, or silence returned it: the profile follows. */
@Injectable()
export class OnFinancierReview implements EventHandler {
  readonly name = 'institutions.follow_review';
  readonly events = verificationEvents;

  constructor(private readonly verification: VerifyFinancier) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.verification.follow(tx, event);
  }
}

/** A suspended financier's mandates leave the market at once, and come back when the suspension ends. */
@Injectable()
export class OnFinancierStanding implements EventHandler {
  readonly name = 'institutions.follow_standing';
  readonly events = ['organisation.standing_changed'];

  constructor(private readonly follow: FollowFinancierStanding) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.follow.within(tx, event.subjectId);
  }
}
