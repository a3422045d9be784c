import { type AgeBand, type CalendarDate, addMonths } from '#kernel';

/** The band of the firm's age in whole years on `today`. A firm founded on 29 February has its birthday on the 28th. */
export function ageBand(foundedOn: CalendarDate, today: CalendarDate): AgeBand {
  const isAtLeast = (years: number): boolean => addMonths(foundedOn, years * 12) <= today;
  if (isAtLeast(11)) return 'over_10';
  if (isAtLeast(6)) return '6_to_10';
  if (isAtLeast(3)) return '3_to_5';
  return isAtLeast(1) ? '1_to_2' : 'under_1';
}

/**
 * The band that a figure lies in, by its upper limits (inclusive, ascending): `0..5`, `6..49`, `250..` for whole
 * units. The anonymous brief shows a band and never the figure.
 */
export function bandOf(value: bigint, upperLimits: readonly bigint[]): string {
  const index = upperLimits.findIndex((limit) => value <= limit);
  const from = index === 0 ? 0n : (upperLimits.at(index === -1 ? -1 : index - 1) as bigint) + 1n;
  return index === -1 ? `${from}..` : `${from}..${upperLimits[index]}`;
}
