import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { IdentityReader } from '#identity';
import type { Transaction } from '#platform';
import type { AutoBidRule } from '../domain/auto-bid.js';
import type { FinancierSummary } from '../domain/financier.js';
import type { MandateLimits, MandateRecord } from '../domain/mandate.js';
import { AutoBidRuleRow, FinancierProfile, LimitChange, MandateRow } from '../persistence/entities.js';
import { MandateReader } from './mandate.reader.js';

/** What other contexts may know of financiers. */
@Injectable()
export class InstitutionReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
    private readonly mandates: MandateReader,
  ) {}

  async financier(id: string): Promise<FinancierSummary | undefined> {
    return (await this.financiers([id])).get(id);
  }

  /** By id; an organisation without a financier's profile is left out. */
  async financiers(ids: readonly string[]): Promise<ReadonlyMap<string, FinancierSummary>> {
    if (ids.length === 0) return new Map();
    const [profiles, organisations] = await Promise.all([
      this.dataSource.manager.findBy(FinancierProfile, { id: In([...new Set(ids)]) }),
      this.identity.organisations(ids),
    ]);
    return new Map(
      profiles.flatMap(({ id, kind, status, suspended }) => {
        const organisation = organisations.get(id);
        if (!organisation) return [];
        const { name, localName } = organisation;
        return [[id, { id, kind, name, localName, verified: status === 'verified' && !suspended }] as const];
      }),
    );
  }

  /** One mandate, whatever its state. */
  async mandate(id: string, tx?: Transaction): Promise<MandateRecord | undefined> {
    return this.mandates.mandate(id, tx);
  }

  /** A mandate by the institution's own reference, whatever its state. */
  async mandateByReference(financierId: string, reference: string): Promise<MandateRecord | undefined> {
    const row = await this.dataSource.manager.findOneBy(MandateRow, { financierId, reference });
    return row ?? undefined;
  }

  /** Limits of a mandate that wait for a checker. */
  async proposedLimits(mandateId: string): Promise<MandateLimits | undefined> {
    return (await this.dataSource.manager.findOneBy(LimitChange, { mandateId, status: 'proposed' })) ?? undefined;
  }

  /** The approved rules of these mandates, oldest first. */
  async autoBidRulesFor(mandateIds: readonly string[], tx?: Transaction): Promise<readonly AutoBidRule[]> {
    if (mandateIds.length === 0) return [];
    return (tx?.manager ?? this.dataSource.manager).find(AutoBidRuleRow, {
      where: { mandateId: In([...new Set(mandateIds)]), status: 'approved' },
      order: { id: 'ASC' },
    });
  }
}
