import { addDays, addMonths, type CalendarDate, dateParts, daysBetween, type Money, money } from '#kernel';
import { Exact } from '../exact-decimal.js';
import { ratioOfDecimal } from '../ratio.js';
import { divideRounded } from '../rounding.js';
import type { Schedule, ScheduleEvent } from '../schedule/terms.js';
import { compulsoryCharges, feeAmount, feesDue, modeOf, refundAt } from './charges.js';
import { type FinancedOffer, lastDue, scheduleOf } from './financed-offer.js';
import { aprOfFlows, flowsOf } from './flows.js';
import type { OfferFlow, OfferScenario } from './result.js';
import { type InstalmentOffer, offerCostError, type OfferScenarios, type OfferTerms } from './terms.js';

interface AsAgreed {
  readonly flows: readonly OfferFlow[];
  readonly totalCost: bigint;
}

/**
 * The offer settled whole after some months: principal and interest up to that day, the fee for it, and for a murabaha
 * the price that is left less the rebate.
 */
export function earlyScenario(
  terms: OfferTerms,
  offer: FinancedOffer,
  agreed: AsAgreed,
  asked: OfferScenarios['early'],
): OfferScenario | undefined {
  if (terms.kind === 'discount') return undefined;
  const on = addMonths(terms.start, asked?.afterMonths ?? halfTerm(terms.start, lastDue(offer.schedule)));
  if (on <= terms.start || on >= lastDue(offer.schedule)) {
    if (asked === undefined) return undefined;
    throw offerCostError('offer_terms_impossible', {
      detail: `Settling on ${on} is not between the start and the last instalment.`,
    });
  }
  const schedule = scheduleOf(terms, [{ kind: 'payoff', on }]);
  const last = schedule.instalments[schedule.instalments.length - 1] as Schedule['instalments'][number];
  const rebate = terms.kind === 'murabaha' ? murabahaRebate(terms, offer.schedule, on) : 0n;
  const owed = last.principal;
  const fee = feesDue(terms, 'if_settled_early').reduce((sum, each) => sum + feeAmount(terms, each, owed), 0n);
  const charges = compulsoryCharges(terms, schedule);
  const refund = refundAt(terms, offer.schedule, on);
  const flows = withPayment(flowsOf(terms, { ...offer, schedule }, charges), on, rebate + refund - fee);
  return scenario(terms, on, flows, agreed, { fee, rebate, refund });
}

/** The part of the profit falling due after `on` that the offer promises to give back at early settlement. */
export function murabahaRebate(terms: InstalmentOffer, schedule: Schedule, on: CalendarDate): bigint {
  const unearned = schedule.instalments.reduce(
    (sum, { due, interest }) => ((due as string) > on ? sum + interest : sum),
    0n,
  );
  const { numerator, denominator } = ratioOfDecimal(new Exact(terms.rebatePercent ?? '0'), 100n);
  return divideRounded(unearned * numerator, denominator, modeOf(terms));
}

/**
 * One instalment paid some days late, everything else when it is due. Declining interest runs on the principal that is
 * missing; flat interest and a murabaha's profit do not grow. Late fees come on top (a murabaha's go to charity).
 */
export function lateScenario(
  terms: OfferTerms,
  offer: FinancedOffer,
  agreed: AsAgreed,
  asked: OfferScenarios['late'],
): OfferScenario {
  const { instalments } = offer.schedule;
  const { instalment, days } = asked ?? { instalment: Math.ceil(instalments.length / 2), days: 30 };
  const row = instalments[instalment - 1];
  if (!row || days < 1) {
    throw offerCostError('offer_terms_impossible', {
      detail: `There is no instalment ${instalment} to be ${days} days late.`,
    });
  }
  const on = addDays(row.due as CalendarDate, days);
  const fee = feesDue(terms, 'if_late').reduce(
    (sum, each) => sum + feeAmount(terms, each, row.principal + row.balance),
    0n,
  );
  const runs = terms.kind === 'loan' && terms.interest === 'declining';
  const schedule = runs ? lateSchedule(terms, offer.schedule, instalment, on) : offer.schedule;
  const moved = flowsOf(terms, { ...offer, schedule }, compulsoryCharges(terms, schedule));
  const flows = withPayment(withPayment(moved, row.due as CalendarDate, row.total), on, -row.total - fee);
  return scenario(terms, on, flows, agreed, { fee, rebate: 0n, refund: 0n });
}

/** The schedule when instalment `n` comes on `on` and each one due before that day was paid in full. */
function lateSchedule(terms: InstalmentOffer, schedule: Schedule, n: number, on: CalendarDate): Schedule {
  if (on >= lastDue(schedule)) return withLateInterest(terms, schedule, n, on);
  const events = schedule.instalments
    .filter(({ n: each, due }) => each !== n && (due as string) < on)
    .map(({ due, total }): ScheduleEvent => ({ kind: 'repayment', on: due as CalendarDate, amount: total }));
  const { total } = schedule.instalments[n - 1] as Schedule['instalments'][number];
  return scheduleOf(terms, [...events, { kind: 'repayment', on, amount: total }]);
}

/** Late beyond the last due date: simple interest on the missing principal, in the last payment. */
function withLateInterest(terms: InstalmentOffer, schedule: Schedule, n: number, on: CalendarDate): Schedule {
  const row = schedule.instalments[n - 1] as Schedule['instalments'][number];
  const days = BigInt(daysBetween(row.due as CalendarDate, on));
  const { numerator, denominator } = ratioOfDecimal(new Exact(terms.annualRate), 100n);
  const extra = divideRounded(row.principal * numerator * days, denominator * 365n, modeOf(terms));
  const instalments = schedule.instalments.map((each, index) =>
    index + 1 === schedule.instalments.length
      ? { ...each, interest: each.interest + extra, total: each.total + extra }
      : each,
  );
  const { principal, interest, total } = schedule.totals;
  return { instalments, totals: { principal, interest: interest + extra, total: total + extra } };
}

function withPayment(flows: readonly OfferFlow[], on: CalendarDate, amount: bigint): OfferFlow[] {
  const known = flows.find((flow) => flow.on === on);
  const changed = known
    ? flows.map((flow) => (flow === known ? { on, amount: flow.amount + amount } : flow))
    : [...flows, { on, amount }];
  return [...changed].sort((first, second) => (first.on < second.on ? -1 : 1));
}

function scenario(
  terms: OfferTerms,
  on: CalendarDate,
  flows: readonly OfferFlow[],
  agreed: AsAgreed,
  { fee, rebate, refund }: { fee: bigint; rebate: bigint; refund: bigint },
): OfferScenario {
  const inCurrency = (minor: bigint): Money => money(minor, terms.amount.currency);
  const totalCost = -flows.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    on,
    paid: inCurrency(-(flows.find((flow) => flow.on === on)?.amount ?? 0n)),
    fee: inCurrency(fee),
    rebate: inCurrency(rebate),
    refund: inCurrency(refund),
    totalCost: inCurrency(totalCost),
    difference: inCurrency(totalCost - agreed.totalCost),
    effectiveRate: aprOfFlows(flows, terms.start),
  };
}

function halfTerm(start: CalendarDate, end: CalendarDate): number {
  const [first, last] = [dateParts(start), dateParts(end)];
  return Math.floor(((last.year - first.year) * 12 + last.month - first.month) / 2);
}
