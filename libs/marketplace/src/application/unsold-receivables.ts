import { Injectable } from '@nestjs/common';
import { type CalendarDate, moneyToJson } from '#kernel';
import { type CommandContext, httpError, systemContext, type Transaction, UnitOfWork } from '#platform';
import { CertificateReader, type MarketCertificate, MarketCertificateReader, ReceivableRuleBook } from '#receivables';
import { marketplaceError } from '../domain/errors.js';
import { productOf, tenorMonthsOf } from '../domain/receivable-request.policy.js';
import { FundingRequest } from '../persistence/entities.js';
import { listingOf } from '../persistence/receivable-listing.store.js';
import { type Covering, GuaranteedCandidates } from './guaranteed-candidates.js';
import { type ListedRequestState, ListReceivables } from './list-receivables.js';
import { MarketRuleBook } from './market-rules.js';

/** What a seller can do with receivables that the market did not take. */
export type UnsoldWay = 'early_payment' | 'pool' | 'guaranteed' | 'list_again';

/** What a request ended with, and what its seller holds of it and beside it. */
interface Found {
  readonly request: FundingRequest;
  readonly unsold: readonly MarketCertificate[];
  readonly pool: readonly MarketCertificate[];
}

/**
 * What becomes of receivables that were not sold in time: early payment where their anchor has a programme, a pool with what else is
 * free, the same again as a guaranteed candidate where a scheme's mandate covers it, or the same again. Only what is possible at this
 * moment is offered; everything is checked again when it is done.
 */
@Injectable()
export class UnsoldReceivables {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly certificates: MarketCertificateReader,
    private readonly early: CertificateReader,
    private readonly listings: ListReceivables,
    private readonly candidates: GuaranteedCandidates,
    private readonly receivables: ReceivableRuleBook,
    private readonly book: MarketRuleBook,
  ) {}

  /** Of an own request that ended. */
  async alternatives(sellerId: string, requestId: string) {
    return this.unitOfWork.run(systemContext('unsold receivables'), (tx) => this.within(tx, sellerId, requestId));
  }

  async within(tx: Transaction, sellerId: string, requestId: string) {
    const { request, unsold, pool } = await this.found(tx, sellerId, requestId);
    const today = this.receivables.today(await tx.now());
    const earlyPayment = await this.programmes(tx, sellerId, unsold, today);
    const covering = await this.covering(tx, request, unsold, today);
    const isCovered = covering !== undefined && covering.mandates.length > 0;
    const ways: UnsoldWay[] = [
      ...(earlyPayment.length > 0 ? (['early_payment'] as const) : []),
      ...(pool.length > 1 ? (['pool'] as const) : []),
      ...(isCovered ? (['guaranteed'] as const) : []),
      ...(unsold.length > 0 ? (['list_again'] as const) : []),
    ];
    return {
      /** What is possible now, by name. */
      ways,
      /** The certificates in the own hands; those that were sold or paid since are left out. */
      certificates: unsold.map(({ certificateId, anchorId, anchorName, amount, dueOn, daysLeft }) => ({
        certificateId,
        anchor: { id: anchorId, name: anchorName },
        amount: moneyToJson(amount),
        dueOn,
        daysLeft,
      })),
      /** Live programmes of these anchors with the certificates that they take; ask with POST /v1/discount-asks. */
      earlyPayment,
      /** With what else is free they make a pool; offer it with POST …/pool. */
      pool: pool.length > 1 ? { certificateIds: pool.map(({ certificateId }) => certificateId) } : null,
      /** Schemes that would stand behind a purchase, at their highest cover; list it so with POST …/guaranteed. */
      guaranteed: isCovered ? { financiers: covering.mandates.length, schemes: covering.schemes } : null,
      /** List them again with POST /v1/receivable-requests. */
      listAgain: unsold.length > 0,
    };
  }

  /** Offers what was not sold, with everything else that is free, as a pool. */
  async pool(context: CommandContext, requestId: string): Promise<ListedRequestState> {
    const { pool } = await this.read(context, requestId);
    if (pool.length < 2)
      throw marketplaceError('certificates_mixed', { detail: 'There is nothing to pool them with.' });
    const certificateIds = pool.map(({ certificateId }) => certificateId);
    return this.listings.execute(context, { certificateIds, mode: 'ranked' });
  }

  /** Offers what was not sold again, shown to lenders as a guaranteed candidate. */
  async guaranteed(context: CommandContext, requestId: string): Promise<ListedRequestState> {
    const { request, unsold } = await this.read(context, requestId);
    if (request.state !== 'expired' || unsold.length === 0) throw marketplaceError('not_unsold');
    const certificateIds = unsold.map(({ certificateId }) => certificateId);
    return this.listings.execute(context, { certificateIds, mode: request.mode, guaranteed: true });
  }

  private read({ actor }: CommandContext, requestId: string): Promise<Found> {
    return this.unitOfWork.run(systemContext('unsold receivables'), (tx) =>
      this.found(tx, actor.organisationId, requestId),
    );
  }

  private async programmes(
    tx: Transaction,
    sellerId: string,
    unsold: readonly MarketCertificate[],
    today: CalendarDate,
  ) {
    const { items } = await this.early.offersFor(sellerId, tx);
    return items.flatMap((programme) => {
      if (programme.validTo !== null && programme.validTo <= today) return [];
      // The earliest day of payment is tomorrow, and nothing is owed under an order that was not delivered.
      const daysAtLeast = Math.min(...programme.curve.map(({ daysFrom }) => daysFrom)) + 1;
      const taken = unsold.filter(
        ({ anchorId, kind, amount, daysLeft }) =>
          anchorId === programme.anchor.id &&
          kind !== 'purchase_order' &&
          amount.currency === programme.currency &&
          daysLeft >= daysAtLeast,
      );
      return taken.length > 0
        ? [{ ...programme, certificateIds: taken.map(({ certificateId }) => certificateId) }]
        : [];
    });
  }

  /** Undefined where there is nothing to list again. */
  private async covering(
    tx: Transaction,
    request: FundingRequest,
    unsold: readonly MarketCertificate[],
    today: CalendarDate,
  ): Promise<Covering | undefined> {
    const productKind = productOf(unsold.map(({ kind }) => kind));
    if (request.state !== 'expired' || !productKind) return undefined;
    const amountMinor = unsold.reduce((sum, { amount }) => sum + amount.minor, 0n);
    const lastDay = unsold.map(({ dueOn }) => dueOn).reduce((last, day) => (day > last ? day : last));
    const tenorMonths = tenorMonthsOf(today, lastDay);
    const anchorIds = [...new Set(unsold.map(({ anchorId }) => anchorId))];
    return this.candidates.covering(tx, { ...request, productKind, amountMinor, tenorMonths }, anchorIds);
  }

  private async found(tx: Transaction, sellerId: string, requestId: string): Promise<Found> {
    const request = await tx.manager.findOneBy(FundingRequest, { id: requestId, enterpriseId: sellerId });
    const listing = request && (await listingOf(tx, requestId));
    if (!request || !listing) throw httpError('record_unknown');
    const enoughDays = this.receivables.rules.listingDays;
    const isFree = (each: MarketCertificate): boolean =>
      each.status === 'held' && each.sellerId === sellerId && each.daysLeft >= enoughDays;
    const ids = listing.certificates.map(({ certificateId }) => certificateId);
    const unsold = (await this.certificates.certificates(ids, tx)).filter(isFree);
    const atMost = this.book.rules.receivables.pooledAtMost;
    const own = new Set(ids);
    const others = (await this.certificates.listable(sellerId, atMost, tx)).filter(
      (each) => !own.has(each.certificateId) && isFree(each) && each.amount.currency === request.currency,
    );
    const pool = [...unsold, ...others].filter(({ kind }) => kind === 'invoice').slice(0, atMost);
    // The others alone would be no pool of what was not sold.
    const pooled = pool.some(({ certificateId }) => own.has(certificateId)) ? pool : [];
    return { request, unsold, pool: pooled };
  }
}
