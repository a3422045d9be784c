import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { announceMandates, financierVerification, VerifyFinancier } from '../application/verify-financier.js';
import { FinancierProfile } from '../persistence/entities.js';

/** A reviewer took the case, or silence returned it: the profile follows. */
@Injectable()
export class FollowFinancierReview implements EventHandler {
  readonly name = 'institutions.follow_review';
  readonly events = ['review_case.assigned', 'review_case.returned'];

  constructor(private readonly verification: VerifyFinancier) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const { subjectType, subjectId, assigneeId } = event.payload;
    if (subjectType !== financierVerification || typeof subjectId !== 'string') return;
    if (event.name === 'review_case.returned') await this.verification.followCase(tx, subjectId, 'return');
    else if (assigneeId) await this.verification.followCase(tx, subjectId, 'take_up');
  }
}

/** A suspended financier's mandates leave the market at once, and come back when the suspension ends. */
@Injectable()
export class FollowFinancierStanding implements EventHandler {
  readonly name = 'institutions.follow_standing';
  readonly events = ['organisation.standing_changed'];

  constructor(private readonly identity: IdentityReader) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const id = event.subjectId;
    const profile = await tx.manager.findOne(FinancierProfile, { where: { id }, lock: { mode: 'pessimistic_write' } });
    const organisation = await this.identity.organisation(id, tx);
    if (!profile || !organisation || profile.suspended === organisation.suspended) return;
    await tx.manager.update(FinancierProfile, { id }, { suspended: organisation.suspended });
    await announceMandates(tx, id);
  }
}
