import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { MatchMandate } from '../application/match-mandate.js';
import { MatchRequest } from '../application/match-request.js';
import { lockRequest, moveRequest } from '../application/records.js';
import { UnlistReceivables } from '../application/list-receivables.js';
import { NumberMarketChanges } from '../application/number-market-changes.js';
import { BidAutomatically } from '../application/bid-automatically.js';

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
