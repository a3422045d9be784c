import { idBytes } from '#platform';
import type { Exposure } from '../domain/expected-loss.calculation.js';
import type { VintageFact } from '../domain/vintage.calculation.js';

/** Reads rows; a transaction's or the data source's. */
export type ReadRiskRows = <Row extends object>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;

/**
 * What is at risk by grade and days past due, summed by the table's bounds in one statement. A guarantee whose claim is approved is left
 * out: its loss stands in the books already.
 */
export async function exposuresOf(
  read: ReadRiskRows,
  schemeId: string,
  { watchAbove, defaultAbove }: { readonly watchAbove: number; readonly defaultAbove: number },
): Promise<Exposure[]> {
  const rows = await read<{ grade: string | null; days: number; n: string; balance: string }>(
    `SELECT grade, CASE WHEN days_past_due > ? THEN ? WHEN days_past_due > ? THEN ? ELSE 0 END AS days, COUNT(*) AS n, SUM(balance_minor) AS balance
     FROM guarantee g WHERE scheme_id = ? AND state IN ('issued','in_force','claimed')
       AND NOT EXISTS (SELECT 1 FROM guarantee_claim c WHERE c.guarantee_id = g.id AND c.state IN ('approved','partial','paid','recovering'))
     GROUP BY grade, days`,
    [defaultAbove, defaultAbove + 1, watchAbove, watchAbove + 1, idBytes(schemeId)],
  );
  return rows.map(({ grade, days, n, balance }) => ({
    grade,
    daysPastDue: Number(days),
    guaranteedMinor: BigInt(balance),
    guarantees: Number(n),
  }));
}

/** Issued guarantees by quarter and month of default, summed in one statement. `today` is `YYYY-MM-DD`. */
export async function vintagesOf(read: ReadRiskRows, schemeId: string, today: string): Promise<VintageFact[]> {
  const day = 'COALESCE(disbursed_on, LEFT(CAST(issued_at AS CHAR), 10))';
  const months = (from: string, to: string) =>
    `GREATEST(0, TIMESTAMPDIFF(MONTH, CAST(${from} AS DATE), CAST(${to} AS DATE)))`;
  const rows = await read<{ vintage: string; defaulted: number | null; age: number; n: string; issued: string }>(
    `SELECT CONCAT(LEFT(${day}, 4), '-Q', CEILING(SUBSTRING(${day}, 6, 2) / 3)) AS vintage,
       CASE WHEN defaulted_on IS NULL THEN NULL ELSE ${months(day, 'defaulted_on')} END AS defaulted,
       MIN(${months(day, '?')}) AS age, COUNT(*) AS n, SUM(guaranteed_minor) AS issued
     FROM guarantee WHERE scheme_id = ? AND issued_at IS NOT NULL GROUP BY vintage, defaulted`,
    [today, idBytes(schemeId)],
  );
  return rows.map(({ vintage, defaulted, age, n, issued }) => ({
    vintage,
    issuedMinor: BigInt(issued),
    age: Number(age),
    defaultedAfter: defaulted === null ? null : Number(defaulted),
    guarantees: Number(n),
  }));
}

/** What each key of each cap takes now: the exposures less what was given back and is not folded in. Largest first, at most `most` a scope. */
export async function holdingsOf(
  read: ReadRiskRows,
  schemeId: string,
  scope: string,
  most: number,
): Promise<{ key: string; usedMinor: bigint }[]> {
  const rows = await read<{ scope_key: string; used: string }>(
    `SELECT e.scope_key, e.used_minor - COALESCE((SELECT SUM(m.amount_minor) FROM capacity_movement m
       WHERE m.scheme_id = e.scheme_id AND m.scope = e.scope AND m.scope_key = e.scope_key), 0) AS used
     FROM scheme_exposure e WHERE e.scheme_id = ? AND e.scope = ? AND e.used_minor > 0 ORDER BY e.used_minor DESC LIMIT ${most}`,
    [idBytes(schemeId), scope],
  );
  return rows
    .map(({ scope_key, used }) => ({ key: scope_key, usedMinor: BigInt(used) }))
    .filter(({ usedMinor }) => usedMinor > 0n);
}

export interface SchemeResources {
  readonly currency: string;
  readonly baseMinor: bigint;
  readonly leverageHundredths: number;
  readonly usedMinor: bigint;
  readonly stopped: string | null;
}

/** The scheme's capital and what is taken of its capacity, with what is not folded in yet. */
export async function resourcesOf(read: ReadRiskRows, schemeId: string): Promise<SchemeResources> {
  const moved = (scope: string) =>
    `(SELECT COALESCE(SUM(amount_minor), 0) FROM capacity_movement m WHERE m.scheme_id = c.scheme_id AND m.scope = '${scope}')`;
  const [row] = await read<{ currency: string; base: string; leverage: number; used: string; stopped: string | null }>(
    `SELECT currency, base_minor + ${moved('base')} AS base, leverage_hundredths AS leverage, used_minor - ${moved('total')} AS used, stopped
     FROM scheme_capacity c WHERE scheme_id = ?`,
    [idBytes(schemeId)],
  );
  if (!row) throw new Error(`scheme ${schemeId} has no capacity`);
  return {
    currency: row.currency,
    baseMinor: BigInt(row.base),
    leverageHundredths: Number(row.leverage),
    usedMinor: BigInt(row.used),
    stopped: row.stopped,
  };
}
