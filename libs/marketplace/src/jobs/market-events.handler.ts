import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { MatchMandate } from '../application/match-mandate.js';
import { MatchRequest } from '../application/match-request.js';
import { lockRequest, moveRequest } from '../application/records.js';
import { UnlistReceivables } from '../application/list-receivables.js';
import { NumberMarketChanges } from '../application/number-market-changes.js';
import { BidAutomatically } from '../application/bid-automatically.js';
import { GuaranteedCandidates } from '../application/guaranteed-candidates.js';
import { OfferGuarantees } from '../application/offer-guarantees.js';

/** A request opened: it is matched against every live mandate. */
@Injectable()
export class MatchOpenedRequest implements EventHandler {
  readonly name = 'marketplace.match-opened-request';
  readonly events = ['funding_request.opened', 'funding_request.listed'];

  constructor(private readonly matching: MatchRequest) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const request = await lockRequest(tx, event.subjectId);
    if (request.state === 'open') await this.matching.within(tx, request);
  }
}

/** A mandate is new or changed: it is matched against every request that still takes offers. */
@Injectable()
export class MatchChangedMandate implements EventHandler {
  readonly name = 'marketplace.match-changed-mandate';
  readonly events = [
    'mandate.published',
    'mandate.changed',
    'mandate.resumed',
    'mandate.matchable',
    'mandate.matching_continued',
  ];

  constructor(private readonly matching: MatchMandate) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.matching.within(tx, event);
  }
}

/** What moves a request on the lists of the market, where a process keeps them in memory. */
@Injectable()
export class NumberMarketChange implements EventHandler {
  readonly name = 'marketplace.number-market-change';
  readonly events = [
    'funding_request.invited',
    'funding_request.reopened',
    'funding_request.extended',
    'funding_request.awarded',
    'funding_request.withdrawn',
    'funding_request.expired',
  ];

  constructor(private readonly changes: NumberMarketChanges) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.changes.within(tx, event.subjectId);
  }
}

/** The enterprise stayed silent: review returned the case, and the request goes back with it. */
@Injectable()
export class ReturnSilentRequest implements EventHandler {
  readonly name = 'marketplace.return-silent-request';
  readonly events = ['review_case.returned'];

  constructor(private readonly receivables: UnlistReceivables) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    if (event.payload['subjectType'] !== 'funding_request') return;
    const request = await lockRequest(tx, String(event.payload['subjectId']));
    if (request.state !== 'information_requested') return;
    const now = await tx.now();
    await moveRequest(tx, request, 'return', 'clock', { at: now, audience: [request.enterpriseId] });
    await this.receivables.within(tx, request.id, 'withdrawn', now);
  }
}

/** Financiers were invited: those with an approved rule bid. */
@Injectable()
export class AutoBid implements EventHandler {
  readonly name = 'marketplace.auto-bid';
  readonly events = ['funding_request.invited'];

  constructor(private readonly bids: BidAutomatically) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.bids.within(tx, event.subjectId, event.payload['financierIds'] as string[]);
  }
}

/** No mandate fits the request as it is: perhaps one fits it with a scheme's guarantee. */
@Injectable()
export class ShowUnmatchedGuaranteed implements EventHandler {
  readonly name = 'marketplace.show-unmatched-guaranteed';
  readonly events = ['funding_request.unmatched'];

  constructor(private readonly candidates: GuaranteedCandidates) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const request = await lockRequest(tx, event.subjectId);
    const bidding = request.closesAt !== null && request.closesAt > (await tx.now());
    if (request.state === 'open' && bidding) await this.candidates.within(tx, request);
  }
}

/** A letter of intent was drawn while its offer ended: nothing may stay reserved for it. */
@Injectable()
export class EndLateLetter implements EventHandler {
  readonly name = 'marketplace.end-late-letter';
  readonly events = ['guarantee.offered'];

  constructor(private readonly guarantees: OfferGuarantees) {}

  async handle(tx: Transaction, { payload }: DeliveredEvent): Promise<void> {
    if (payload['offerId']) await this.guarantees.endLateLetter(tx, String(payload['offerId']));
  }
}
