import {
  Exact,
  type OfferTerms as CostTerms,
  offerCost,
  type OfferCost,
  offerPrice,
  type OfferFee as CostFee,
} from '#finance';
import { addMonths, type CalendarDate, type Money, parseDate, parseMoney } from '#kernel';
import { discountFigures } from './discount-figures.js';
import { marketplaceError } from './errors.js';
import type { AskedTerms, OfferFee, OfferTerms, ReceivableDiscount } from './offer-terms.js';

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
 * guarantee fee as its table collects it. Refuses terms that have no effective rate, since they could not be compared.
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

/** What is owed at the start of each year, in minor units: what a yearly guarantee fee is taken of. */
export function owedByYear(terms: AskedTerms, amount: Money, tenorMonths: number, on: Date): bigint[] {
  if (terms.discount) return owedByDays(terms.discount, amount.currency);
  const { guarantee: _guarantee, ...plain } = terms;
  const { payments } = offerCost(costTerms(plain, amount, tenorMonths, dayOf(on)));
  const years = Math.ceil(tenorMonths / 12);
  return Array.from({ length: years }, (_, year) => {
    const paid = Math.floor((12 * year) / terms.everyMonths);
    return paid === 0 ? amount.minor : (payments[paid - 1]?.balance.minor ?? 0n);
  });
}

/** Of receivables: what is due after each anniversary of the settlement. */
function owedByDays({ settlesOn, parts }: ReceivableDiscount, currency: string): bigint[] {
  const owed: bigint[] = [];
  for (let year = 0; ; year++) {
    const left = parts
      .filter(({ dueOn }) => dueOn > addMonths(settlesOn, 12 * year))
      .reduce((sum, { amount }) => sum + parseMoney(amount, currency).minor, 0n);
    if (left === 0n) return owed;
    owed.push(left);
  }
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
      ...guaranteeFee(terms, amount.currency),
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
      ? ({ percent: fee.percent, of: fee.of ?? 'amount' } as const)
      : { amount: parseMoney(fee.amount ?? '0', currency) };
  return { name: fee.name, payee: fee.payee ?? 'financier', size, due: dueOf[fee.when] };
}

/** The lender keeps back what is due at the start and passes it on; a yearly fee is paid in advance on each anniversary. */
function guaranteeFee({ guarantee }: OfferTerms, currency: string): CostFee[] {
  if (!guarantee) return [];
  const { collection, amounts, refund } = guarantee.fee;
  const parts = amounts.map((amount) => parseMoney(amount, currency));
  const fee = {
    name: 'guarantee',
    payee: 'guarantor' as const,
    ...(refund === 'unused_months' ? { refund } : {}),
  };
  if (collection === 'annual') return [{ ...fee, size: { yearly: parts }, due: 'yearly_in_advance' }];
  return parts.map((amount) => ({ ...fee, size: { amount }, due: 'upfront' as const }));
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
