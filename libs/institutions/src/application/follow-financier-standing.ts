import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import type { Transaction } from '#platform';
import { FinancierProfile } from '../persistence/entities.js';
import { announceMandates } from './verify-financier.js';

/** Copies a suspension from identity to the profile, and tells the feed which mandates that takes out or brings back. */
@Injectable()
export class FollowFinancierStanding {
  constructor(private readonly identity: IdentityReader) {}

  async within(tx: Transaction, id: string): Promise<void> {
    const profile = await tx.manager.findOne(FinancierProfile, { where: { id }, lock: { mode: 'pessimistic_write' } });
    const organisation = await this.identity.organisation(id, tx);
    if (!profile || !organisation || profile.suspended === organisation.suspended) return;
    await tx.manager.update(FinancierProfile, { id }, { suspended: organisation.suspended });
    await announceMandates(tx, id);
  }
}
