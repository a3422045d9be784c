import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '#kernel';
import { newId, type Transaction } from '#platform';
import { Certificate } from '../persistence/certificate.entities.js';

/** What a confirmation promises, and to whom first. */
export interface ConfirmedAmount {
  readonly receivableId: string;
  readonly holderOrganisationId: string;
  readonly anchorOrganisationId: string;
  /** Minor units of `currency`. */
  readonly amount: bigint;
  readonly currency: string;
  readonly dueOn: CalendarDate;
}

/** Makes the one certificate of the whole when a receivable is confirmed, in the confirmation's transaction. */
@Injectable()
export class IssueCertificate {
  async within(tx: Transaction, confirmed: ConfirmedAmount): Promise<{ readonly certificateId: string }> {
    const id = newId();
    await tx.manager.insert(Certificate, {
      id,
      receivableId: confirmed.receivableId,
      parentId: null,
      rootId: id,
      holderOrganisationId: confirmed.holderOrganisationId,
      anchorOrganisationId: confirmed.anchorOrganisationId,
      amountMinor: confirmed.amount,
      currency: confirmed.currency,
      dueOn: confirmed.dueOn,
      tier: 1,
      status: 'live',
      version: 1,
      createdAt: await tx.now(),
    });
    return { certificateId: id };
  }
}
