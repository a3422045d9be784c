import { Injectable } from '@nestjs/common';
import type { Mandate } from '#institutions';
import { dueAt } from '#finance';
import { type CommandContext, idBytes, idText, setTimer, type Transaction, UnitOfWork } from '#platform';
import { BusinessCalendars } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { matchScore, type MatchScore } from '../domain/matching.policy.js';
import type { AnonymousBrief } from '../domain/request-terms.js';
import { FundingRequest } from '../persistence/entities.js';
import { MandateCatalogue } from './mandate-catalogue.js';
import { MarketRuleBook } from './market-rules.js';

/** The brief that was frozen at submission. */
export function briefOf(request: FundingRequest): AnonymousBrief {
  const { sector, region, sizeClass, ageBand } = request;
  if (!sector || !region || !sizeClass || !ageBand) throw new Error(`request ${request.id} has no brief`);
  return {
    requestId: request.id, productKind: request.productKind, amount: { minor: request.amountMinor, currency: request.currency }, tenorMonths: request.tenorMonths,
    sector, region, sizeClass, ageBand, grade: request.grade, shariahOnly: request.shariahOnly, collateral: request.collateral, womenLed: request.womenLed, rural: request.rural,
  };
}

interface Candidate {
  readonly mandate: Mandate;
  readonly score: MatchScore;
}

/** A financier is asked once per request, by its best-fitting mandate. */
export function bestPerFinancier(mandates: readonly Mandate[], brief: AnonymousBrief): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const mandate of mandates) {
    const candidate = { mandate, score: matchScore(mandate, brief) };
    const known = best.get(mandate.financierId);
    if (!known || candidate.score.total > known.score.total || (candidate.score.total === known.score.total && mandate.id < known.mandate.id)) best.set(mandate.financierId, candidate);
  }
  return [...best.values()].sort((a, b) => b.score.total - a.score.total || (a.mandate.id < b.mandate.id ? -1 : 1));
}

/** Finds who may fund a request, in order, and invites the first. */
@Injectable()
export class MatchRequest {
  constructor(
    private readonly catalogue: MandateCatalogue,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
  ) {}

  /** Matches an open request against every live mandate; run again, it adds only what is new. */
  async within(tx: Transaction, request: FundingRequest): Promise<number> {
    const mandates = await this.catalogue.matching(briefOf(request));
    return this.add(tx, request, mandates);
  }

  /** Adds the matches of these mandates, which are known to fit, and invites up to the market's number. */
  async add(tx: Transaction, request: FundingRequest, mandates: readonly Mandate[]): Promise<number> {
    const now = await tx.now();
    const candidates = bestPerFinancier(mandates, briefOf(request));
    if (candidates.length > 0) {
      await tx.execute(
        `INSERT IGNORE INTO request_match (request_id, financier_id, mandate_id, score, score_parts, state, matched_at) VALUES ${candidates.map(() => "(?, ?, ?, ?, ?, 'waiting', ?)").join(',')}`,
        candidates.flatMap(({ mandate, score }) => [idBytes(request.id), idBytes(mandate.financierId), idBytes(mandate.id), score.total, JSON.stringify(score.parts), now]),
      );
    }
    const invited = await this.inviteNext(tx, request, now);
    if (candidates.length === 0 && invited === 0) {
      const [row] = await tx.rows<{ n: string }>('SELECT COUNT(*) AS n FROM request_match WHERE request_id = ?', [idBytes(request.id)]);
      if (Number(row?.n) === 0) tx.emit({ name: 'funding_request.unmatched', subjectType: 'funding_request', subjectId: request.id, version: request.version, audience: [], payload: {} });
    }
    return candidates.length;
  }

  /** Keeps the number of financiers who may still answer at the market's figure: a decline or silence lets the next one in. */
  async inviteNext(tx: Transaction, request: FundingRequest, now: Date): Promise<number> {
    const { invitedAtMost, answerWorkingDays } = this.book.rules;
    const [count] = await tx.rows<{ n: string }>("SELECT COUNT(*) AS n FROM request_match WHERE request_id = ? AND state IN ('invited','offered')", [idBytes(request.id)]);
    const room = invitedAtMost - Number(count?.n ?? 0);
    if (room <= 0) return 0;
    const next = await tx.rows<{ financier_id: Buffer }>("SELECT financier_id FROM request_match WHERE request_id = ? AND state = 'waiting' ORDER BY score DESC, mandate_id LIMIT ? FOR UPDATE", [idBytes(request.id), room]);
    if (next.length === 0) return 0;
    const answerDue = new Date(dueAt(await this.calendars.current(tx), now.getTime(), answerWorkingDays).dueAt);
    await tx.execute(
      `UPDATE request_match SET state = 'invited', invited_at = ?, answer_due = ? WHERE request_id = ? AND financier_id IN (${next.map(() => '?').join(',')})`,
      [now, answerDue, idBytes(request.id), ...next.map(({ financier_id }) => financier_id)],
    );
    await setTimer(tx, marketTimers.answer, request.id, answerDue);
    tx.emit({
      name: 'funding_request.invited', subjectType: 'funding_request', subjectId: request.id, version: request.version,
      audience: next.map(({ financier_id }) => idText(financier_id)), payload: { answerDue: answerDue.toISOString(), financierIds: next.map(({ financier_id }) => idText(financier_id)) },
    });
    return next.length;
  }
}

/** A financier says no, with a coded reason; the next in rank is invited at once. */
@Injectable()
export class DeclineRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly matching: MatchRequest,
    private readonly book: MarketRuleBook,
  ) {}

  async execute(context: CommandContext, requestId: string, reason: string): Promise<{ requestId: string; state: string }> {
    if (!this.book.rules.declineReasons.includes(reason)) {
      throw marketplaceError('reasons_missing', { fields: [{ pointer: '/reason', rule: 'code', message: `must be one of ${this.book.rules.declineReasons.join(', ')}` }] });
    }
    return this.unitOfWork.run(context, async (tx) => {
      const request = await tx.manager.findOne(FundingRequest, { where: { id: requestId }, lock: { mode: 'pessimistic_write' } });
      const now = await tx.now();
      const declined = request
        ? await tx.execute("UPDATE request_match SET state = 'declined', answered_at = ?, decline_reason = ? WHERE request_id = ? AND financier_id = ? AND state IN ('invited','silent')", [
            now, reason, idBytes(requestId), idBytes(context.actor.organisationId),
          ])
        : 0;
      if (!request || declined === 0) throw marketplaceError('not_matched');
      tx.audit({ action: 'funding_request.decline', subjectType: 'funding_request', subjectId: requestId, data: { reason } });
      tx.emit({ name: 'funding_request.declined', subjectType: 'funding_request', subjectId: requestId, version: request.version, payload: { reason } });
      if (request.state === 'open' && request.closesAt && request.closesAt > now) await this.matching.inviteNext(tx, request, now);
      return { requestId, state: 'declined' };
    });
  }
}
