import { emptyTable, type FlowTable } from './flow-table.js';

/** A plain decimal as whole units over a power of ten; digits that binary floating point holds exactly. */
interface PlainDecimal {
  units: number;
  scale: number;
}

const maxDigits = 15;
const [zero, nine, dot, minus, slash] = [48, 57, 46, 45, 47];

/**
 * The flows of `{at, amount}` in plain text such as "31/365.25" and "-1432.86", read at once into a table; undefined
 * where anything is written otherwise, out of bounds or at fault, which the ordinary reader then reads or refuses.
 */
export function plainFlows(flows: unknown, { min, max }: { min: number; max: number }): FlowTable | undefined {
  if (!Array.isArray(flows) || flows.length < min || flows.length > max) return undefined;
  const table = emptyTable(flows.length);
  const scales = new Float64Array(flows.length);
  const decimal: PlainDecimal = { units: 0, scale: 1 };
  let finest = 1;
  for (let index = 0; index < flows.length; index += 1) {
    const flow: unknown = flows[index];
    if (typeof flow !== 'object' || flow === null || !hasOnlyAtAndAmount(flow)) return undefined;
    const [at, amount] = [textOf(flow.at), textOf(flow.amount)];
    if (!readTime(at, decimal, table, index)) return undefined;
    if (readDecimal(amount, 0, decimal) !== amount.length) return undefined;
    table.amounts[index] = decimal.units;
    scales[index] = decimal.scale;
    if (decimal.scale > finest) finest = decimal.scale;
  }
  for (let index = 0; index < flows.length; index += 1) {
    const units = (table.amounts[index] as number) * (finest / (scales[index] as number));
    if (Math.abs(units) > 1e15) return undefined;
    table.amounts[index] = units;
  }
  return table;
}

function hasOnlyAtAndAmount(flow: object): flow is { at: unknown; amount: unknown } {
  let names = 0;
  for (const name in flow) {
    if (name !== 'at' && name !== 'amount') return false;
    names += 1;
  }
  return names === 2;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A decimal or a quotient of two, at most 200 years from time 0. */
function readTime(text: string, decimal: PlainDecimal, table: FlowTable, index: number): boolean {
  const end = readDecimal(text, 0, decimal);
  let numerator = decimal.units;
  let denominator = decimal.scale;
  if (end > 0 && end < text.length && text.charCodeAt(end) === slash) {
    if (readDecimal(text, end + 1, decimal) !== text.length || decimal.units <= 0) return false;
    numerator *= decimal.scale;
    denominator *= decimal.units;
  } else if (end !== text.length) return false;
  table.numerators[index] = numerator;
  table.denominators[index] = denominator;
  return end > 0 && Math.abs(numerator) + denominator <= 1e15 && Math.abs(numerator) <= 200 * denominator;
}

/** Reads a decimal from `from` on and returns where it ends, or −1 where none is. */
function readDecimal(text: string, from: number, decimal: PlainDecimal): number {
  let at = from;
  const isNegative = text.charCodeAt(at) === minus;
  if (isNegative) at += 1;
  const first = at;
  let [units, scale, point] = [0, 1, -1];
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= nine) {
      units = units * 10 + (code - zero);
      if (point >= 0) scale *= 10;
    } else if (code === dot && point < 0 && at > first) point = at;
    else break;
  }
  const digits = at - first - (point < 0 ? 0 : 1);
  if (digits < 1 || digits > maxDigits || point === at - 1) return -1;
  decimal.units = isNegative && units !== 0 ? -units : units;
  decimal.scale = scale;
  return at;
}
