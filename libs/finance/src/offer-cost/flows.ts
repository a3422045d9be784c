import { type CalendarDate, DomainError } from '#kernel';
import { effectiveAnnualRate } from '../apr/effective-annual-rate.js';
import { yearsFrom } from '../apr/year-intervals.js';
import { printScaled, type Ratio } from '../ratio.js';
import type { Charge } from './charges.js';
import type { FinancedOffer } from './financed-offer.js';
import type { OfferApr, OfferFlow } from './result.js';
import type { OfferTerms } from './terms.js';

/** Everything that changes hands, by day: the pay-out, the fees, the instalments. */
export function flowsOf(terms: OfferTerms, offer: FinancedOffer, charges: readonly Charge[]): OfferFlow[] {
  const byDay = new Map<CalendarDate, bigint>();
  const add = (on: CalendarDate, amount: bigint) => byDay.set(on, (byDay.get(on) ?? 0n) + amount);
  add(terms.start, offer.paidOut);
  for (const { due, total } of offer.schedule.instalments) add(due as CalendarDate, -total);
  for (const { on, amount, financed } of charges) if (!financed) add(on, -amount);
  return [...byDay].map(([on, amount]) => ({ on, amount })).sort((first, second) => (first.on < second.on ? -1 : 1));
}

export function aprOfFlows(flows: readonly OfferFlow[], origin: CalendarDate): OfferApr {
  const times = yearsFrom(
    origin,
    flows.map(({ on }) => on),
  );
  try {
    const rate = effectiveAnnualRate(flows.map(({ amount }, index) => ({ amount, time: times[index] as Ratio })));
    return { apr: printScaled(rate, 6) };
  } catch (error) {
    if (error instanceof DomainError) return { apr: null, reason: error.message };
    throw error;
  }
}
