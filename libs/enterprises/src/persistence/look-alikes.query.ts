import { soundOrganisations } from '#identity';
import { addDays, addMonths, type CalendarDate, currencyDigits, sizeClasses } from '#kernel';
import { bandOf } from '../domain/bands.policy.js';

/** The facts of a firm that an anonymous brief may show and that look-alikes are counted by. */
export const lookAlikeFacts = [
  'sizeClass',
  'sector',
  'region',
  'ageBand',
  'womenLed',
  'rural',
  'revenueBand',
  'staffBand',
] as const;
export type LookAlikeFact = (typeof lookAlikeFacts)[number];
/** Values as text, flags `yes` and `no`; null where the figure is not known. */
export type FactValues = Readonly<Partial<Record<LookAlikeFact, string | null>>>;
/** The firms to count among: per fact the values that count; a fact that is not named narrows nothing. */
export type Among = Readonly<Partial<Record<LookAlikeFact, readonly (string | null)[]>>>;

interface Bands {
  readonly currency: string;
  readonly revenueBands: readonly bigint[];
  readonly staffBands: readonly bigint[];
}

interface Expression {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
}

const latestStatement = `LEFT JOIN financial_statement s ON s.enterprise_id = p.id
  AND NOT EXISTS (SELECT 1 FROM financial_statement later WHERE later.enterprise_id = s.enterprise_id
    AND (later.fiscal_year > s.fiscal_year OR (later.fiscal_year = s.fiscal_year AND later.version > s.version)))`;

/**
 * Counts, for every combination of `facts` that occurs, the firms that could submit a request: verified, not suspended, of a size that
 * the market serves, profile complete. A firm that could not would be no cover for one that does.
 */
export function lookAlikesQuery(
  facts: readonly LookAlikeFact[],
  among: Among,
  bands: Bands,
  today: CalendarDate,
): { sql: string; parameters: readonly unknown[] } {
  const expressions = expressionsOf(bands, today);
  const named = lookAlikeFacts.filter((fact) => facts.includes(fact) || among[fact]);
  const columns = named.map((fact) => `${expressions[fact].sql} AS ${fact}`);
  const figures = named.includes('revenueBand') || named.includes('staffBand');
  const where = named.flatMap((fact) => {
    const values = among[fact];
    if (!values) return [];
    const known = values.filter((value) => value !== null);
    const either = [
      ...(known.length > 0 ? [`${fact} IN (${known.map(() => '?').join(',')})`] : []),
      ...(known.length < values.length ? [`${fact} IS NULL`] : []),
    ];
    return [{ sql: either.length > 0 ? `(${either.join(' OR ')})` : 'FALSE', parameters: known }];
  });
  return {
    sql: `SELECT ${facts.join(', ')}, COUNT(*) AS firms FROM (
        SELECT ${columns.join(', ')} FROM enterprise_profile p ${figures ? latestStatement : ''}
        WHERE p.status = 'verified' AND p.id IN (${soundOrganisations})
          AND p.size_class IN (${sizeClasses.map(() => '?').join(',')})
          AND p.sector IS NOT NULL AND p.region IS NOT NULL AND p.founded_on IS NOT NULL
      ) AS firm ${where.length > 0 ? `WHERE ${where.map(({ sql }) => sql).join(' AND ')}` : ''}
      GROUP BY ${facts.join(', ')}`,
    parameters: [
      ...named.flatMap((fact) => expressions[fact].parameters ?? []),
      ...sizeClasses,
      ...where.flatMap(({ parameters }) => parameters),
    ],
  };
}

function expressionsOf(bands: Bands, today: CalendarDate): Readonly<Record<LookAlikeFact, Expression>> {
  const unit = 10n ** BigInt(currencyDigits(bands.currency));
  return {
    sizeClass: { sql: 'p.size_class' },
    sector: { sql: 'p.sector' },
    region: { sql: 'p.region' },
    ageBand: {
      sql: "CASE WHEN p.founded_on <= ? THEN 'over_10' WHEN p.founded_on <= ? THEN '6_to_10' WHEN p.founded_on <= ? THEN '3_to_5' WHEN p.founded_on <= ? THEN '1_to_2' ELSE 'under_1' END",
      parameters: [11, 6, 3, 1].map((years) => latestFounding(today, years)),
    },
    womenLed: { sql: "CASE WHEN p.women_led = 1 THEN 'yes' ELSE 'no' END" },
    rural: { sql: "CASE WHEN p.rural = 1 THEN 'yes' ELSE 'no' END" },
    revenueBand: banded('s.revenue_minor', bands.revenueBands, unit),
    staffBand: banded('COALESCE(p.staff, s.staff)', bands.staffBands, 1n),
  };
}

/** The bands of `bandOf`, for a column that counts in parts of a unit. */
function banded(column: string, limits: readonly bigint[], unit: bigint): Expression {
  const beyond = bandOf((limits.at(-1) ?? 0n) + 1n, limits);
  return {
    sql: `CASE WHEN ${column} IS NULL THEN NULL ${limits.map(() => `WHEN ${column} <= ? THEN ?`).join(' ')} ELSE ? END`,
    parameters: [...limits.flatMap((limit) => [(limit * unit).toString(), bandOf(limit, limits)]), beyond],
  };
}

/** The last founding day that makes a firm so many years old today; one founded on 29 February has its birthday on the 28th. */
function latestFounding(today: CalendarDate, years: number): CalendarDate {
  const day = addMonths(today, -12 * years);
  const next = addDays(day, 1);
  return addMonths(next, 12 * years) <= today ? next : day;
}
