import { Injectable } from '@nestjs/common';
import { type AutoBidRule, InstitutionReader } from '#institutions';
import { DomainError, type Mandate, moneyToJson } from '#kernel';
import { idBytes, idText, setTimer, type Transaction } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
import { MarketRuleBook } from './market-rules.js';
import { type BidInput, PlaceBid } from './place-bid.js';
import { type OfferInput, PlaceOffer } from './place-offer.js';
import { lockRequest } from './records.js';
import { TradingHours } from './trading-hours.js';
import type { FundingRequest } from '../persistence/entities.js';

/**
 * An invited financier with an approved rule bids once, at its rule's price, and never reacts to others. The bid is
 * indicative: binding oneself needs to know the customer.
 */
@Injectable()
export class BidAutomatically {
  constructor(
    private readonly institutions: InstitutionReader,
    private readonly place: PlaceOffer,
    private readonly placeBid: PlaceBid,
    private readonly hours: TradingHours,
    private readonly book: MarketRuleBook,
  ) {}

  /** Every invited financier's rules; for receivables that were listed while the market was closed. */
  async atOpening(tx: Transaction, requestId: string): Promise<void> {
    const invited = await tx.rows<{ financier_id: Buffer }>(
      "SELECT financier_id FROM request_match WHERE request_id = ? AND state = 'invited' ORDER BY financier_id",
      [idBytes(requestId)],
    );
    const financierIds = invited.map(({ financier_id }) => idText(financier_id));
    if (financierIds.length > 0) await this.within(tx, requestId, financierIds);
  }

  async within(tx: Transaction, requestId: string, financierIds: readonly string[]): Promise<void> {
    const request = await lockRequest(tx, requestId);
    if (request.state !== 'open') return;
    const opensAt = isReceivableProduct(request.productKind) ? await this.hours.opensAt(tx, await tx.now()) : undefined;
    if (opensAt) return setTimer(tx, marketTimers.autoBid, requestId, opensAt);
    const invited = financierIds.map(idBytes);
    const matches = await tx.rows<{ mandate_id: Buffer }>(
      `SELECT mandate_id FROM request_match WHERE request_id = ? AND financier_id IN (${invited.map(() => '?').join(',')})`,
      [idBytes(request.id), ...invited],
    );
    const found = await this.institutions.autoBidRulesFor(
      matches.map(({ mandate_id }) => idText(mandate_id)),
      tx,
    );
    // A rule on a reference that this market does not quote cannot be compared, so it does not bid.
    const quoted = this.book.rules.referenceRates;
    const rules = found.filter(({ referenceRate }) => referenceRate === null || Object.hasOwn(quoted, referenceRate));
    const bidders = await standingBidders(tx, request.id);
    for (const rule of rules) {
      const mandate = await this.institutions.mandate(rule.mandateId, tx);
      if (!mandate || bidders.has(rule.financierId) || !lendsWithoutScheme(mandate, request)) continue;
      if (await this.bid(tx, request, rule, mandate)) bidders.add(rule.financierId);
    }
  }

  private async bid(tx: Transaction, request: FundingRequest, rule: AutoBidRule, mandate: Mandate): Promise<boolean> {
    const onReceivables = isReceivableProduct(request.productKind);
    const input = autoBidOffer(request, rule, mandate, this.book.rules.referenceRates, await tx.now());
    const bidder = {
      financierId: rule.financierId,
      makerId: rule.proposedBy,
      checkerId: rule.approvedBy,
      automatic: true,
      limitMinor: undefined,
    };
    try {
      if (onReceivables) await this.placeBid.within(tx, request.id, bidder, autoBidOf(input));
      else await this.place.within(tx, request.id, bidder, input);
      return true;
    } catch (error) {
      // A rule whose price does not suit this request (a floating rate for a murabaha, say) simply does not bid.
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}

/** The same price and fees as a bid on receivables, with recourse and without a holdback; a murabaha has none. */
function autoBidOf({ terms }: OfferInput): BidInput {
  if (terms.contract === 'murabaha') throw marketplaceError('offer_outside_mandate');
  const { price, fees } = terms;
  return { price, fees, recourse: true, holdbackPercent: '0' };
}

/** A rule names no guarantee: where the mandate takes the request only with one, a person offers. */
function lendsWithoutScheme({ collateral }: Mandate, request: FundingRequest): boolean {
  const secured = collateral.length === 0 || collateral.some((kind) => request.collateral.includes(kind));
  return secured && request.productKind !== 'guarantee_only';
}

/** The one offer that a rule makes for a request. */
export function autoBidOffer(
  request: Pick<FundingRequest, 'amountMinor' | 'currency' | 'tenorMonths' | 'decideBy'>,
  rule: AutoBidRule,
  mandate: Pick<Mandate, 'amountMax'>,
  referenceRates: Readonly<Record<string, string>>,
  now: Date,
): OfferInput {
  const share = (request.amountMinor * BigInt(Math.round(Number(rule.sharePercent) * 100))) / 10_000n;
  const amount = moneyToJson({
    minor: share < mandate.amountMax ? share : mandate.amountMax,
    currency: request.currency,
  });
  const fees = [
    ...(Number(rule.feePercent) > 0
      ? [{ name: 'arrangement', when: 'upfront' as const, percent: rule.feePercent, compulsory: true }]
      : []),
    ...(rule.feeFixedMinor > 0n
      ? [
          {
            name: 'administration',
            when: 'upfront' as const,
            amount: moneyToJson({ minor: rule.feeFixedMinor, currency: request.currency }).amount,
            compulsory: true,
          },
        ]
      : []),
  ];
  return {
    binding: false,
    amount,
    tenorMonths: Math.min(request.tenorMonths, rule.tenorMax),
    expiresAt: new Date(now.getTime() + rule.validityDays * 86_400_000).toISOString(),
    terms: {
      contract: rule.pricing === 'murabaha' ? 'murabaha' : 'conventional',
      price:
        rule.pricing === 'margin'
          ? {
              kind: 'floating',
              reference: rule.referenceRate ?? '',
              referenceRate: referenceRates[rule.referenceRate ?? ''] ?? '0',
              margin: rule.annualRate,
            }
          : { kind: 'fixed', annualRate: rule.annualRate },
      interest: 'declining',
      amortization: 'equal_instalments',
      everyMonths: 1,
      graceInstalments: rule.graceMonths,
      fees,
      collateral: [],
      conditions: [],
      customerChecks: [],
      recourse: true,
      earlySettlementPercent: '0',
      lateChargePercent: '0',
    },
  };
}

/** Which of these financiers have a standing offer on the request. */
async function standingBidders(tx: Transaction, requestId: string): Promise<Set<string>> {
  const rows = await tx.rows<{ financier_id: Buffer }>(
    'SELECT financier_id FROM offer WHERE request_id = ? AND standing = 1',
    [idBytes(requestId)],
  );
  return new Set(rows.map(({ financier_id }) => idText(financier_id)));
}
