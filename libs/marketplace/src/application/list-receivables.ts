import { Inject, Injectable } from '@nestjs/common';
import { EnterpriseReader } from '#enterprises';
import type { MoneyJson, ProductKind } from '#kernel';
import { moneyToJson } from '#kernel';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  newId,
  setTimers,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { AskRegistries, MarketCertificateReader, ReceivableMarket } from '#receivables';
import { BusinessCalendars, ReviewCases } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { isReviewedFirst, productOf, tenorMonthsOf } from '../domain/receivable-request.policy.js';
import type { CompetitionMode } from '../domain/request-terms.js';
import { FundingRequest } from '../persistence/entities.js';
import {
  endListing,
  insertListing,
  listingOf,
  type ReceivableListing,
} from '../persistence/receivable-listing.store.js';
import { AnonymousBriefs } from './anonymous-briefs.js';
import { GuaranteedCandidates } from './guaranteed-candidates.js';
import { MarketRuleBook } from './market-rules.js';
import { announce, moveRequest, writeHistory } from './records.js';
import { competitionTimes, settlementDay } from './trading-hours.js';

export interface ListingInput {
  readonly certificateIds: readonly string[];
  readonly mode: CompetitionMode;
  /** Says to lenders that a scheme could cover it; refused where none would. */
  readonly guaranteed?: boolean;
}

export interface ListedRequestState {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly productKind: ProductKind;
  readonly amount: MoneyJson;
  readonly closesAt: string | null;
  readonly decideBy: string | null;
  /** Of what is reviewed first. */
  readonly reviewDueAt: string | null;
}

/**
 * Offers certificates on the market: one confirmed invoice, or a pool of them, opens at once; an order or a refund claim is reviewed
 * first. The certificates are `listed` in the same transaction, so nothing else can be done with them.
 */
@Injectable()
export class ListReceivables {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receivables: ReceivableMarket,
    private readonly certificates: MarketCertificateReader,
    private readonly registries: AskRegistries,
    private readonly enterprises: EnterpriseReader,
    private readonly briefs: AnonymousBriefs,
    private readonly reviews: ReviewCases,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
    private readonly candidates: GuaranteedCandidates,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(context: CommandContext, input: ListingInput): Promise<ListedRequestState> {
    // Other registries and the register of liens are asked before the transaction, in which nothing remote is called.
    const own = (await this.certificates.certificates(input.certificateIds)).filter(
      ({ sellerId }) => sellerId === context.actor.organisationId,
    );
    if (own.length > 0) await this.registries.execute(own.map(({ receivableId }) => receivableId));
    return this.unitOfWork.run(context, (tx) => this.within(tx, input));
  }

  async within(
    tx: Transaction,
    { certificateIds, mode, guaranteed = false }: ListingInput,
  ): Promise<ListedRequestState> {
    const sellerId = tx.context.actor.organisationId;
    const { pooledAtMost } = this.book.rules.receivables;
    if (certificateIds.length === 0 || certificateIds.length > pooledAtMost)
      throw marketplaceError('certificates_mixed', { detail: `A request takes 1 to ${pooledAtMost} certificates.` });
    if (!(await this.enterprises.snapshot(sellerId, tx))?.bankAccountUsable)
      throw marketplaceError('account_not_usable');
    const { brief, record } = await this.briefs.decide(tx, sellerId);
    const requestId = newId();
    await this.receivables.list(tx, { reference: requestId, sellerId, certificateIds });
    const listed = (await this.certificates.certificates(certificateIds, tx)).map((each) => ({
      certificateId: each.certificateId,
      receivableId: each.receivableId,
      anchorId: each.anchorId,
      kind: each.kind,
      currency: each.amount.currency,
      amountMinor: each.amount.minor,
      dueOn: each.dueOn,
    }));
    const product = productOf(listed.map(({ kind }) => kind));
    const { currency } = this.book.rules;
    if (!product || listed.some((each) => each.currency !== currency)) throw marketplaceError('certificates_mixed');
    const now = await tx.now();
    const { calendar } = await this.calendars.current(tx);
    const times = competitionTimes(calendar, now, this.book.rules, product, guaranteed);
    const amountMinor = listed.reduce((sum, each) => sum + each.amountMinor, 0n);
    const days = listed.map(({ dueOn }) => dueOn).sort();
    const dueOn = days[days.length - 1] as (typeof days)[number];
    const anchors = new Set(listed.map(({ anchorId }) => anchorId));
    const today = countryDate(this.environment.country, now);
    const request: FundingRequest = Object.assign(new FundingRequest(), {
      id: requestId,
      enterpriseId: sellerId,
      reference: null,
      state: 'draft',
      version: 1,
      productKind: product,
      currency,
      amountMinor,
      tenorMonths: tenorMonthsOf(today, dueOn),
      purpose: '',
      anonymousText: '',
      shariahOnly: false,
      collateral: ['receivables'],
      mode,
      ...brief,
      awardedMinor: 0n,
      extensions: 0,
      createdAt: now,
      submittedAt: null,
      openedAt: null,
      closesAt: null,
      decideBy: null,
      dueOn,
      anchorId: anchors.size === 1 ? [...anchors][0] : null,
    });
    await tx.manager.insert(FundingRequest, request);
    const settlesOn = settlementDay(calendar, times.closesAt);
    await insertListing(tx, { requestId, sellerId, settlesOn, certificates: listed }, now);
    await writeHistory(tx, {
      subjectType: 'funding_request',
      subjectId: requestId,
      requestId,
      action: 'create',
      from: null,
      to: 'draft',
      at: now,
    });
    announce(tx, 'funding_request', requestId, 1, 'create', 'draft', { audience: [sellerId] });
    const step = { at: now, audience: [sellerId], reason: { anonymity: record } };
    const amount = moneyToJson({ minor: amountMinor, currency });
    if (isReviewedFirst(product)) {
      const { dueAt } = await this.reviews.open(tx, {
        kind: product === 'tax_refund_advance' ? 'tax_refund_advance' : 'funding_request',
        subjectType: 'funding_request',
        subjectId: requestId,
        applicantOrganisationId: sellerId,
      });
      const moved = await moveRequest(tx, request, 'submit', 'applicant', step, { submittedAt: now });
      const { version, state } = guaranteed ? await this.asCandidate(tx, moved, [...anchors]) : moved;
      return {
        id: requestId,
        version,
        state,
        productKind: product,
        amount,
        closesAt: null,
        decideBy: null,
        reviewDueAt: dueAt.toISOString(),
      };
    }
    await setTimers(tx, [
      { kind: marketTimers.close, subjectId: requestId, dueAt: times.closesAt },
      { kind: marketTimers.decide, subjectId: requestId, dueAt: times.decideBy },
    ]);
    const moved = await moveRequest(
      tx,
      request,
      'list',
      'applicant',
      { ...step, payload: { rules: this.book.rules.version } },
      {
        submittedAt: now,
        openedAt: now,
        ...times,
      },
    );
    const { version, state } = guaranteed ? await this.asCandidate(tx, moved, [...anchors]) : moved;
    return {
      id: requestId,
      version,
      state,
      productKind: product,
      amount,
      closesAt: times.closesAt.toISOString(),
      decideBy: times.decideBy.toISOString(),
      reviewDueAt: null,
    };
  }

  private async asCandidate(
    tx: Transaction,
    request: FundingRequest,
    anchorIds: readonly string[],
  ): Promise<FundingRequest> {
    const covering = await this.candidates.covering(tx, request, anchorIds);
    if (covering.mandates.length === 0) throw marketplaceError('guarantee_not_possible');
    return this.candidates.mark(tx, request, covering);
  }
}

/** Takes certificates off the market when their request ends without a sale, in the transaction that ends it. */
@Injectable()
export class UnlistReceivables {
  constructor(private readonly receivables: ReceivableMarket) {}

  async within(
    tx: Transaction,
    requestId: string,
    outcome: 'unsold' | 'withdrawn',
    now: Date,
  ): Promise<ReceivableListing | undefined> {
    const listing = await listingOf(tx, requestId);
    if (!listing) return undefined;
    const certificateIds = listing.certificates.map(({ certificateId }) => certificateId);
    await this.receivables.unlist(tx, { reference: requestId, certificateIds });
    await endListing(tx, requestId, outcome, now);
    return listing;
  }
}
