import { Injectable } from '@nestjs/common';
import { httpError, type CommandContext, setTimers, type Transaction, UnitOfWork } from '#platform';
import { BusinessCalendars, ReviewCases } from '#review';
import { marketplaceError } from '../domain/errors.js';
import type { FundingRequest } from '../persistence/entities.js';
import { setSettlementDay } from '../persistence/receivable-listing.store.js';
import { lockOwnRequest, type Saved } from './draft-request.js';
import { UnlistReceivables } from './list-receivables.js';
import { MarketRuleBook } from './market-rules.js';
import { lockRequest, moveRequest } from './records.js';
import { marketTimers } from '../domain/market-timers.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
import { competitionTimes, settlementDay } from './trading-hours.js';

export interface CodedReason {
  readonly code: string;
  readonly message: string;
}

/** The steps of a request's review. The marketplace decides its own request; review keeps the clock and says who may. */
@Injectable()
export class ReviewRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reviews: ReviewCases,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
    private readonly receivables: UnlistReceivables,
  ) {}

  /** The reviewer has begun; the enterprise sees that somebody works on it. */
  async begin(context: CommandContext, requestId: string): Promise<Saved> {
    return this.step(context, requestId, async (tx, request, caseId, now) => {
      await this.reviews.assertReviewer(tx, caseId);
      return saved(
        await moveRequest(tx, request, 'begin_review', 'operator', { at: now, audience: [request.enterpriseId] }),
      );
    });
  }

  /** Opens the request to matched financiers; the competition's end and the time to decide are fixed here. */
  async open(context: CommandContext, requestId: string): Promise<Saved & { closesAt: string }> {
    return this.step(context, requestId, async (tx, request, caseId, now) => {
      await this.reviews.decide(tx, caseId, { outcome: 'approved', reasons: [] });
      const { calendar } = await this.calendars.current(tx);
      const { productKind, guaranteedSince } = request;
      const isCandidate = guaranteedSince !== null;
      const { closesAt, decideBy } = competitionTimes(calendar, now, this.book.rules, productKind, isCandidate);
      if (isReceivableProduct(request.productKind))
        await setSettlementDay(tx, requestId, settlementDay(calendar, closesAt));
      await setTimers(tx, [
        { kind: marketTimers.close, subjectId: requestId, dueAt: closesAt },
        { kind: marketTimers.decide, subjectId: requestId, dueAt: decideBy },
      ]);
      const moved = await moveRequest(
        tx,
        request,
        'open',
        'operator',
        { at: now, audience: [request.enterpriseId], payload: { rules: this.book.rules.version } },
        { openedAt: now, closesAt, decideBy },
      );
      return { id: requestId, version: moved.version, state: moved.state, closesAt: closesAt.toISOString() };
    });
  }

  /** Refuses the request with coded reasons, each of which says what to do. */
  async reject(context: CommandContext, requestId: string, reasons: readonly CodedReason[]): Promise<Saved> {
    const unknown = reasons.findIndex(({ code }) => !Object.hasOwn(this.book.rules.rejectionReasons, code));
    if (reasons.length === 0 || unknown >= 0) {
      throw marketplaceError('reasons_missing', {
        fields: [
          {
            pointer: unknown >= 0 ? `/reasons/${unknown}/code` : '/reasons',
            rule: 'code',
            message: `must be one of ${Object.keys(this.book.rules.rejectionReasons).join(', ')}`,
          },
        ],
      });
    }
    return this.step(context, requestId, async (tx, request, caseId, now) => {
      await this.reviews.decide(tx, caseId, { outcome: 'rejected', reasons });
      await this.receivables.within(tx, requestId, 'withdrawn', now);
      return saved(
        await moveRequest(tx, request, 'reject', 'operator', {
          at: now,
          audience: [request.enterpriseId],
          reason: { reasons },
        }),
      );
    });
  }

  /** Asks the enterprise for what is missing, once and all together; the clock stands meanwhile. */
  async askInformation(context: CommandContext, requestId: string, reasons: readonly CodedReason[]): Promise<Saved> {
    return this.step(context, requestId, async (tx, request, caseId, now) => {
      await this.reviews.requestInformation(tx, caseId, { reasons });
      return saved(
        await moveRequest(tx, request, 'request_information', 'operator', {
          at: now,
          audience: [request.enterpriseId],
          reason: { reasons },
        }),
      );
    });
  }

  /** The enterprise has answered: the clock goes on with the working time that was left. */
  async answerInformation(context: CommandContext, requestId: string, note: string): Promise<Saved> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockOwnRequest(tx, requestId);
      const found = await this.reviews.openCaseOf(tx, 'funding_request', requestId);
      if (found) await this.reviews.resume(tx, found.id);
      return saved(
        await moveRequest(tx, request, 'answer_information', 'applicant', {
          at: await tx.now(),
          audience: [request.enterpriseId],
          reason: { note },
        }),
      );
    });
  }

  private async step<T>(
    context: CommandContext,
    requestId: string,
    act: (tx: Transaction, request: FundingRequest, caseId: string, now: Date) => Promise<T>,
  ): Promise<T> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockRequest(tx, requestId);
      const found = await this.reviews.openCaseOf(tx, 'funding_request', requestId);
      if (!found) throw httpError('record_unknown', { detail: 'No review case is open for this request.' });
      return act(tx, request, found.id, await tx.now());
    });
  }
}

function saved({ id, version, state }: FundingRequest): Saved {
  return { id, version, state };
}
