import { Injectable } from '@nestjs/common';
import { GuaranteeMarket, type GuaranteeQuote, type QuoteInput } from '#guarantee';
import { AnchorLimitReader } from '#institutions';
import { type Mandate, type MoneyJson, moneyToJson, type ProductKind } from '#kernel';
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
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
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

/** Mandates under which a scheme would stand behind a loan, one a financier, and the schemes. */
export interface Covering {
  readonly mandates: readonly Mandate[];
  readonly schemes: readonly CandidateScheme[];
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
    private readonly limits: AnchorLimitReader,
  ) {}

  /** Makes a candidate of an open request without offers; false where it is none, or is one already. */
  async within(tx: Transaction, request: FundingRequest): Promise<boolean> {
    if (request.guaranteedSince || (await hasOffers(tx, request.id))) return false;
    const covering = await this.covering(tx, request);
    if (covering.mandates.length === 0) return false;
    const marked = await this.mark(tx, request, covering);
    await this.matching.add(tx, marked, covering.mandates);
    return true;
  }

  /**
   * For whose loan to this firm some scheme would stand, best fitting first, and what it would do; of receivables those who have a limit
   * on every anchor, because nobody else can bid. Reserves nothing.
   */
  async covering(tx: Transaction, request: FundingRequest, anchorIds: readonly string[] = []): Promise<Covering> {
    const schemes = new Map<string, CandidateScheme>();
    const covered: Mandate[] = [];
    if (neverGuaranteed.includes(request.productKind)) return { mandates: covered, schemes: [] };
    const brief = briefOf({ ...request, guaranteedSince: await tx.now() });
    const limited =
      anchorIds.length > 0 ? await this.limits.withLimitsOnAll([...anchorIds], request.currency, tx) : undefined;
    const mandates = (await this.catalogue.matching(brief)).filter(
      (mandate) => concerns(request, mandate) && (limited?.has(mandate.financierId) ?? true),
    );
    for (const { mandate } of bestPerFinancier(mandates, brief).slice(0, lookedAtMost)) {
      const found = await this.schemes.candidates(tx, mandate.financierId, [loanOf(request)]);
      for (const quote of found.get(request.id) ?? []) schemes.set(quote.schemeId, schemeOf(quote));
      if (found.size > 0) covered.push(mandate);
    }
    return { mandates: covered, schemes: [...schemes.values()] };
  }

  /** Says of a request that a scheme could cover it; matching then finds the mandates that take a scheme's guarantee, too. */
  async mark(tx: Transaction, request: FundingRequest, { mandates }: Covering): Promise<FundingRequest> {
    const guaranteedSince = await tx.now();
    const marked = await updateVersioned(tx, FundingRequest, request, { guaranteedSince });
    await writeHistory(tx, {
      subjectType: 'funding_request',
      subjectId: request.id,
      requestId: request.id,
      action: 'show_guaranteed',
      from: request.state,
      to: request.state,
      at: guaranteedSince,
      reason: { financiers: mandates.length },
    });
    announce(tx, 'funding_request', request.id, marked.version, 'show_guaranteed', request.state, {
      audience: [request.enterpriseId],
    });
    return marked;
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
/** Debtors pay receivables on their day; everything else is repaid in instalments until an offer says otherwise. */
function plainLoan(productKind: ProductKind) {
  const repayment = isReceivableProduct(productKind) ? ('bullet' as const) : ('instalments' as const);
  return { otherCoverPercent: '0', graceMonths: 0, repayment, retainedCollateral: false } as const;
}

function loanOf({ id, enterpriseId, amountMinor, currency, productKind, tenorMonths }: FundingRequest) {
  const amount = moneyToJson({ minor: amountMinor, currency });
  return { ...plainLoan(productKind), requestId: id, enterpriseId, amount, productKind, tenorMonths };
}

function rowLoan(row: BriefRow & { enterprise_id: Buffer }): Loan {
  const productKind = row.product_kind as ProductKind;
  return {
    ...plainLoan(productKind),
    enterpriseId: idText(row.enterprise_id),
    amount: moneyToJson({ minor: BigInt(row.amount_minor), currency: row.currency }),
    productKind,
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
