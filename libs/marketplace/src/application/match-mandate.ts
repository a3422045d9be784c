import { Injectable } from '@nestjs/common';
import { fits } from '../domain/matching.policy.js';
import type { DeliveredEvent, Transaction } from '#platform';
import { idsWithinTerms, lockRequests, unmatchedAmong } from '../persistence/open-requests.query.js';
import { MandateCatalogue } from './mandate-catalogue.js';
import { briefOf, concerns, MatchRequest } from './match-request.js';

/** Requests that are looked at together. */
const chunk = 500;
/** Requests to which one transaction adds a match: their locks keep bidders waiting, so the rest follows in the next. */
const addedAtMost = 200;

/** Matches one mandate, new or changed, against every request that still takes offers. */
@Injectable()
export class MatchMandate {
  constructor(
    private readonly matching: MatchRequest,
    private readonly catalogue: MandateCatalogue,
  ) {}

  /**
   * Looks at the requests in the order of their ids, from the one on where the transaction before stopped. Only those to which it
   * adds a match are locked. What is left is told by an event, so that no transaction grows with the market.
   */
  async within(tx: Transaction, event: Pick<DeliveredEvent, 'subjectId' | 'version' | 'payload'>): Promise<number> {
    const mandate = await this.catalogue.live(event.subjectId);
    if (!mandate) return 0;
    const after = event.payload['after'];
    const ids = await idsWithinTerms(tx, mandate, typeof after === 'string' ? after : undefined);
    const now = await tx.now();
    let added = 0;
    for (let start = 0; start < ids.length; start += chunk) {
      const part = ids.slice(start, start + chunk);
      const fitting = (await unmatchedAmong(tx, part, mandate, now)).filter(
        (row) => concerns(row, mandate) && fits(mandate, briefOf(row)),
      );
      const taken = fitting.slice(0, addedAtMost - added);
      // Read again under the lock: a request may have been awarded, or its close moved, since it was looked at.
      for (const request of await lockRequests(
        tx,
        taken.map(({ id }) => id),
      )) {
        if (request.state !== 'open' || !request.closesAt || request.closesAt <= now) continue;
        await this.matching.add(tx, request, [mandate]);
        added += 1;
      }
      const last = taken.length < fitting.length ? taken.at(-1)?.id : part.at(-1);
      const more = taken.length < fitting.length || start + chunk < ids.length;
      if (added >= addedAtMost && more && last) {
        tx.emit({
          name: 'mandate.matching_continued',
          subjectType: 'mandate',
          subjectId: mandate.id,
          version: event.version,
          payload: { after: last },
        });
        return added;
      }
    }
    return added;
  }
}
