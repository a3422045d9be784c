import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import { AnchorLimitReader } from '#institutions';
import { daysBetween, moneyToJson } from '#kernel';
import { ENVIRONMENT, type Environment, systemContext, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { anchorShares, listingOf } from '../persistence/receivable-listing.store.js';
import { TradingHours } from './trading-hours.js';

/** What a financier reads of the receivables behind a request. */
@Injectable()
export class ReceivableBriefs {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly identity: IdentityReader,
    private readonly limits: AnchorLimitReader,
    private readonly hours: TradingHours,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Days, amounts and anchors; an anchor by name only to who has a limit on it. Null for a request without receivables. */
  async forFinancier(financierId: string, requestId: string, currency: string) {
    const listing = await listingOf(this.dataSource, requestId);
    if (!listing) return null;
    const shares = anchorShares(listing.certificates);
    const anchorIds = shares.map(({ anchorId }) => anchorId);
    const [limited, organisations, hours] = await Promise.all([
      this.limits.limitedAnchors(financierId, anchorIds, currency),
      this.identity.organisations(anchorIds),
      this.marketHours(),
    ]);
    const days = listing.certificates.map(({ dueOn }) => dueOn).sort();
    const [dueFrom, dueOn] = [days[0], days[days.length - 1]] as [(typeof days)[number], (typeof days)[number]];
    return {
      certificates: listing.certificates.length,
      dueFrom,
      dueOn,
      daysLeft: daysBetween(countryDate(this.environment.country, hours.now), dueOn),
      settlesOn: listing.settlesOn,
      anchors: shares.map(({ anchorId, amountMinor }) => ({
        anchor: limited.has(anchorId)
          ? {
              id: anchorId,
              name: organisations.get(anchorId)?.name ?? '',
              localName: organisations.get(anchorId)?.localName ?? '',
            }
          : null,
        amount: moneyToJson({ minor: amountMinor, currency }),
        hasLimit: limited.has(anchorId),
      })),
      /** The rule: a bid needs a limit on every anchor. */
      hasAllLimits: limited.size === anchorIds.length,
      market: { open: hours.opensAt === undefined, opensAt: hours.opensAt?.toISOString() ?? null },
    };
  }

  /** What an enterprise sees of its own listing. */
  async own(requestId: string, currency: string) {
    const listing = await listingOf(this.dataSource, requestId);
    if (!listing) return null;
    const organisations = await this.identity.organisations(listing.certificates.map(({ anchorId }) => anchorId));
    return {
      settlesOn: listing.settlesOn,
      certificates: listing.certificates.map(({ certificateId, receivableId, anchorId, amountMinor, dueOn }) => ({
        certificateId,
        receivableId,
        anchor: { id: anchorId, name: organisations.get(anchorId)?.name ?? '' },
        amount: moneyToJson({ minor: amountMinor, currency }),
        dueOn,
      })),
    };
  }

  /** Whether the market for receivables is open, and when it opens next. */
  async marketHours(): Promise<{ readonly now: Date; readonly opensAt: Date | undefined }> {
    return this.unitOfWork.run(systemContext('market hours'), async (tx) => {
      const now = await tx.now();
      return { now, opensAt: await this.hours.opensAt(tx, now) };
    });
  }
}
