import { Injectable } from '@nestjs/common';
import { Limits } from '#institutions';
import { type CommandContext, clearTimers, type Transaction, UnitOfWork } from '#platform';
import { ReviewCases } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { Award } from '../persistence/entities.js';
import { endOffers } from './competition.js';
import { lockOwnRequest, type Saved } from './draft-request.js';
import { UnlistReceivables } from './list-receivables.js';
import { OfferGuarantees } from './offer-guarantees.js';
import { lockOffer, moveAward, moveOffer, moveRequest } from './records.js';
import { reservationsOf } from './sell-receivables.js';

/** The enterprise takes its request back, at any time before a contract is signed. */
@Injectable()
export class WithdrawRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reviews: ReviewCases,
    private readonly limits: Limits,
    private readonly receivables: UnlistReceivables,
    private readonly guarantees: OfferGuarantees,
  ) {}

  async execute(context: CommandContext, requestId: string, reason: string): Promise<Saved> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockOwnRequest(tx, requestId);
      const now = await tx.now();
      // Of a club one contract may be signed while the search for the rest goes on.
      const awards = await tx.manager.findBy(Award, { requestId });
      if (awards.some(({ state }) => state === 'agreed' || state === 'disbursed'))
        throw marketplaceError('contract_signed');
      const moved = await moveRequest(
        tx,
        request,
        'withdraw',
        'applicant',
        { at: now, audience: [request.enterpriseId], reason: { reason } },
        { awardedMinor: 0n },
      );
      await this.endAwards(tx, requestId, now);
      await endOffers(tx, requestId, now);
      await this.receivables.within(tx, requestId, 'withdrawn', now);
      await this.guarantees.endRequest(tx, requestId, 'The request was withdrawn.');
      const open = await this.reviews.openCaseOf(tx, 'funding_request', requestId);
      if (open) await this.reviews.withdraw(tx, open.id);
      await clearTimers(tx, requestId);
      return { id: requestId, version: moved.version, state: moved.state };
    });
  }

  /** Unsigned awards fall with the request, by the enterprise's own word. */
  private async endAwards(tx: Transaction, requestId: string, now: Date): Promise<void> {
    for (const award of await tx.manager.findBy(Award, { requestId, state: 'accepted' })) {
      const audience = [award.enterpriseId, award.financierId];
      const offer = await lockOffer(tx, award.offerId);
      await moveOffer(tx, offer, 'lapse', 'enterprise', { at: now, audience });
      for (const reference of await reservationsOf(tx, award)) await this.limits.release(tx, reference);
      await this.guarantees.endAward(tx, offer, 'The request was withdrawn.');
      await clearTimers(tx, award.id);
      await moveAward(
        tx,
        award,
        'lapse',
        'enterprise',
        { at: now, audience, reason: { reason: 'request withdrawn' } },
        { enterpriseFault: true, endedReason: 'request withdrawn' },
      );
    }
  }
}
