import { Injectable } from '@nestjs/common';
import { Limits } from '#institutions';
import { DomainError } from '#kernel';
import { idBytes, idText, type Transaction } from '#platform';
import { MarketCertificateReader, ReceivableMarket } from '#receivables';
import { type Award, FundingRequest } from '../persistence/entities.js';
import { endListing, listingOf, relist } from '../persistence/receivable-listing.store.js';
import { lockWithRequest } from './award-access.js';
import { endOffers } from './competition.js';
import { LapseAward } from './lapse-award.js';
import { OfferGuarantees } from './offer-guarantees.js';
import { moveAward, moveRequest } from './records.js';
import { reservationsOf } from './sell-receivables.js';

/**
 * What happens to a sale after the award: the register of assignments and the matching of payments decide, and award and request
 * follow their events. A step that does not fit any more (an event came twice) is left out.
 */
@Injectable()
export class FollowAssignment {
  constructor(
    private readonly limits: Limits,
    private readonly lapses: LapseAward,
    private readonly receivables: ReceivableMarket,
    private readonly certificates: MarketCertificateReader,
    private readonly guarantees: OfferGuarantees,
  ) {}

  /** The first leg has arrived: the seller has its money. */
  async paid(tx: Transaction, assignmentId: string): Promise<void> {
    const found = await this.lock(tx, assignmentId);
    if (found?.award.state !== 'agreed') return;
    const { request, award } = found;
    const now = await tx.now();
    for (const reference of await reservationsOf(tx, award)) await this.limits.convert(tx, reference);
    await this.guarantees.disbursed(tx, request.id, award.offerId, now);
    await moveAward(tx, award, 'disburse', 'settlement', this.step(found, now), {
      disbursedAt: now,
      reportedNetMinor: award.netMinor,
      reportedAt: now,
      unworsened: true,
    });
    await moveRequest(tx, request, 'disburse', 'settlement', { at: now, audience: [request.enterpriseId] });
  }

  /** The bank took the first leg back: the money is to come again. */
  async takenBack(tx: Transaction, assignmentId: string): Promise<void> {
    const found = await this.lock(tx, assignmentId);
    if (found?.award.state !== 'disbursed' || found.request.state !== 'disbursed') return;
    const now = await tx.now();
    await moveAward(tx, found.award, 'take_back', 'settlement', this.step(found, now), {
      disbursedAt: null,
      reportedNetMinor: null,
      reportedAt: null,
      unworsened: null,
    });
    await moveRequest(tx, found.request, 'take_back', 'settlement', {
      at: now,
      audience: [found.request.enterpriseId],
    });
  }

  /** The first leg failed and all is as it was before: the award falls and the request is open again, or ends where it cannot be. */
  async undone(tx: Transaction, assignmentId: string): Promise<void> {
    const found = await this.lock(tx, assignmentId);
    if (found?.award.state !== 'agreed') return;
    const { request, award } = found;
    await this.lapses.lapse(tx, request, award, 'settlement', 'the first leg was not paid', false);
    const listing = await listingOf(tx, request.id);
    if (!listing) return;
    const now = await tx.now();
    const certificateIds = listing.certificates.map(({ certificateId }) => certificateId);
    try {
      await relist(tx, request.id);
      await this.receivables.list(tx, { reference: request.id, sellerId: listing.sellerId, certificateIds });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // Held meanwhile, or too near to its day: it cannot be sold any more.
      const open = await tx.manager.findOneByOrFail(FundingRequest, { id: request.id });
      const step = { at: now, audience: [request.enterpriseId], reason: { reason: error.message } };
      await moveRequest(tx, open, 'expire', 'clock', step);
      await endOffers(tx, request.id, now);
      await endListing(tx, request.id, 'unsold', now);
      await this.guarantees.endRequest(tx, request.id, 'The receivables cannot be sold any more.');
    }
  }

  /** The anchor has paid everything, or the seller bought back: the financier has what it is owed. */
  async ended(tx: Transaction, assignmentId: string, reason: string): Promise<void> {
    const found = await this.lock(tx, assignmentId);
    if (!found || (await this.stands(tx, found.award))) return;
    const { request, award } = found;
    for (const reference of await reservationsOf(tx, award)) await this.limits.repay(tx, reference);
    const now = await tx.now();
    await endListing(tx, request.id, 'sold', now);
    if (request.state === 'disbursed')
      await moveRequest(tx, request, 'repay', 'settlement', {
        at: now,
        audience: [request.enterpriseId, award.financierId],
        reason: { reason },
      });
  }

  /** The bank took back what the anchor had paid: the sale stands, and the financier waits for its money again. */
  async restored(tx: Transaction, assignmentId: string): Promise<void> {
    const found = await this.lock(tx, assignmentId);
    if (found?.request.state !== 'repaid' || !(await this.stands(tx, found.award))) return;
    const { request, award } = found;
    for (const reference of await reservationsOf(tx, award)) await this.limits.restore(tx, reference);
    await relist(tx, request.id);
    await moveRequest(tx, request, 'restore', 'settlement', {
      at: await tx.now(),
      audience: [request.enterpriseId, award.financierId],
    });
  }

  /** Events of an end and of its being taken back may come in any order: what the register says now counts. */
  private async stands(tx: Transaction, { id }: Award): Promise<boolean> {
    return (await this.certificates.assignment(id, tx))?.state === 'paid';
  }

  /** A debtor did not pay for so long that it counts as lost: the requests that stand on it have defaulted. */
  async defaulted(tx: Transaction, receivableId: string): Promise<void> {
    const rows = await tx.rows<{ request_id: Buffer }>(
      'SELECT DISTINCT request_id FROM listed_certificate WHERE receivable_id = ? AND live = 1 ORDER BY request_id',
      [idBytes(receivableId)],
    );
    for (const { request_id } of rows) {
      const request = await tx.manager.findOneOrFail(FundingRequest, {
        where: { id: idText(request_id) },
        lock: { mode: 'pessimistic_write' },
      });
      if (request.state !== 'disbursed') continue;
      await moveRequest(tx, request, 'default', 'settlement', {
        at: await tx.now(),
        audience: [request.enterpriseId],
        reason: { receivableId },
      });
    }
  }

  private step({ request, award }: { request: FundingRequest; award: Award }, at: Date) {
    return { at, audience: [award.enterpriseId, award.financierId], payload: { requestId: request.id } };
  }

  /** In the house's order: the request, then the award. Undefined for an assignment that the market did not make. */
  private async lock(
    tx: Transaction,
    assignmentId: string,
  ): Promise<{ request: FundingRequest; award: Award } | undefined> {
    const [row] = await tx.rows<{ id: Buffer }>('SELECT id FROM award WHERE assignment_id = ?', [
      idBytes(assignmentId),
    ]);
    return row && lockWithRequest(tx, idText(row.id));
  }
}
