import { type CalendarDate, daysBetween } from '#kernel';
import { floatingRates, floatingValue } from '../apr/effective-annual-rate.js';
import { Exact } from '../exact-decimal.js';
import { type Ratio, ratio, scaledInteger } from '../ratio.js';
import { noValue } from './errors.js';
import { nearestRate, nearestTo, polish } from './solve-rate.js';

/** Σ value / (1+rate)^time by Horner's rule; times have one denominator: whole periods, or days over 365. */
export function discounted(rate: Exact, values: readonly Exact[], times: readonly Ratio[]): Exact {
  if (rate.lte(-1)) noValue(0, 'the rate must be above -1');
  const unit = Number(times[0]?.denominator ?? 1n);
  const discount = new Exact(1).div(rate.add(1)).pow(new Exact(1).div(unit));
  const powers = new Map<number, Exact>();
  const powerOf = (steps: number): Exact => {
    const power = powers.get(steps) ?? discount.pow(steps);
    powers.set(steps, power);
    return power;
  };
  const ordered = values
    .map((value, index) => ({ value, at: Number((times[index] as Ratio).numerator) }))
    .sort((first, second) => second.at - first.at);
  let [sum, last] = [new Exact(0), ordered[0]?.at ?? 0];
  for (const { value, at } of ordered) {
    if (at !== last) sum = sum.mul(powerOf(last - at));
    sum = sum.add(value);
    last = at;
  }
  return last === 0 ? sum : sum.mul(powerOf(last));
}

/** The rate nearest to the guess at which the flows are worth nothing. */
export function internalRate(values: readonly Exact[], times: readonly Ratio[], guess: number): Exact {
  const places = values.reduce((most, value) => Math.max(most, value.decimalPlaces()), 0);
  const flows = values.map((value, index) => ({
    amount: scaledInteger(value, places),
    time: times[index] as Ratio,
  }));
  const exact = (rate: Exact) => discounted(rate, values, times);
  const rates = floatingRates(flows);
  // Where not every rate can be told apart, one of those that a grid of rates finds.
  if (!rates) return nearestRate({ floating: floatingValue(flows), exact }, guess);
  const nearest = nearestTo(rates, guess);
  if (nearest === undefined) noValue(0, 'no rate makes these flows worth nothing');
  return polish(exact, nearest);
}

/** Days of each date from the first one over 365, the spreadsheets' XIRR and XNPV; none may be earlier. */
export function yearsOf365(dates: readonly CalendarDate[]): Ratio[] {
  const [first] = dates;
  return dates.map((date) => {
    const days = daysBetween(first as CalendarDate, date);
    if (days < 0) noValue(1, 'no date may be before the first one');
    return ratio(days, 365);
  });
}
