import type { TimedFlow } from './floating-flows.js';
import { type FlowTable, tableOf, toSmall } from './flow-table.js';

/** Equal amounts at equal steps of time: what most loans are paid back by. Times are whole ticks. */
export interface Run {
  readonly amount: number;
  readonly first: number;
  step: number;
  count: number;
}

/** Flows as runs in order of time, no amount zero and each sum of them a whole number below 2^53. */
export interface FlowRuns {
  readonly ticksPerYear: number;
  readonly runs: readonly Run[];
  readonly net: number;
}

/** Beyond so many runs the closed form costs more than the flows one by one. */
const maxRuns = 32;
const safe = Number.MAX_SAFE_INTEGER;
const furthest = 2 ** 50;

/** Takes flows in order of time and adds up those at one time. */
class RunBuilder {
  readonly runs: Run[] = [];
  #tick = -Infinity;
  #amount = 0;

  /** False where the flow is out of order, or beyond what runs are for. */
  add(tick: number, amount: number): boolean {
    if (tick > this.#tick) {
      this.#close();
      this.#tick = tick;
      this.#amount = amount;
      return this.runs.length <= maxRuns && tick <= furthest && tick >= -furthest;
    }
    this.#amount += amount;
    return tick === this.#tick && Math.abs(this.#amount) <= safe;
  }

  /** A stretch of equal amounts that begins at the tick after the last one. */
  addStretch(first: number, amount: number, count: number): boolean {
    this.#close();
    this.#tick = first + count - 1;
    this.#amount = 0;
    if (amount !== 0) this.runs.push({ amount, first, step: count > 1 ? 1 : 0, count });
    return this.runs.length <= maxRuns;
  }

  end(ticksPerYear: number): FlowRuns | undefined {
    this.#close();
    let [net, total] = [0, 0];
    for (const { amount, count } of this.runs) {
      net += amount * count;
      total += Math.abs(amount) * count;
    }
    return total <= safe ? { ticksPerYear, runs: this.runs, net } : undefined;
  }

  #close(): void {
    const [tick, amount] = [this.#tick, this.#amount];
    if (amount === 0) return;
    const last = this.runs[this.runs.length - 1];
    if (last?.amount === amount) {
      const distance = tick - last.first - last.step * (last.count - 1);
      if (last.count === 1 || distance === last.step) {
        last.step = distance;
        last.count += 1;
        return;
      }
    }
    this.runs.push({ amount, first: tick, step: 0, count: 1 });
  }
}

/** The runs of flows: at once where their times have one denominator, as most have, and through a table otherwise. */
export function runsOfFlows(flows: readonly TimedFlow[]): FlowRuns | undefined {
  const builder = new RunBuilder();
  let seen: bigint | undefined;
  for (let index = 0; index < flows.length; index += 1) {
    const { amount, time } = flows[index] as TimedFlow;
    const tick = toSmall(time.numerator);
    if (tick !== 0 && time.denominator !== seen) {
      if (seen !== undefined) {
        const table = tableOf(flows);
        return table && runsOfTable(table);
      }
      seen = time.denominator;
    }
    if (!builder.add(tick, toSmall(amount))) return undefined;
  }
  return builder.end(toSmall(seen ?? 1n));
}

/** The runs of a table, or undefined where it is out of order, has too many, or its numbers grow too large. */
export function runsOfTable({ amounts, numerators, denominators }: FlowTable): FlowRuns | undefined {
  const ticksPerYear = commonDenominator(denominators);
  const builder = new RunBuilder();
  let [seen, factor] = [0, 1];
  for (let index = 0; index < amounts.length; index += 1) {
    const denominator = denominators[index] as number;
    if (denominator !== seen) {
      seen = denominator;
      factor = ticksPerYear / denominator;
    }
    const tick = (numerators[index] as number) * factor;
    if (!builder.add(tick, amounts[index] as number)) return undefined;
  }
  return builder.end(ticksPerYear);
}

/** The runs of amounts that follow each other at one distance. */
export function runsOfPeriods(amounts: readonly number[], periodsPerYear: number): FlowRuns | undefined {
  const builder = new RunBuilder();
  for (let index = 0; index < amounts.length;) {
    const [first, amount] = [index, amounts[index] as number];
    if (!Number.isSafeInteger(amount)) return undefined;
    do index += 1;
    while (index < amounts.length && amounts[index] === amount);
    if (!builder.addStretch(first, amount, index - first)) return undefined;
  }
  return builder.end(periodsPerYear);
}

/** The least common multiple; what grows beyond exact numbers shows in the ticks. */
function commonDenominator(denominators: Float64Array): number {
  let [common, seen] = [1, 1];
  for (let index = 0; index < denominators.length; index += 1) {
    const denominator = denominators[index] as number;
    if (denominator === seen) continue;
    seen = denominator;
    if (common % denominator !== 0) common *= denominator / greatestCommonDivisor(common, denominator);
    if (common > furthest) return Infinity;
  }
  return common;
}

function greatestCommonDivisor(first: number, second: number): number {
  let [a, b] = [first, second];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
