import { type CalendarDate, daysBetween } from '#kernel';
import { floatingRates } from '../apr/effective-annual-rate.js';
import { Exact } from '../exact-decimal.js';
import { type Ratio, ratio, scaledInteger } from '../ratio.js';
import { noValue } from './errors.js';
import { nearestTo, polish } from './solve-rate.js';

/** Σ value / (1+rate)^time with times in whole 1/365 years or whole periods. */
export function discounted(rate: Exact, values: readonly Exact[], times: readonly Ratio[]): Exact {
  if (rate.lte(-1)) noValue(0, 'the rate must be above -1');
  const base = rate.add(1);
  return values.reduce((sum, value, index) => {
    const { numerator, denominator } = times[index] as Ratio;
    const exponent = new Exact(numerator.toString()).div(denominator.toString());
    return sum.add(value.div(base.pow(exponent)));
  }, new Exact(0));
}

/** The rate nearest to the guess at which the flows are worth nothing. */
export function internalRate(values: readonly Exact[], times: readonly Ratio[], guess: number): Exact {
  const places = values.reduce((most, value) => Math.max(most, value.decimalPlaces()), 0);
  const flows = values.map((value, index) => ({
    amount: scaledInteger(value, places),
    time: times[index] as Ratio,
  }));
  const rates = floatingRates(flows);
  const nearest = rates && nearestTo(rates, guess);
  if (nearest === undefined) noValue(0, 'no rate makes these flows worth nothing');
  return polish((rate) => discounted(rate, values, times), nearest);
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
