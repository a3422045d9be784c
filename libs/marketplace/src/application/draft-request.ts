import { Injectable } from '@nestjs/common';
import {
  compareMoney,
  type CollateralKind,
  type Money,
  moneyFromJson,
  type MoneyJson,
  printAmount,
  type ProductKind,
} from '#kernel';
import { EnterpriseReader } from '#enterprises';
import {
  type CommandContext,
  httpError,
  idBytes,
  isDuplicateKey,
  newId,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { marketplaceError } from '../domain/errors.js';
import type { CompetitionMode } from '../domain/request-terms.js';
import { FundingRequest } from '../persistence/entities.js';
import { AnonymousBriefs } from './anonymous-briefs.js';
import { MarketRuleBook } from './market-rules.js';
import { announce, lockRequest, updateVersioned, writeHistory } from './records.js';

/** What the enterprise fills in; every field may come later, submitting asks for all. */
export interface DraftFields {
  /** The enterprise's own reference; set once, when the draft begins. */
  readonly reference?: string | undefined;
  readonly productKind?: ProductKind | undefined;
  /** With `guarantee_only`: the institution where the loan was found. */
  readonly lenderId?: string | undefined;
  readonly amount?: MoneyJson | undefined;
  readonly tenorMonths?: number | undefined;
  readonly purpose?: string | undefined;
  readonly anonymousText?: string | undefined;
  readonly shariahOnly?: boolean | undefined;
  readonly collateral?: readonly CollateralKind[] | undefined;
  readonly mode?: CompetitionMode | undefined;
}

export interface Saved {
  readonly id: string;
  readonly version: number;
  readonly state: string;
}

/** Finds a request of the caller's enterprise under lock; another's does not exist for it. */
export async function lockOwnRequest(tx: Transaction, requestId: string): Promise<FundingRequest> {
  const request = await lockRequest(tx, requestId);
  if (request.enterpriseId !== tx.context.actor.organisationId) throw httpError('record_unknown');
  return request;
}

/** Begins a funding request; it is a draft until it is submitted. */
@Injectable()
export class CreateRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: MarketRuleBook,
  ) {}

  async execute(context: CommandContext, fields: DraftFields): Promise<Saved> {
    return this.unitOfWork.run(context, async (tx) => {
      const id = newId();
      const now = await tx.now();
      const { currency } = this.book.rules;
      await tx.manager
        .insert(FundingRequest, {
          id,
          enterpriseId: context.actor.organisationId,
          state: 'draft',
          version: 1,
          productKind: 'term_loan',
          currency,
          amountMinor: 0n,
          tenorMonths: 0,
          purpose: '',
          anonymousText: '',
          shariahOnly: false,
          collateral: ['none'],
          mode: 'ranked',
          womenLed: false,
          rural: false,
          awardedMinor: 0n,
          extensions: 0,
          createdAt: now,
          ...columnsOf(fields, this.book),
        })
        .catch((error: unknown) => {
          throw isDuplicateKey(error) ? marketplaceError('reference_used') : error;
        });
      await writeHistory(tx, {
        subjectType: 'funding_request',
        subjectId: id,
        requestId: id,
        action: 'create',
        from: null,
        to: 'draft',
        at: now,
      });
      announce(tx, 'funding_request', id, 1, 'create', 'draft', { audience: [context.actor.organisationId] });
      return { id, version: 1, state: 'draft' };
    });
  }
}

/** Saves a draft as it is being written. Of two people who edit, the second is told (412) and nothing is overwritten. */
@Injectable()
export class SaveDraft {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: MarketRuleBook,
    private readonly briefs: AnonymousBriefs,
  ) {}

  async execute(context: CommandContext, requestId: string, version: number, fields: DraftFields): Promise<Saved> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockOwnRequest(tx, requestId);
      if (request.version !== version) throw httpError('record_changed', { data: { version: request.version } });
      const editable = request.state === 'draft' || request.state === 'information_requested';
      if (!editable)
        throw marketplaceError('request_not_editable', {
          detail: `The request is ${request.state}; only a draft, or a request about which something was asked, can be edited.`,
        });
      // Submitting a draft checks its text; what is already submitted is not submitted again.
      if (request.state !== 'draft' && fields.anonymousText !== undefined)
        await this.briefs.assertNamesNobody(tx, request.enterpriseId, 'anonymousText', fields.anonymousText);
      const saved = await updateVersioned(tx, FundingRequest, request, columnsOf(fields, this.book));
      tx.audit({
        action: 'funding_request.edit',
        subjectType: 'funding_request',
        subjectId: requestId,
        data: { fields: Object.keys(fields) },
      });
      return { id: requestId, version: saved.version, state: saved.state };
    });
  }
}

/** Attaches a document of the enterprise's store to the request's checklist. */
@Injectable()
export class AttachDocument {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly enterprises: EnterpriseReader,
  ) {}

  async execute(
    context: CommandContext,
    requestId: string,
    kind: string,
    documentId: string,
  ): Promise<{ id: string; checksum: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockOwnRequest(tx, requestId);
      if (!['draft', 'information_requested'].includes(request.state)) throw marketplaceError('request_not_editable');
      const document = await this.enterprises.document(tx, context.actor.organisationId, documentId);
      if (!document)
        throw httpError('record_unknown', {
          fields: [{ pointer: '/documentId', rule: 'exists', message: 'is not a document of this enterprise' }],
        });
      const id = newId();
      await tx.execute(
        `INSERT IGNORE INTO request_document (id, request_id, kind, file_name, media_type, size_bytes, checksum, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          idBytes(id),
          idBytes(requestId),
          kind,
          document.fileName,
          document.mediaType,
          document.sizeBytes,
          Buffer.from(document.checksum, 'hex'),
          context.actor.id,
          await tx.now(),
        ],
      );
      tx.audit({
        action: 'funding_request.attach',
        subjectType: 'funding_request',
        subjectId: requestId,
        data: { kind, documentId, checksum: document.checksum },
      });
      return { id, checksum: document.checksum };
    });
  }
}

function columnsOf(fields: DraftFields, book: MarketRuleBook): Partial<FundingRequest> {
  const { amount, collateral, ...rest } = fields;
  const given = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as Partial<FundingRequest>;
  return {
    ...given,
    ...(collateral ? { collateral: [...collateral] } : {}),
    ...(amount ? amountColumns(moneyFromJson(amount), book) : {}),
  };
}

function amountColumns(amount: Money, { rules }: MarketRuleBook): Partial<FundingRequest> {
  const refuse = (rule: string, message: string) =>
    httpError('input_invalid', { detail: `/amount: ${message}`, fields: [{ pointer: '/amount', rule, message }] });
  if (amount.currency !== rules.currency) throw refuse('currency', `this market lends in ${rules.currency}`);
  if (compareMoney(amount, rules.amountAtMost) > 0)
    throw refuse('max', `must be at most ${printAmount(rules.amountAtMost)} ${rules.currency}`);
  return { amountMinor: amount.minor, currency: amount.currency };
}
