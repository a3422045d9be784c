import { cursorInstant, idBytes, idText, instantText } from '#platform';
import type { ListedRequest, MarketFilter, MarketSort } from '../domain/market-filter.js';

/** By the database's time, which a test may offset. */
const takesOffers = 'r.closes_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND';

/** What an invited financier sees of a request `r`, with its own match `m`. */
export const briefColumns = `r.id, r.product_kind, r.currency, r.amount_minor, r.awarded_minor, r.tenor_months, r.anonymous_text, r.shariah_only, r.collateral, r.mode, r.sector, r.region,
  r.size_class, r.age_band, r.grade, r.women_led, r.rural, r.revenue_band, r.staff_band, r.opened_at, r.closes_at, m.score, m.score_parts, m.state AS match_state, m.answer_due`;

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
  after: ListCursor | undefined,
  clockOffsetSeconds: number,
): ListQuery {
  const where: string[] = ['m.financier_id = ?', 'm.listed = 1', "r.state = 'open'", takesOffers];
  const parameters: unknown[] = [idBytes(financierId), clockOffsetSeconds];
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
  if (after) {
    const compare = columns[0]?.descending ? '<' : '>';
    add(
      `(${columns.map(({ sql }) => sql).join(', ')}) ${compare} (?, ?)`,
      sort === 'newest' || sort === 'closing' ? cursorInstant(after[0]) : after[0],
      idBytes(after[1]),
    );
  }
  return {
    sql: `SELECT ${briefColumns}
          FROM request_match m JOIN funding_request r ON r.id = m.request_id
          WHERE ${where.join(' AND ')}
          ORDER BY ${columns.map(({ sql, descending }) => `${sql}${descending ? ' DESC' : ''}`).join(', ')} LIMIT ?`,
    parameters: [...parameters, limit + 1],
  };
}

/** These requests of the financier's list, as far as they are still on it; in no order. */
export function listedByIdQuery(financierId: string, ids: readonly Buffer[], clockOffsetSeconds: number): ListQuery {
  return {
    sql: `SELECT ${briefColumns}
          FROM request_match m JOIN funding_request r ON r.id = m.request_id
          WHERE m.request_id IN (${ids.map(() => '?').join(',')}) AND m.financier_id = ? AND m.listed = 1 AND ${takesOffers}`,
    parameters: [...ids, idBytes(financierId), clockOffsetSeconds],
  };
}

/** What a book of listed requests keeps, of requests from `after` on by their ids, or of some requests for several financiers. */
export const bookColumns = `m.financier_id, m.request_id, r.product_kind, r.sector, r.region, r.size_class, r.grade, r.currency, r.shariah_only, r.women_led, r.rural,
  r.tenor_months, r.amount_minor, r.opened_at, r.closes_at, m.score`;

export interface BookRow {
  readonly financier_id: Buffer;
  readonly request_id: Buffer;
  readonly product_kind: string;
  readonly sector: string | null;
  readonly region: string | null;
  readonly size_class: string | null;
  readonly grade: string | null;
  readonly currency: string;
  readonly shariah_only: number;
  readonly women_led: number;
  readonly rural: number;
  readonly tenor_months: number;
  readonly amount_minor: string;
  readonly opened_at: Date;
  readonly closes_at: Date;
  readonly score: string;
}

export function listedOf(row: BookRow): ListedRequest {
  return {
    id: row.request_id,
    productKind: row.product_kind,
    sector: row.sector,
    region: row.region,
    sizeClass: row.size_class,
    grade: row.grade,
    currency: row.currency,
    shariahOnly: row.shariah_only === 1,
    womenLed: row.women_led === 1,
    rural: row.rural === 1,
    tenorMonths: row.tenor_months,
    amountMinor: Number(row.amount_minor),
    openedAt: row.opened_at.getTime(),
    closesAt: row.closes_at.getTime(),
    scoreHundredths: Math.round(Number(row.score) * 100),
  };
}

/** Where the next page begins: the sort value and the identifier of the last request shown. */
export type ListCursor = readonly [value: string, id: string];

/** The sort value of a cursor as a number: milliseconds, minor units or hundredths of a score. */
export function cursorNumber(sort: MarketSort, [value]: ListCursor): number {
  if (sort === 'newest' || sort === 'closing') return Date.parse(value);
  return sort === 'score' ? Math.round(Number(value) * 100) : Number(value);
}

/** The sort values of a row, for the cursor of the next page. */
export function cursorOfRow(
  sort: MarketSort,
  row: { opened_at: string; closes_at: string; amount_minor: string; score: string; id: Buffer },
): ListCursor {
  const first = {
    newest: instantText(row.opened_at),
    closing: instantText(row.closes_at),
    amount: row.amount_minor,
    score: row.score,
  }[sort];
  return [first, idText(row.id)];
}
