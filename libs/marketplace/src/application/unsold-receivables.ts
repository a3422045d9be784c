import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { moneyToJson } from '#kernel';
import { type CommandContext, httpError } from '#platform';
import { CertificateReader, MarketCertificateReader, ReceivableRuleBook } from '#receivables';
import { FundingRequest } from '../persistence/entities.js';
import { listingOf } from '../persistence/receivable-listing.store.js';
import { type ListedRequestState, ListReceivables } from './list-receivables.js';
import { MarketRuleBook } from './market-rules.js';
import { marketplaceError } from '../domain/errors.js';

/** What a seller can do with receivables that the market did not take: early payment by the anchor, a pool, another listing. */
@Injectable()
export class UnsoldReceivables {
  constructor(
    private readonly dataSource: DataSource,
    private readonly certificates: MarketCertificateReader,
    private readonly early: CertificateReader,
    private readonly listings: ListReceivables,
    private readonly receivables: ReceivableRuleBook,
    private readonly book: MarketRuleBook,
  ) {}

  /** Of an own request that ended unsold. */
  async alternatives(sellerId: string, requestId: string) {
    const { unsold, pool } = await this.found(sellerId, requestId);
    const anchors = new Set(unsold.map(({ anchorId }) => anchorId));
    const programmes = (await this.early.offersFor(sellerId)).items.filter(({ anchor }) => anchors.has(anchor.id));
    return {
      /** The certificates in the own hands; those that were sold or paid since are left out. */
      certificates: unsold.map(({ certificateId, anchorId, anchorName, amount, dueOn, daysLeft }) => ({
        certificateId,
        anchor: { id: anchorId, name: anchorName },
        amount: moneyToJson(amount),
        dueOn,
        daysLeft,
      })),
      /** Programmes of these anchors; ask with POST /v1/discount-asks. */
      earlyPayment: programmes,
      /** With what else is free they make a pool; offer it with POST …/pool. */
      pool: pool.length > 1 ? { certificateIds: pool } : null,
      /** List them again with POST /v1/receivable-requests. */
      listAgain: unsold.length > 0,
    };
  }

  /** Offers what was not sold, with everything else that is free, as a pool. */
  async pool(context: CommandContext, requestId: string): Promise<ListedRequestState> {
    const { pool } = await this.found(context.actor.organisationId, requestId);
    if (pool.length < 2)
      throw marketplaceError('certificates_mixed', { detail: 'There is nothing to pool them with.' });
    return this.listings.execute(context, { certificateIds: pool, mode: 'ranked' });
  }

  private async found(sellerId: string, requestId: string) {
    const request = await this.dataSource.manager.findOneBy(FundingRequest, { id: requestId, enterpriseId: sellerId });
    const listing = request && (await listingOf(this.dataSource, requestId));
    if (!listing) throw httpError('record_unknown');
    const enoughDays = this.receivables.rules.listingDays;
    const isFree = (each: { status: string; sellerId: string; daysLeft: number }): boolean =>
      each.status === 'held' && each.sellerId === sellerId && each.daysLeft >= enoughDays;
    const listed = await this.certificates.certificates(listing.certificates.map(({ certificateId }) => certificateId));
    const unsold = listed.filter(isFree);
    const invoices = unsold.filter(({ kind }) => kind === 'invoice').map(({ certificateId }) => certificateId);
    const others = (await this.certificates.listable(sellerId, this.book.rules.receivables.pooledAtMost))
      .filter((each) => isFree(each) && each.kind === 'invoice' && each.amount.currency === request.currency)
      .map(({ certificateId }) => certificateId);
    const pool = invoices.length > 0 ? [...new Set([...invoices, ...others])] : [];
    return { unsold, pool: pool.slice(0, this.book.rules.receivables.pooledAtMost) };
  }
}
