import type { Ratio } from '../ratio.js';
import type { FallingSums } from './root-isolation.js';

/** Money at a time in years: drawn is positive, paid back negative, in minor units. */
export interface TimedFlow {
  readonly time: Ratio;
  readonly amount: bigint;
}

/** Flows in floating point, in order of time, those at one time added up and those that cancel left out. */
export interface FloatingFlows {
  readonly amounts: Float64Array;
  readonly times: Float64Array;
  /** Every amount, and every sum of them, is below 2^53: adding them up was exact. */
  readonly isExact: boolean;
}

export function floatingFlows(flows: readonly TimedFlow[]): FloatingFlows {
  let ordered = flows;
  let times = ascendingTimes(flows);
  if (!times) {
    ordered = [...flows].sort((first, second) => yearsOf(first) - yearsOf(second));
    times = Float64Array.from(ordered, yearsOf);
  }
  const amounts = new Float64Array(ordered.length);
  let [count, total] = [0, 0];
  for (let index = 0; index < ordered.length; index += 1) {
    const amount = Number((ordered[index] as TimedFlow).amount);
    total += Math.abs(amount);
    if (count > 0 && times[count - 1] === times[index]) amounts[count - 1] = (amounts[count - 1] as number) + amount;
    else {
      if (count > 0 && amounts[count - 1] === 0) count -= 1;
      times[count] = times[index] as number;
      amounts[count] = amount;
      count += 1;
    }
  }
  if (count > 0 && amounts[count - 1] === 0) count -= 1;
  return { amounts: amounts.subarray(0, count), times: times.subarray(0, count), isExact: total < 2 ** 53 };
}

function yearsOf({ time: { numerator, denominator } }: TimedFlow): number {
  return Number(numerator) / Number(denominator);
}

/** The times in years, or undefined where the flows are not in order of time. */
function ascendingTimes(flows: readonly TimedFlow[]): Float64Array | undefined {
  const times = new Float64Array(flows.length);
  let [seen, divisor, last] = [0n, 0, -Infinity];
  for (let index = 0; index < flows.length; index += 1) {
    const { numerator, denominator } = (flows[index] as TimedFlow).time;
    if (denominator !== seen) {
      seen = denominator;
      divisor = Number(denominator);
    }
    const years = Number(numerator) / divisor;
    if (years < last) return undefined;
    times[index] = last = years;
  }
  return times;
}

/**
 * Present values at a continuous rate y ≥ 0, from the first flow (`above`: discounted) and mirrored in time for rates
 * below zero (`below`).
 */
export function floatingSums({ amounts, times }: FloatingFlows) {
  const [first, last] = [times[0] ?? 0, times[times.length - 1] ?? 0];
  const reach = Math.max(Math.abs(first), Math.abs(last));
  const tolerance = reach * 2 ** -51;
  const above = discounting(amounts, offsetsFrom(times, first), tolerance);
  let mirrored: ReturnType<typeof discounting> | undefined;
  const below = () =>
    (mirrored ??= discounting(amounts.toReversed(), offsetsFrom(times.toReversed(), last), tolerance));
  return {
    above: above.sumsAt,
    below: (y: number) => below().sumsAt(y),
    /**
     * The sign of the present value, or 0 where rounding could change it: each factor of the running product, and
     * each distance that was taken as equal to its neighbour, adds some units in the last place.
     */
    surelySigned(y: number): number {
      const { value, size } = y >= 0 ? above.valueAt(y) : below().valueAt(-y);
      const error = (amounts.length + 8) * 2 ** -49 * (1 + Math.abs(y) * reach);
      return Math.abs(value) > error * size ? Math.sign(value) : 0;
    },
  };
}

/** Distances in time from an end of the flows. A loop, as a typed array's map is several times slower. */
function offsetsFrom(times: Float64Array, end: number): Float64Array {
  const offsets = new Float64Array(times.length);
  for (let at = 0; at < times.length; at += 1) offsets[at] = Math.abs((times[at] as number) - end);
  return offsets;
}

/** Amounts at rising offsets from zero; flows at one distance from the last one share a power. */
function discounting(amounts: Float64Array, offsets: Float64Array, tolerance: number) {
  const { distances, indexes } = distancesOf(offsets, tolerance);
  const powers = new Float64Array(distances.length);
  const raise = (y: number): void => {
    for (let index = 0; index < powers.length; index += 1) powers[index] = Math.exp(-y * (distances[index] as number));
  };
  return {
    valueAt(y: number): { value: number; size: number } {
      raise(y);
      let [value, size, discount] = [amounts[0] ?? 0, Math.abs(amounts[0] ?? 0), 1];
      for (let at = 1; at < amounts.length; at += 1) {
        discount *= powers[indexes[at] as number] as number;
        const present = (amounts[at] as number) * discount;
        value += present;
        size += Math.abs(present);
      }
      return { value, size };
    },
    sumsAt(y: number): FallingSums {
      raise(y);
      let [drawn, paid, drawnSlope, paidSlope, discount] = [0, 0, 0, 0, 1];
      for (let at = 0; at < amounts.length; at += 1) {
        if (at > 0) discount *= powers[indexes[at] as number] as number;
        const value = (amounts[at] as number) * discount;
        if (value > 0) {
          drawn += value;
          drawnSlope += value * (offsets[at] as number);
        } else {
          paid -= value;
          paidSlope -= value * (offsets[at] as number);
        }
      }
      return { drawn, paid, drawnSlope, paidSlope };
    },
  };
}

function distancesOf(times: Float64Array, tolerance: number): { distances: number[]; indexes: Int32Array } {
  const distances: number[] = [];
  const indexes = new Int32Array(times.length);
  const known = new Map<number, number>();
  let last = -1;
  for (let at = 1; at < times.length; at += 1) {
    const distance = (times[at] as number) - (times[at - 1] as number);
    if (last < 0 || Math.abs(distance - (distances[last] as number)) > tolerance) {
      last = known.get(distance) ?? distances.push(distance) - 1;
      known.set(distance, last);
    }
    indexes[at] = last;
  }
  return { distances, indexes };
}
