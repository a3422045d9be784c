import { type CalendarDate, type Money, money } from '#kernel';
import { yearsFrom } from '../apr/year-intervals.js';
import { Exact } from '../exact-decimal.js';
import { divideRounded } from '../rounding.js';
import type { Schedule } from '../schedule/terms.js';
import { type Charge, compulsoryCharges, modeOf, sumOf } from './charges.js';
import { financedOffer } from './financed-offer.js';
import type { OfferCost, OfferFlow, OfferPayment } from './result.js';
import { aprOfFlows, flowsOf } from './flows.js';
import { earlyScenario, lateScenario } from './scenarios.js';
import { offerCostError, type OfferScenarios, type OfferTerms } from './terms.js';

/**
 * What an offer costs the enterprise: its payments, what it receives, total cost, cost per unit, average payment, the
 * all-in effective annual rate, and how it goes when settled early or paid late. A pure function: the same terms
 * always give the same figures. Refuses terms that pay nothing out, mix currencies or never repay; a rate that does
 * not exist is answered as `{apr: null, reason}`.
 */
export function offerCost(terms: OfferTerms, scenarios: OfferScenarios = {}): OfferCost {
  const offer = financedOffer(terms);
  const charges = compulsoryCharges(terms, offer.schedule);
  const flows = flowsOf(terms, offer, charges);
  const { received, repaid } = sidesOf(flows, terms.start);
  const inCurrency = (minor: bigint): Money => money(minor, terms.amount.currency);
  const payments = paymentsOf(offer.schedule, charges, terms);
  const base = { flows, totalCost: repaid - received };
  const early = earlyScenario(terms, offer, base, scenarios.early);
  return {
    payments,
    received: inCurrency(received),
    repaid: inCurrency(repaid),
    interest: inCurrency(offer.schedule.totals.interest),
    fees: inCurrency(sumOf(charges, ({ payee }) => payee !== 'guarantor')),
    guaranteeFees: inCurrency(sumOf(charges, ({ payee }) => payee === 'guarantor')),
    totalCost: inCurrency(repaid - received),
    costPerUnit: new Exact((repaid - received).toString()).div(offer.financed.toString()).toFixed(4),
    averagePayment: inCurrency(divideRounded(repaid, BigInt(payments.length), modeOf(terms))),
    averageMonthlyPayment: inCurrency(perMonth(repaid, terms, payments)),
    effectiveRate: aprOfFlows(flows, terms.start),
    flows,
    ...(early && { early }),
    late: lateScenario(terms, offer, base, scenarios.late),
  };
}

/** Of {@link offerCost} only what ranks an offer: what is received, the total cost and the effective rate. Refuses the same terms. */
export function offerPrice(terms: OfferTerms): Pick<OfferCost, 'received' | 'totalCost' | 'effectiveRate'> {
  const offer = financedOffer(terms);
  const flows = flowsOf(terms, offer, compulsoryCharges(terms, offer.schedule));
  const { received, repaid } = sidesOf(flows, terms.start);
  return {
    received: money(received, terms.amount.currency),
    totalCost: money(repaid - received, terms.amount.currency),
    effectiveRate: aprOfFlows(flows, terms.start),
  };
}

/** What reaches the enterprise at the start, and all that it pays back. */
function sidesOf(flows: readonly OfferFlow[], start: CalendarDate): { received: bigint; repaid: bigint } {
  const received = netAt(flows, start);
  if (received <= 0n) {
    throw offerCostError('offer_terms_impossible', { detail: 'Discount and upfront fees leave nothing to pay out.' });
  }
  return { received, repaid: -flows.reduce((sum, { on, amount }) => (on > start ? sum + amount : sum), 0n) };
}

function netAt(flows: readonly OfferFlow[], day: CalendarDate): bigint {
  return flows.find(({ on }) => on === day)?.amount ?? 0n;
}

function paymentsOf(schedule: Schedule, charges: readonly Charge[], terms: OfferTerms): OfferPayment[] {
  const inCurrency = (minor: bigint): Money => money(minor, terms.amount.currency);
  let before: CalendarDate = terms.start;
  return schedule.instalments.map(({ n, due, principal, interest, total, balance }) => {
    const day = due as CalendarDate;
    // Fees of a day between two instalments are shown with the next one.
    const fees = sumOf(charges, ({ on, financed }) => !financed && on > before && on <= day);
    before = day;
    return {
      n,
      due: day,
      principal: inCurrency(principal),
      interest: inCurrency(interest),
      fees: inCurrency(fees),
      total: inCurrency(total + fees),
      balance: inCurrency(balance),
    };
  });
}

/** Repaid over the months of the term; a term under a month counts as one. */
function perMonth(repaid: bigint, terms: OfferTerms, payments: readonly OfferPayment[]): bigint {
  const end = payments[payments.length - 1]?.due ?? terms.start;
  const [time] = yearsFrom(terms.start, [end]);
  const { numerator, denominator } = time ?? { numerator: 1n, denominator: 12n };
  const atLeastOne = numerator * 12n < denominator ? { numerator: 1n, denominator: 12n } : { numerator, denominator };
  return divideRounded(repaid * atLeastOne.denominator, atLeastOne.numerator * 12n, modeOf(terms));
}
