import { Injectable } from '@nestjs/common';
import { GuaranteeMarket, type GuaranteeQuote, type QuoteInput } from '#guarantee';
import { type MoneyJson, moneyToJson, type ProductKind } from '#kernel';
import {
  decodeCursor,
  defaultLimit,
  idText,
  isId,
  type Page,
  systemContext,
  toPage,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { FundingRequest } from '../persistence/entities.js';
import { guaranteedCandidatesQuery, hasOffers } from '../persistence/guaranteed-candidates.query.js';
import { MandateCatalogue } from './mandate-catalogue.js';
import { bestPerFinancier, briefOf, concerns, MatchRequest } from './match-request.js';
import { announce, updateVersioned, writeHistory } from './records.js';
import { type BriefRow, briefView } from './request-views.js';

/** Financiers that are looked at for one unbid request, best fitting first. */
const lookedAtMost = 50;
/** What no scheme guarantees: ownership, and a guarantee itself. */
const neverGuaranteed: readonly ProductKind[] = ['equity', 'guarantee_only'];

/** What a scheme would do for a request, as a lender reads it beside the brief. */
export interface CandidateScheme {
  readonly schemeId: string;
  readonly scheme: string;
  readonly maximumCoverPercent: string | null;
  readonly guaranteed: MoneyJson | null;
  /** Of the whole amount and tenor asked for, at the highest cover; the first year's where it is collected yearly. */
  readonly firstFee: MoneyJson | null;
  readonly collection: string | null;
}

/**
 * Requests that nobody has bid on. Where a scheme's mandate would cover one, financiers whose mandates take a scheme's guarantee as
 * collateral are matched with it too, and those who were invited see that it could be guaranteed.
 */
@Injectable()
export class GuaranteedCandidates {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly catalogue: MandateCatalogue,
    private readonly matching: MatchRequest,
    private readonly schemes: GuaranteeMarket,
  ) {}

  /** Makes a candidate of an open request without offers; false where it is none, or is one already. */
  async within(tx: Transaction, request: FundingRequest): Promise<boolean> {
    if (request.guaranteedSince || neverGuaranteed.includes(request.productKind)) return false;
    if (await hasOffers(tx, request.id)) return false;
    const guaranteedSince = await tx.now();
    const brief = briefOf({ ...request, guaranteedSince });
    const mandates = (await this.catalogue.matching(brief)).filter((mandate) => concerns(request, mandate));
    const covered = [];
    for (const { mandate } of bestPerFinancier(mandates, brief).slice(0, lookedAtMost)) {
      const found = await this.schemes.candidates(tx, mandate.financierId, [loanOf(request)]);
      if (found.size > 0) covered.push(mandate);
    }
    if (covered.length === 0) return false;
    const marked = await updateVersioned(tx, FundingRequest, request, { guaranteedSince });
    await writeHistory(tx, {
      subjectType: 'funding_request',
      subjectId: request.id,
      requestId: request.id,
      action: 'show_guaranteed',
      from: request.state,
      to: request.state,
      at: guaranteedSince,
      reason: { financiers: covered.length },
    });
    announce(tx, 'funding_request', request.id, marked.version, 'show_guaranteed', request.state, {
      audience: [request.enterpriseId],
    });
    await this.matching.add(tx, marked, covered);
    return true;
  }

  /** The schemes that would cover the request for this financier at this moment; none of one that is no candidate, or was bid on. */
  async coverFor(tx: Transaction, request: FundingRequest, financierId: string): Promise<readonly CandidateScheme[]> {
    const bidding = request.state === 'open' && request.closesAt !== null && request.closesAt > (await tx.now());
    if (!request.guaranteedSince || !bidding || (await hasOffers(tx, request.id))) return [];
    const quotes = await this.schemes.candidates(tx, financierId, [loanOf(request)]);
    return (quotes.get(request.id) ?? []).map(schemeOf);
  }

  /** The unbid requests on the financier's list that a scheme it is accredited with would cover now, newest first. */
  async page(financierId: string, { limit = defaultLimit, cursor }: { limit?: number; cursor?: string }) {
    return this.unitOfWork.run(systemContext('guaranteed candidates'), async (tx) => {
      const after = decodeCursor(cursor, 1)?.[0];
      if (after !== undefined && !isId(after)) decodeCursor('', 1);
      const now = await tx.now();
      const { sql, parameters } = guaranteedCandidatesQuery(financierId, now, after as string | undefined, limit + 1);
      const rows = await tx.rowsWithTextInstants<BriefRow & { enterprise_id: Buffer }>(sql, parameters);
      const loans = rows.map((row) => ({ ...rowLoan(row), requestId: idText(row.id) }));
      const quotes = await this.schemes.candidates(tx, financierId, loans);
      const shown = toPage(
        rows,
        limit,
        ({ id }) => [idText(id)],
        (row) => ({ ...briefView(idText(row.id), row), schemes: (quotes.get(idText(row.id)) ?? []).map(schemeOf) }),
      );
      return { ...shown, items: shown.items.filter(({ schemes }) => schemes.length > 0) } satisfies Page<unknown>;
    });
  }
}

type Loan = Omit<QuoteInput, 'lenderId'>;
const plainLoan = {
  otherCoverPercent: '0',
  graceMonths: 0,
  repayment: 'instalments',
  retainedCollateral: false,
} as const;

function loanOf({ id, enterpriseId, amountMinor, currency, productKind, tenorMonths }: FundingRequest) {
  const amount = moneyToJson({ minor: amountMinor, currency });
  return { ...plainLoan, requestId: id, enterpriseId, amount, productKind, tenorMonths };
}

function rowLoan(row: BriefRow & { enterprise_id: Buffer }): Loan {
  return {
    ...plainLoan,
    enterpriseId: idText(row.enterprise_id),
    amount: moneyToJson({ minor: BigInt(row.amount_minor), currency: row.currency }),
    productKind: row.product_kind as ProductKind,
    tenorMonths: row.tenor_months,
  };
}

function schemeOf({ schemeId, schemeCode, maximumCoverPercent, guaranteed, fee }: GuaranteeQuote): CandidateScheme {
  return {
    schemeId,
    scheme: schemeCode,
    maximumCoverPercent,
    guaranteed,
    firstFee: fee && { amount: fee.amount, currency: fee.currency },
    collection: fee?.collection ?? null,
  };
}
