import { type Ppm, shareOf } from './share.js';

/** Guarantees that were issued in one period, with the month (since issue) in which each was claimed, if it was. */
export interface VintageFact {
  /** Such as `2026-Q1`. */
  readonly vintage: string;
  readonly issuedMinor: bigint;
  /** Months from issue until today. */
  readonly age: number;
  /** Month after issue of the default; null while there was none. */
  readonly defaultedAfter: number | null;
  /** How many guarantees this is the sum of; one when left out. */
  readonly guarantees?: number;
}

export interface VintageRow {
  readonly vintage: string;
  readonly guarantees: number;
  readonly issuedMinor: bigint;
  /** Cumulative share of the issued amount in default at each age that the whole vintage has reached. */
  readonly cumulative: readonly { readonly month: number; readonly rate: Ppm }[];
  /** The first age at which the vintage runs ahead of the older ones by more than the factor. */
  readonly warning: { readonly month: number; readonly rate: Ppm; readonly usual: Ppm } | null;
}

/** The quarter of a date `YYYY-MM-DD`. */
export function quarterOf(date: string): string {
  return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
}

/** Whole months from one date to another. */
export function monthsBetween(from: string, to: string): number {
  const months = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  const whole = months(to) - months(from) - (Number(to.slice(8, 10)) < Number(from.slice(8, 10)) ? 1 : 0);
  return Math.max(0, whole);
}

/**
 * The table of vintages at the given ages, oldest first. A vintage is shown at an age only when all of it has lived so long. It warns
 * when its cumulative rate is above `factor` times that of all earlier vintages together at the same age.
 */
export function vintageTable(facts: readonly VintageFact[], months: readonly number[], factor: Ppm): VintageRow[] {
  const groups = new Map<string, VintageFact[]>();
  for (const fact of facts) groups.set(fact.vintage, [...(groups.get(fact.vintage) ?? []), fact]);
  const ordered = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows: VintageRow[] = [];
  const earlier = new Map<number, { issued: bigint; defaulted: bigint }>();
  for (const [vintage, members] of ordered) {
    const issuedMinor = sumOf(members);
    const youngest = Math.min(...members.map(({ age }) => age));
    let warning: VintageRow['warning'] = null;
    const cumulative = months
      .filter((month) => month <= youngest)
      .map((month) => {
        const defaulted = sumOf(members.filter(({ defaultedAfter: at }) => at !== null && at <= month));
        const rate = shareOf(defaulted, issuedMinor);
        const before = earlier.get(month);
        const usual = before ? shareOf(before.defaulted, before.issued) : null;
        if (!warning && usual !== null && rate * 1_000_000n > usual * factor) warning = { month, rate, usual };
        earlier.set(month, {
          issued: (before?.issued ?? 0n) + issuedMinor,
          defaulted: (before?.defaulted ?? 0n) + defaulted,
        });
        return { month, rate };
      });
    rows.push({
      vintage,
      guarantees: members.reduce((sum, { guarantees = 1 }) => sum + guarantees, 0),
      issuedMinor,
      cumulative,
      warning,
    });
  }
  return rows;
}

function sumOf(facts: readonly VintageFact[]): bigint {
  return facts.reduce((sum, { issuedMinor }) => sum + issuedMinor, 0n);
}
