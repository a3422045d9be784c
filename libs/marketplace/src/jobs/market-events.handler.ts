import { Injectable } from '@nestjs/common';
import { type DeliveredEvent, type EventHandler, idBytes, idText, type Transaction } from '#platform';
import { MatchMandate } from '../application/match-mandate.js';
import { MatchRequest } from '../application/match-request.js';
import { lockRequest, moveRequest } from '../application/records.js';
import { recordMarketChange } from '../persistence/market-change.store.js';

/** A request opened: it is matched against every live mandate. */
@Injectable()
export class MatchOpenedRequest implements EventHandler {
  readonly name = 'marketplace.match-opened-request';
  readonly events = ['funding_request.opened'];

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
  readonly events = ['mandate.published', 'mandate.changed', 'mandate.resumed', 'mandate.matching_continued'];

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

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await recordMarketChange(tx, event.subjectId);
  }
}

/** The enterprise stayed silent: review returned the case, and the request goes back with it. */
@Injectable()
export class ReturnSilentRequest implements EventHandler {
  readonly name = 'marketplace.return-silent-request';
  readonly events = ['review_case.returned'];

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    if (event.payload['subjectType'] !== 'funding_request') return;
    const request = await lockRequest(tx, String(event.payload['subjectId']));
    if (request.state !== 'information_requested') return;
    await moveRequest(tx, request, 'return', 'clock', { at: await tx.now(), audience: [request.enterpriseId] });
  }
}

/** Which of these financiers have a standing offer on the request. */
export async function standingBidders(tx: Transaction, requestId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ financier_id: Buffer }>(
    'SELECT financier_id FROM offer WHERE request_id = ? AND standing = 1',
    [idBytes(requestId)],
  );
  return new Set(rows.map(({ financier_id }) => idText(financier_id)));
}
