import { Injectable } from '@nestjs/common';
import type { FieldError, ProductKind } from '#kernel';
import { type CommandContext, idBytes, type Transaction, UnitOfWork } from '#platform';
import { ReviewCases } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
import type { FundingRequest } from '../persistence/entities.js';
import { AnonymousBriefs } from './anonymous-briefs.js';
import { lockOwnRequest, type Saved } from './draft-request.js';
import { MarketRuleBook } from './market-rules.js';
import { moveRequest } from './records.js';

export interface ChecklistItem {
  readonly what: string;
  readonly done: boolean;
}

/** What a request still lacks before it may be submitted. */
@Injectable()
export class RequestChecklist {
  constructor(private readonly book: MarketRuleBook) {}

  async of(tx: Transaction, request: FundingRequest): Promise<readonly ChecklistItem[]> {
    const rows = await tx.rows<{ kind: string }>('SELECT DISTINCT kind FROM request_document WHERE request_id = ?', [
      idBytes(request.id),
    ]);
    const present = new Set(rows.map(({ kind }) => kind));
    return [
      ...(request.productKind === 'guarantee_only' ? [{ what: 'lenderId', done: request.lenderId !== null }] : []),
      { what: 'amount', done: request.amountMinor > 0n },
      { what: 'tenorMonths', done: request.productKind === 'equity' || request.tenorMonths > 0 },
      { what: 'purpose', done: request.purpose.trim().length >= 10 },
      { what: 'anonymousText', done: request.anonymousText.trim().length >= 10 },
      ...this.documentsFor(request.productKind).map((kind) => ({ what: `document:${kind}`, done: present.has(kind) })),
    ];
  }

  documentsFor(kind: ProductKind): readonly string[] {
    return this.book.rules.checklists[kind];
  }
}

/** Submits a complete request: the anonymous brief is frozen and the review clock starts, together or not at all. */
@Injectable()
export class SubmitRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checklist: RequestChecklist,
    private readonly briefs: AnonymousBriefs,
    private readonly reviews: ReviewCases,
  ) {}

  async execute(context: CommandContext, requestId: string): Promise<Saved & { readonly reviewDueAt: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockOwnRequest(tx, requestId);
      if (isReceivableProduct(request.productKind)) throw marketplaceError('request_needs_certificate');
      await this.assertComplete(tx, request);
      await this.briefs.assertNamesNobody(tx, request.enterpriseId, 'anonymousText', request.anonymousText);
      const { brief, record } = await this.briefs.decide(tx, request.enterpriseId);
      const now = await tx.now();
      const { dueAt } = await this.reviews.open(tx, {
        kind: 'funding_request',
        subjectType: 'funding_request',
        subjectId: requestId,
        applicantOrganisationId: request.enterpriseId,
      });
      const moved = await moveRequest(
        tx,
        request,
        'submit',
        'applicant',
        { at: now, audience: [request.enterpriseId], reason: { anonymity: record } },
        { ...brief, submittedAt: now },
      );
      return { id: requestId, version: moved.version, state: moved.state, reviewDueAt: dueAt.toISOString() };
    });
  }

  private async assertComplete(tx: Transaction, request: FundingRequest): Promise<void> {
    const missing = (await this.checklist.of(tx, request)).filter(({ done }) => !done);
    if (missing.length === 0) return;
    const fields: FieldError[] = missing.map(({ what }) => ({
      pointer: `/${what}`,
      rule: 'required',
      message: 'is needed before submitting',
    }));
    throw marketplaceError('request_incomplete', {
      detail: `Missing: ${missing.map(({ what }) => what).join(', ')}.`,
      fields,
    });
  }
}
