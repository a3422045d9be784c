import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InstitutionReader } from '#institutions';
import { moneyToJson } from '#kernel';
import { httpError, systemContext, UnitOfWork } from '#platform';
import { Award, FundingRequest } from '../persistence/entities.js';
import type { AnonymityRecord } from './anonymous-briefs.js';
import { MandateCatalogue } from './mandate-catalogue.js';
import { MarketReader } from './market.reader.js';
import { briefOf } from './match-request.js';
import { RequestChecklist } from './submit-request.js';

/** What an enterprise sees of its own requests beside the request itself. */
@Injectable()
export class EnterpriseMarketReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly market: MarketReader,
    private readonly list: RequestChecklist,
    private readonly catalogue: MandateCatalogue,
    private readonly institutions: InstitutionReader,
  ) {}

  async checklist(enterpriseId: string, requestId: string) {
    const request = await this.own(enterpriseId, requestId);
    const items = await this.unitOfWork.run(systemContext('checklist'), (tx) => this.list.of(tx, request));
    return { items, complete: items.every(({ done }) => done) };
  }

  async documents(enterpriseId: string, requestId: string) {
    await this.own(enterpriseId, requestId);
    return { items: await this.market.documents(requestId), nextCursor: null };
  }

  async timeline(enterpriseId: string, requestId: string) {
    await this.own(enterpriseId, requestId);
    const steps = await this.market.timeline(requestId, 'funding_request');
    return { items: steps.map((step) => ({ ...step, reason: withoutCounts(step.reason) })), nextCursor: null };
  }

  async questions(enterpriseId: string, requestId: string) {
    await this.own(enterpriseId, requestId);
    return { items: await this.market.questions(requestId), nextCursor: null };
  }

  async matches(enterpriseId: string, requestId: string) {
    const request = await this.own(enterpriseId, requestId);
    const found = await this.market.matches(requestId);
    const financiers = await this.institutions.financiers(found.map(({ financierId }) => financierId));
    const nearest = request.submittedAt ? await this.catalogue.nearest(briefOf(request), 200) : [];
    const wouldHelp = new Map<string, number>();
    // Only mandates that one change would win: the enterprise learns what to change, not whose mandate it is.
    for (const { failed } of nearest)
      if (failed.length === 1) wouldHelp.set(String(failed[0]), (wouldHelp.get(String(failed[0])) ?? 0) + 1);
    return {
      count: found.length,
      items: found.map(({ financierId, ...match }) => ({
        financier: financiers.get(financierId) ?? { id: financierId },
        ...match,
      })),
      wouldMatchMore: [...wouldHelp]
        .map(([rule, mandates]) => ({ rule, mandates }))
        .sort((a, b) => b.mandates - a.mandates),
      nextCursor: null,
    };
  }

  async awards(enterpriseId: string, requestId: string) {
    await this.own(enterpriseId, requestId);
    return { items: (await this.dataSource.manager.findBy(Award, { requestId })).map(awardView), nextCursor: null };
  }

  private async own(enterpriseId: string, requestId: string): Promise<FundingRequest> {
    const request = await this.dataSource.manager.findOneBy(FundingRequest, { id: requestId, enterpriseId });
    if (!request) throw httpError('record_unknown');
    return request;
  }
}

/** How many firms of each kind there are is no firm's business: a small number of them is somebody. */
function withoutCounts(reason: Record<string, unknown> | null): Record<string, unknown> | null {
  const { anonymity, ...rest } = reason ?? {};
  if (!anonymity) return reason;
  const { facts, ...kept } = anonymity as AnonymityRecord;
  return { ...rest, anonymity: { ...kept, facts: facts.map(({ fact, shown }) => ({ fact, shown })) } };
}

/** An award as its two parties see it. */
export function awardView(award: Award) {
  const {
    id,
    requestId,
    offerId,
    enterpriseId,
    financierId,
    state,
    version,
    currency,
    acceptedAt,
    agreeBy,
    disburseBy,
    enterpriseSignedAt,
    financierSignedAt,
    reportedAt,
    bankReference,
    disbursedAt,
    unworsened,
    endedReason,
  } = award;
  return {
    id,
    requestId,
    offerId,
    enterpriseId,
    financierId,
    state,
    version,
    amount: moneyToJson({ minor: award.amountMinor, currency }),
    net: moneyToJson({ minor: award.netMinor, currency }),
    acceptedAt,
    agreeBy,
    disburseBy,
    enterpriseSignedAt,
    financierSignedAt,
    reportedAt,
    bankReference,
    disbursedAt,
    unworsened,
    endedReason,
  };
}
