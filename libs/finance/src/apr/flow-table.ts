import type { TimedFlow } from './floating-flows.js';

/**
 * Flows as columns of whole numbers that binary floating point holds exactly (below 2^53): amounts in minor units and
 * times as quotients. What has larger numbers has no such table and is computed with bigints.
 */
export interface FlowTable {
  readonly amounts: Float64Array;
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
}

export function emptyTable(length: number): FlowTable {
  const column = () => new Float64Array(length);
  return { amounts: column(), numerators: column(), denominators: column() };
}

/** Through a buffer: several times quicker than `Number(value)`. */
const word = new BigInt64Array(1);
const lowHalf = new Uint32Array(word.buffer, 0, 1);
const highHalf = new Int32Array(word.buffer, 4, 1);
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A whole number that binary floating point holds exactly, or NaN. */
export function toSmall(value: bigint): number {
  const small = BigInt.asIntN(54, value);
  if (small !== value) return NaN;
  if (!isLittleEndian) return Number(value);
  word[0] = small;
  return (highHalf[0] as number) * 4_294_967_296 + (lowHalf[0] as number);
}

/** The table of the flows, or undefined where a number is too large for it. */
export function tableOf(flows: readonly TimedFlow[]): FlowTable | undefined {
  const table = emptyTable(flows.length);
  for (let index = 0; index < flows.length; index += 1) {
    const { amount, time } = flows[index] as TimedFlow;
    const units = toSmall(amount);
    const numerator = toSmall(time.numerator);
    const denominator = toSmall(time.denominator);
    if (!(Math.abs(units) + Math.abs(numerator) + denominator < 2 ** 53)) return undefined;
    table.amounts[index] = units;
    table.numerators[index] = numerator;
    table.denominators[index] = denominator;
  }
  return table;
}

export function flowsOfTable({ amounts, numerators, denominators }: FlowTable): TimedFlow[] {
  return Array.from(amounts, (amount, index) => ({
    amount: BigInt(amount),
    time: { numerator: BigInt(numerators[index] as number), denominator: BigInt(denominators[index] as number) },
  }));
}
