import { Injectable } from '@nestjs/common';
import type { Mandate } from '#kernel';
import { dueAt } from '#finance';
import { AnchorLimitReader } from '#institutions';
import { type CommandContext, setTimer, type Transaction, UnitOfWork } from '#platform';
import { BusinessCalendars } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { matchScore, type MatchScore, withAnchorLimits } from '../domain/matching.policy.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
import type { AnonymousBrief } from '../domain/request-terms.js';
import { FundingRequest } from '../persistence/entities.js';
import { addMatches, countMatches, inviteWaiting, markDeclined } from '../persistence/match.query.js';
import { listingOf } from '../persistence/receivable-listing.store.js';
import { MandateCatalogue } from './mandate-catalogue.js';
import { MarketRuleBook } from './market-rules.js';

/** The brief that was frozen at submission; what it does not show is null. */
export function briefOf(request: FundingRequest): AnonymousBrief {
  if (!request.submittedAt) throw new Error(`request ${request.id} has no brief`);
  const brief = termsWith(request, request);
  // A scheme could cover it: for a mandate that takes a scheme's guarantee as collateral, it is one that can give collateral.
  return request.guaranteedSince ? { ...brief, collateral: [...brief.collateral, 'scheme_guarantee'] } : brief;
}

/** What a request asks for, with these facts of the firm. */
export function termsWith(
  request: FundingRequest,
  firm: Pick<AnonymousBrief, 'sector' | 'region' | 'sizeClass' | 'ageBand' | 'grade' | 'womenLed' | 'rural'>,
): AnonymousBrief {
  const { sector, region, sizeClass, ageBand } = firm;
  return {
    requestId: request.id,
    productKind: request.productKind,
    amount: { minor: request.amountMinor, currency: request.currency },
    tenorMonths: request.tenorMonths,
    sector,
    region,
    sizeClass,
    ageBand,
    grade: firm.grade,
    shariahOnly: request.shariahOnly,
    collateral: request.collateral,
    womenLed: firm.womenLed,
    rural: firm.rural,
  };
}

interface Candidate {
  readonly mandate: Mandate;
  readonly score: MatchScore;
}

/** Whether this financier may learn of the request at all: a guarantee for a loan that was found elsewhere concerns its lender alone. */
export function concerns(
  { productKind, lenderId }: Pick<FundingRequest, 'productKind' | 'lenderId'>,
  { financierId }: Mandate,
): boolean {
  return productKind !== 'guarantee_only' || lenderId === financierId;
}

/** A financier is asked once per request, by its best-fitting mandate. */
export function bestPerFinancier(mandates: readonly Mandate[], brief: AnonymousBrief): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const mandate of mandates) {
    const candidate = { mandate, score: matchScore(mandate, brief) };
    const known = best.get(mandate.financierId);
    if (
      !known ||
      candidate.score.total > known.score.total ||
      (candidate.score.total === known.score.total && mandate.id < known.mandate.id)
    )
      best.set(mandate.financierId, candidate);
  }
  return [...best.values()].sort((a, b) => b.score.total - a.score.total || (a.mandate.id < b.mandate.id ? -1 : 1));
}

/** Finds who may fund a request, in order, and invites the first. */
@Injectable()
export class MatchRequest {
  constructor(
    private readonly catalogue: MandateCatalogue,
    private readonly limits: AnchorLimitReader,
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
    const concerned = mandates.filter((mandate) => concerns(request, mandate));
    const candidates = await this.byAnchorLimits(tx, request, bestPerFinancier(concerned, briefOf(request)));
    const matches = candidates.map(({ mandate, score }) => ({
      financierId: mandate.financierId,
      mandateId: mandate.id,
      score,
    }));
    await addMatches(tx, request.id, matches, now);
    const invited = await this.inviteNext(tx, request, now);
    if (invited === 0 && (await countMatches(tx, request.id)).found === 0)
      this.tell(tx, request, 'funding_request.unmatched', [], {});
    return candidates.length;
  }

  /** Of receivables only who has a limit on every anchor can bid: those are asked first. */
  private async byAnchorLimits(
    tx: Transaction,
    request: FundingRequest,
    candidates: readonly Candidate[],
  ): Promise<readonly Candidate[]> {
    const listing = isReceivableProduct(request.productKind) ? await listingOf(tx, request.id) : undefined;
    if (!listing) return candidates;
    const anchors = listing.certificates.map(({ anchorId }) => anchorId);
    const limited = await this.limits.withLimitsOnAll(anchors, request.currency, tx);
    return candidates.map(({ mandate, score }) => ({
      mandate,
      score: withAnchorLimits(score, limited.has(mandate.financierId)),
    }));
  }

  /** Keeps the number of financiers who may still answer at the market's figure: a decline or silence lets the next one in. */
  async inviteNext(tx: Transaction, request: FundingRequest, now: Date): Promise<number> {
    const { invitedAtMost, answerWorkingDays } = this.book.rules;
    const room = invitedAtMost - (await countMatches(tx, request.id)).active;
    if (room <= 0) return 0;
    const answerDue = new Date(
      dueAt((await this.calendars.current(tx)).calendar, now.getTime(), answerWorkingDays).dueAt,
    );
    const financierIds = await inviteWaiting(tx, request.id, room, now, answerDue);
    if (financierIds.length === 0) return 0;
    await setTimer(tx, marketTimers.answer, request.id, answerDue);
    // Who else was invited is the market's secret: each institution hears of its own invitation only.
    this.tell(tx, request, 'funding_request.invited', [], { financierIds });
    for (const id of financierIds)
      this.tell(tx, request, 'invitation.made', [id], { financierId: id, answerDue: answerDue.toISOString() });
    return financierIds.length;
  }

  private tell(
    tx: Transaction,
    request: FundingRequest,
    name: string,
    audience: readonly string[],
    payload: Record<string, unknown>,
  ): void {
    tx.emit({
      name,
      subjectType: 'funding_request',
      subjectId: request.id,
      version: request.version,
      audience,
      payload,
    });
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

  async execute(
    context: CommandContext,
    requestId: string,
    reason: string,
  ): Promise<{ requestId: string; state: string }> {
    if (!this.book.rules.declineReasons.includes(reason)) {
      throw marketplaceError('reasons_missing', {
        fields: [
          { pointer: '/reason', rule: 'code', message: `must be one of ${this.book.rules.declineReasons.join(', ')}` },
        ],
      });
    }
    return this.unitOfWork.run(context, async (tx) => {
      const request = await tx.manager.findOne(FundingRequest, {
        where: { id: requestId },
        lock: { mode: 'pessimistic_write' },
      });
      const now = await tx.now();
      if (!request || !(await markDeclined(tx, requestId, context.actor.organisationId, reason, now)))
        throw marketplaceError('not_matched');
      tx.audit({
        action: 'funding_request.decline',
        subjectType: 'funding_request',
        subjectId: requestId,
        data: { reason },
      });
      tx.emit({
        name: 'funding_request.declined',
        subjectType: 'funding_request',
        subjectId: requestId,
        version: request.version,
        payload: { reason },
      });
      if (request.state === 'open' && request.closesAt && request.closesAt > now)
        await this.matching.inviteNext(tx, request, now);
      return { requestId, state: 'declined' };
    });
  }
}
