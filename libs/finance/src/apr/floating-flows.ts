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
  let times = timesOf(flows);
  if (!isAscending(times)) {
    const order = Array.from(times.keys()).sort(
      (first, second) => (times[first] as number) - (times[second] as number),
    );
    ordered = order.map((index) => flows[index] as TimedFlow);
    times = timesOf(ordered);
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

function timesOf(flows: readonly TimedFlow[]): Float64Array {
  const times = new Float64Array(flows.length);
  let [seen, divisor] = [0n, 0];
  for (let index = 0; index < flows.length; index += 1) {
    const { numerator, denominator } = (flows[index] as TimedFlow).time;
    if (denominator !== seen) [seen, divisor] = [denominator, Number(denominator)];
    times[index] = Number(numerator) / divisor;
  }
  return times;
}

function isAscending(times: Float64Array): boolean {
  for (let index = 1; index < times.length; index += 1) {
    if ((times[index] as number) < (times[index - 1] as number)) return false;
  }
  return true;
}

/**
 * Present values at a continuous rate y ≥ 0, from the first flow (`above`: discounted) and mirrored in time for rates
 * below zero (`below`). `errorAt` bounds the relative error of each sum: every factor of the running product, and
 * every distance that was taken as equal to its neighbour, adds some units in the last place.
 */
export function floatingSums({ amounts, times }: FloatingFlows) {
  const [first, last] = [times[0] ?? 0, times[times.length - 1] ?? 0];
  const reach = Math.max(Math.abs(first), Math.abs(last));
  const tolerance = reach * 2 ** -51;
  let mirrored: ReturnType<typeof sumsOf> | undefined;
  return {
    above: sumsOf(amounts, offsetsFrom(times, first), tolerance),
    below(y: number): FallingSums {
      mirrored ??= sumsOf(amounts.toReversed(), offsetsFrom(times.toReversed(), last), tolerance);
      return mirrored(y);
    },
    errorAt: (y: number) => (amounts.length + 8) * 2 ** -49 * (1 + Math.abs(y) * reach),
  };
}

/** Distances in time from an end of the flows. A loop, as a typed array's map is several times slower. */
function offsetsFrom(times: Float64Array, end: number): Float64Array {
  const offsets = new Float64Array(times.length);
  for (let at = 0; at < times.length; at += 1) offsets[at] = Math.abs((times[at] as number) - end);
  return offsets;
}

/** The sums of amounts at rising offsets from zero; flows at one distance share a power. */
function sumsOf(amounts: Float64Array, offsets: Float64Array, tolerance: number): (y: number) => FallingSums {
  const { distances, indexes } = distancesOf(offsets, tolerance);
  const powers = new Float64Array(distances.length);
  return (y) => {
    for (let index = 0; index < powers.length; index += 1) powers[index] = Math.exp(-y * (distances[index] as number));
    let [drawn, paid, drawnSlope, paidSlope] = [0, 0, 0, 0];
    let discount = 1;
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
