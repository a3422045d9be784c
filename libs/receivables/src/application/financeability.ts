import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { addDays, type CalendarDate } from '#kernel';
import type { Transaction } from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import type { Certificate } from '../persistence/certificate.entities.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { Registry } from './registry.js';

/** Whether certificates may be financed at this moment; asked under the locks of their receivables. */
@Injectable()
export class Financeability {
  constructor(
    private readonly registry: Registry,
    private readonly identity: IdentityReader,
    private readonly book: ReceivableRuleBook,
  ) {}

  /** For the moment of listing: as many days left as the rule book wants. */
  async assertListable(tx: Transaction, certificates: readonly Certificate[]): Promise<void> {
    const today = this.book.today(await tx.now());
    await this.assert(tx, certificates, addDays(today, this.book.rules.listingDays));
  }

  /** For the moment of award: due after the first leg has been paid or has failed; an auction takes days of its own. */
  async assertAwardable(
    tx: Transaction,
    certificates: readonly Certificate[],
    firstLegEnds: CalendarDate,
  ): Promise<void> {
    await this.assert(tx, certificates, addDays(firstLegEnds, 1));
  }

  /** Refuses what is too near its day, what the registry holds, prior liens, and anchors, sellers and holders that are not sound. */
  private async assert(tx: Transaction, certificates: readonly Certificate[], dueFrom: CalendarDate): Promise<void> {
    const late = certificates.find(({ dueOn }) => dueOn < dueFrom);
    if (late)
      throw settlementError('certificate_too_near_due', {
        data: { certificateId: late.id, dueOn: late.dueOn, dueFrom },
      });
    const parties = certificates.flatMap(({ anchorOrganisationId, holderOrganisationId }) => [
      anchorOrganisationId,
      holderOrganisationId,
    ]);
    const sound = await this.identity.organisationsWithin(parties, tx);
    for (const id of new Set(parties)) {
      const party = sound.get(id);
      if (!party?.verified || party.suspended)
        throw settlementError('certificate_party_unsound', { data: { organisationId: id } });
    }
    await this.registry.assertFinanceable(tx, [...new Set(certificates.map(({ receivableId }) => receivableId))]);
  }
}
