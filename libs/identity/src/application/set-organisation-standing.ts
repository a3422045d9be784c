import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { Organisation } from '../persistence/entities.js';

/** Marks an organisation verified or suspended, in the transaction of the context that decided its case. */
@Injectable()
export class SetOrganisationStanding {
  async within(
    tx: Transaction,
    organisationId: string,
    standing: { readonly verified?: boolean; readonly suspended?: boolean },
    reason: string,
  ): Promise<void> {
    await tx.manager.update(Organisation, { id: organisationId }, { ...standing, version: () => 'version + 1' });
    const row = await tx.manager.findOneByOrFail(Organisation, { id: organisationId });
    tx.audit({
      action: 'organisation.set_standing',
      subjectType: 'organisation',
      subjectId: organisationId,
      data: { ...standing, reason },
    });
    tx.emit({
      name: 'organisation.standing_changed',
      subjectType: 'organisation',
      subjectId: organisationId,
      version: row.version,
      audience: [organisationId],
      payload: { verified: row.verified, suspended: row.suspended },
    });
  }
}
