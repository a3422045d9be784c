import type { Grade } from '#kernel';
import { decodeCursor, idBytes } from '#platform';

export const marketSorts = ['newest', 'closing', 'amount', 'score'] as const;
export type MarketSort = (typeof marketSorts)[number];

/** Filters of the market's list; every one narrows it. Amounts are minor units. */
export interface MarketFilter {
  readonly productKinds?: readonly string[] | undefined;
  readonly sectors?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly sizeClasses?: readonly string[] | undefined;
  readonly grades?: readonly Grade[] | undefined;
  readonly amountFrom?: bigint | undefined;
  readonly amountTo?: bigint | undefined;
  readonly tenorFrom?: number | undefined;
  readonly tenorTo?: number | undefined;
  readonly currency?: string | undefined;
  readonly shariahOnly?: boolean | undefined;
  readonly womenLed?: boolean | undefined;
  readonly rural?: boolean | undefined;
}

interface SortRule {
  /** Columns in order, with their direction; the last makes the order total. */
  readonly columns: readonly { readonly sql: string; readonly descending: boolean }[];
}

const sorts: Readonly<Record<MarketSort, SortRule>> = {
  newest: {
    columns: [
      { sql: 'r.opened_at', descending: true },
      { sql: 'r.id', descending: true },
    ],
  },
  closing: {
    columns: [
      { sql: 'r.closes_at', descending: false },
      { sql: 'r.id', descending: false },
    ],
  },
  amount: {
    columns: [
      { sql: 'r.amount_minor', descending: true },
      { sql: 'r.id', descending: true },
    ],
  },
  score: {
    columns: [
      { sql: 'm.score', descending: true },
      { sql: 'r.id', descending: true },
    ],
  },
};

export interface ListQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The open requests that a financier was invited to, filtered, sorted, from a cursor on; one row more than `limit` tells of a next page. */
export function marketListQuery(
  financierId: string,
  filter: MarketFilter,
  sort: MarketSort,
  limit: number,
  cursor: string | undefined,
): ListQuery {
  const where: string[] = [
    'm.financier_id = ?',
    "m.state <> 'waiting'",
    "r.state = 'open'",
    'r.closes_at > UTC_TIMESTAMP(6)',
  ];
  const parameters: unknown[] = [idBytes(financierId)];
  const add = (sql: string, ...values: readonly unknown[]): void => {
    where.push(sql);
    parameters.push(...values);
  };
  const among = (column: string, values: readonly string[] | undefined): void => {
    if (values && values.length > 0) add(`${column} IN (${values.map(() => '?').join(',')})`, ...values);
  };
  among('r.product_kind', filter.productKinds);
  among('r.sector', filter.sectors);
  among('r.region', filter.regions);
  among('r.size_class', filter.sizeClasses);
  among('r.grade', filter.grades);
  if (filter.currency !== undefined) add('r.currency = ?', filter.currency);
  if (filter.amountFrom !== undefined) add('r.amount_minor >= ?', filter.amountFrom.toString());
  if (filter.amountTo !== undefined) add('r.amount_minor <= ?', filter.amountTo.toString());
  if (filter.tenorFrom !== undefined) add('r.tenor_months >= ?', filter.tenorFrom);
  if (filter.tenorTo !== undefined) add('r.tenor_months <= ?', filter.tenorTo);
  if (filter.shariahOnly !== undefined) add('r.shariah_only = ?', Number(filter.shariahOnly));
  if (filter.womenLed !== undefined) add('r.women_led = ?', Number(filter.womenLed));
  if (filter.rural !== undefined) add('r.rural = ?', Number(filter.rural));
  const { columns } = sorts[sort];
  const after = decodeCursor(cursor, columns.length);
  if (after) {
    const compare = columns[0]?.descending ? '<' : '>';
    add(
      `(${columns.map(({ sql }) => sql).join(', ')}) ${compare} (?, ?)`,
      cursorValue(sort, after[0] ?? null),
      idBytes(String(after[1])),
    );
  }
  return {
    sql: `SELECT r.id, r.product_kind, r.currency, r.amount_minor, r.awarded_minor, r.tenor_months, r.anonymous_text, r.shariah_only, r.collateral, r.mode, r.sector, r.region,
                 r.size_class, r.age_band, r.grade, r.women_led, r.rural, r.revenue_band, r.staff_band, r.opened_at, r.closes_at, m.score, m.score_parts, m.state AS match_state, m.answer_due
          FROM request_match m JOIN funding_request r ON r.id = m.request_id
          WHERE ${where.join(' AND ')}
          ORDER BY ${columns.map(({ sql, descending }) => `${sql}${descending ? ' DESC' : ''}`).join(', ')} LIMIT ?`,
    parameters: [...parameters, limit + 1],
  };
}

function cursorValue(sort: MarketSort, value: string | number | null): unknown {
  return sort === 'newest' || sort === 'closing' ? new Date(String(value)) : value;
}

/** The sort values of a row, for the cursor of the next page. */
export function cursorOfRow(
  sort: MarketSort,
  row: { opened_at: Date; closes_at: Date; amount_minor: string; score: string; id: string },
): readonly (string | number)[] {
  const first = {
    newest: row.opened_at.toISOString(),
    closing: row.closes_at.toISOString(),
    amount: row.amount_minor,
    score: row.score,
  }[sort];
  return [first, row.id];
}
