import { Inject, Injectable } from '@nestjs/common';
import { type AutoBidRule, InstitutionReader } from '#institutions';
import { type CalendarDate, daysBetween, DomainError, type Mandate, moneyToJson } from '#kernel';
import { ENVIRONMENT, type Environment, idBytes, idText, setTimer, type Transaction } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { marketTimers } from '../domain/market-timers.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
import { MarketRuleBook } from './market-rules.js';
import { type BidInput, PlaceBid } from './place-bid.js';
import { type OfferInput, PlaceOffer } from './place-offer.js';
import { lockRequest } from './records.js';
import { TradingHours } from './trading-hours.js';
import type { FundingRequest } from '../persistence/entities.js';
import { listingOf, type ReceivableListing } from '../persistence/receivable-listing.store.js';

/**
 * An invited financier with an approved rule bids once, at its rule's price, and never reacts to others. The bid on a loan is
 * indicative: binding oneself needs to know the customer. A bid on receivables binds like any other.
 */
@Injectable()
export class BidAutomatically {
  constructor(
    private readonly institutions: InstitutionReader,
    private readonly place: PlaceOffer,
    private readonly placeBid: PlaceBid,
    private readonly hours: TradingHours,
    private readonly book: MarketRuleBook,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
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
    const now = await tx.now();
    const input = autoBidOffer(request, rule, mandate, this.book.rules.referenceRates, now);
    const bidder = {
      financierId: rule.financierId,
      makerId: rule.proposedBy,
      checkerId: rule.approvedBy,
      automatic: true,
      limitMinor: undefined,
    };
    try {
      if (!isReceivableProduct(request.productKind)) await this.place.within(tx, request.id, bidder, input);
      else {
        const listing = await listingOf(tx, request.id);
        const today = countryDate(this.environment.country, now);
        if (!listing || !isWithinRule(rule, request, listing, today)) return false;
        await this.placeBid.within(tx, request.id, bidder, autoBidOf(rule, input));
      }
      return true;
    } catch (error) {
      // A rule whose price does not suit this request (a floating rate for a murabaha, say) simply does not bid.
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}

/** Receivables are bought whole until their day: a rule for a part of an amount, or for less time, leaves them alone. */
function isWithinRule(
  rule: AutoBidRule,
  request: Pick<FundingRequest, 'amountMinor' | 'tenorMonths'>,
  { certificates }: ReceivableListing,
  today: CalendarDate,
): boolean {
  const daysLeft = certificates.map(({ dueOn }) => daysBetween(today, dueOn));
  return (
    rule.pricing !== 'murabaha' &&
    Number(rule.sharePercent) === 100 &&
    request.tenorMonths <= rule.tenorMax &&
    (rule.faceMaxMinor === null || request.amountMinor <= rule.faceMaxMinor) &&
    (rule.daysLeftMin === null || daysLeft.every((days) => days >= (rule.daysLeftMin as number))) &&
    (rule.daysLeftMax === null || daysLeft.every((days) => days <= (rule.daysLeftMax as number)))
  );
}

/** The rule's price and fees as a bid, with its word on recourse and holdback, for as long as the rule's bids stand. */
function autoBidOf({ recourse, holdbackPercent }: AutoBidRule, { terms, expiresAt }: OfferInput): BidInput {
  const { price, fees } = terms;
  return { price, fees, recourse, holdbackPercent, expiresAt };
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
