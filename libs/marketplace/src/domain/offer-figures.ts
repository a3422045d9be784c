import {
  Exact,
  type OfferTerms as CostTerms,
  offerCost,
  type OfferCost,
  offerPrice,
  type OfferFee as CostFee,
} from '#finance';
import { type CalendarDate, type Money, parseDate, parseMoney } from '#kernel';
import { discountFigures } from './discount-figures.js';
import { marketplaceError } from './errors.js';
import type { OfferFee, OfferTerms } from './offer-terms.js';

/** The figures by which offers are compared. */
export interface OfferFigures {
  /** All-in effective annual rate in percent, six decimals. */
  readonly apr: string;
  readonly totalCostMinor: bigint;
  /** What reaches the enterprise at the start. */
  readonly receivedMinor: bigint;
}

/**
 * Computes what an offer costs the enterprise if it is paid out on `on`. A floating price is taken as its reference stands, a
 * guarantee fee as a yearly fee on what is owed. Refuses terms that have no effective rate, since they could not be compared.
 */
export function offerFigures(terms: OfferTerms, amount: Money, tenorMonths: number, on: Date): OfferFigures {
  if (terms.discount) {
    const bid = discountFigures(terms, terms.discount, amount.currency);
    return { apr: bid.apr, totalCostMinor: bid.totalCost.minor, receivedMinor: bid.net.minor };
  }
  const { effectiveRate, totalCost, received } = offerPrice(costTerms(terms, amount, tenorMonths, dayOf(on)));
  if (effectiveRate.apr === null) {
    throw marketplaceError('offer_outside_mandate', {
      detail: `The offer has no effective annual rate: ${effectiveRate.reason}`,
      fields: [{ pointer: '/terms', rule: 'apr', message: effectiveRate.reason }],
    });
  }
  return { apr: effectiveRate.apr, totalCostMinor: totalCost.minor, receivedMinor: received.minor };
}

/** The same offer with its schedule, its scenarios and the parts of its cost. */
export function offerDetail(terms: OfferTerms, amount: Money, tenorMonths: number, on: Date): OfferCost {
  return offerCost(costTerms(terms, amount, tenorMonths, dayOf(on)));
}

function dayOf(on: Date): CalendarDate {
  return parseDate(on.toISOString().slice(0, 10));
}

function costTerms(terms: OfferTerms, amount: Money, tenorMonths: number, start: CalendarDate): CostTerms {
  const murabaha = terms.contract === 'murabaha';
  return {
    kind: murabaha ? 'murabaha' : 'loan',
    amount,
    start,
    annualRate: annualRateOf(terms),
    dayCount: 'equal_periods',
    interest: terms.interest,
    amortization: terms.amortization,
    periods: tenorMonths / terms.everyMonths,
    every: { count: terms.everyMonths, unit: 'month' },
    fees: [
      ...terms.fees.filter(({ compulsory }) => compulsory).map((fee) => costFee(fee, amount.currency)),
      ...guaranteeFee(terms),
      ...contingentFees(terms),
    ],
    ...(terms.graceInstalments > 0
      ? { grace: { principal: terms.graceInstalments, interest: 0, interestIs: 'waived' as const } }
      : {}),
  };
}

/** Percent a year: the fixed rate, or the reference of the offer's day plus the margin. */
export function annualRateOf({ price }: OfferTerms): string {
  if (price.kind === 'fixed') return price.annualRate;
  return new Exact(price.referenceRate).plus(price.margin).toFixed();
}

const dueOf = { upfront: 'upfront', yearly: 'yearly_in_advance', each_instalment: 'each_instalment' } as const;

function costFee(fee: OfferFee, currency: string): CostFee {
  const size =
    fee.percent !== undefined
      ? ({ percent: fee.percent, of: 'amount' } as const)
      : { amount: parseMoney(fee.amount ?? '0', currency) };
  return { name: fee.name, payee: 'financier', size, due: dueOf[fee.when] };
}

function guaranteeFee({ guarantee }: OfferTerms): CostFee[] {
  if (!guarantee) return [];
  // A fee on the guaranteed part of what is owed: percent of the outstanding times the cover.
  const percent = new Exact(guarantee.annualFeePercent).times(guarantee.coverPercent).div(100).toFixed();
  return [{ name: 'guarantee', payee: 'guarantor', size: { percent, of: 'outstanding' }, due: 'yearly_in_advance' }];
}

function contingentFees({ earlySettlementPercent }: OfferTerms): CostFee[] {
  if (new Exact(earlySettlementPercent).isZero()) return [];
  return [
    {
      name: 'early settlement',
      payee: 'financier',
      size: { percent: earlySettlementPercent, of: 'outstanding' },
      due: 'if_settled_early',
    },
  ];
}
