import { Injectable } from '@nestjs/common';
import { MandateReader } from '#institutions';
import { type DeliveredEvent, type EventHandler, idBytes, idText, type Transaction } from '#platform';
import { briefOf, MatchRequest } from '../application/match-request.js';
import { lockRequest, moveRequest } from '../application/records.js';
import { failedRules } from '../domain/matching.policy.js';

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
  readonly events = ['mandate.published', 'mandate.changed', 'mandate.resumed'];

  constructor(
    private readonly matching: MatchRequest,
    private readonly mandates: MandateReader,
  ) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const mandate = await this.mandates.mandate(event.subjectId, tx);
    if (!mandate) return;
    const now = await tx.now();
    const rows = await tx.rows<{ id: Buffer }>(
      `SELECT id FROM funding_request
       WHERE state = 'open' AND closes_at > ? AND currency = ? AND amount_minor BETWEEN ? AND ? AND tenor_months BETWEEN ? AND ? ORDER BY id`,
      [
        now,
        mandate.currency,
        mandate.amountMin.toString(),
        mandate.amountMax.toString(),
        mandate.tenorMin,
        mandate.tenorMax,
      ],
    );
    for (const { id } of rows) {
      const request = await lockRequest(tx, idText(id));
      if (failedRules(mandate, briefOf(request)).length === 0) await this.matching.add(tx, request, [mandate]);
    }
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
