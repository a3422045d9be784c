import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { addDays } from '#kernel';
import type { Transaction } from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import type { Certificate } from '../persistence/certificate.entities.js';
import { SettlementBook } from './settlement-book.js';

/** Whether certificates may be financed at this moment; asked under the locks of their receivables. */
@Injectable()
export class Financeability {
  constructor(
    private readonly identity: IdentityReader,
    private readonly book: SettlementBook,
  ) {}

  /** Refuses what is too near its day, what the registry holds, prior liens, and an anchor or seller that is not sound. */
  async assert(tx: Transaction, certificates: readonly Certificate[]): Promise<void> {
    const today = this.book.day(await tx.now());
    const { daysLeftAtLeast } = this.book.rules;
    const late = certificates.find(({ dueOn }) => dueOn < addDays(today, daysLeftAtLeast));
    if (late)
      throw settlementError('certificate_too_near_due', {
        data: { certificateId: late.id, dueOn: late.dueOn, daysLeftAtLeast },
      });
    for (const anchorId of new Set(certificates.map(({ anchorOrganisationId }) => anchorOrganisationId))) {
      const anchor = await this.identity.organisation(anchorId, tx);
      if (!anchor?.verified || anchor.suspended)
        throw settlementError('certificate_anchor_suspended', { data: { anchorId } });
    }
  }
}
