import { moneyToJson, type MoneyJson } from '#kernel';
import { idText, instantText } from '#platform';
import type { FundingRequest } from '../persistence/entities.js';

/** A request as its own enterprise (and the operator) sees it. */
export interface RequestView {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly productKind: string;
  /** With `guarantee_only` the institution where the loan was found. */
  readonly lenderId: string | null;
  readonly amount: MoneyJson;
  readonly tenorMonths: number;
  readonly purpose: string;
  readonly anonymousText: string;
  readonly shariahOnly: boolean;
  readonly collateral: readonly string[];
  readonly mode: string;
  readonly awarded: MoneyJson;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly openedAt: Date | null;
  readonly closesAt: Date | null;
  readonly decideBy: Date | null;
}

export function requestView(row: FundingRequest): RequestView {
  const {
    id,
    version,
    state,
    productKind,
    lenderId,
    currency,
    tenorMonths,
    purpose,
    anonymousText,
    shariahOnly,
    collateral,
    mode,
    createdAt,
    submittedAt,
    openedAt,
    closesAt,
    decideBy,
  } = row;
  return {
    id,
    version,
    state,
    productKind,
    lenderId: lenderId ?? null,
    amount: moneyToJson({ minor: row.amountMinor, currency }),
    tenorMonths,
    purpose,
    anonymousText,
    shariahOnly,
    collateral,
    mode,
    awarded: moneyToJson({ minor: row.awardedMinor, currency }),
    createdAt,
    submittedAt,
    openedAt,
    closesAt,
    decideBy,
  };
}

/** One own request, read without an entity: it is asked for on every page that shows it. */
export const ownRequestSql = `SELECT id, version, state, product_kind, lender_id, currency, amount_minor, awarded_minor, tenor_months, purpose, anonymous_text, shariah_only, collateral, mode,
  created_at, submitted_at, opened_at, closes_at, decide_by
  FROM funding_request WHERE id = ? AND enterprise_id = ?`;

export interface OwnRequestRow {
  readonly id: Buffer;
  readonly version: number;
  readonly state: string;
  readonly product_kind: string;
  readonly lender_id: Buffer | null;
  readonly currency: string;
  readonly amount_minor: string;
  readonly awarded_minor: string;
  readonly tenor_months: number;
  readonly purpose: string;
  readonly anonymous_text: string;
  readonly shariah_only: number;
  readonly collateral: string | string[];
  readonly mode: string;
  readonly created_at: Date;
  readonly submitted_at: Date | null;
  readonly opened_at: Date | null;
  readonly closes_at: Date | null;
  readonly decide_by: Date | null;
}

export function ownRequestView(row: OwnRequestRow): RequestView {
  const { currency } = row;
  return {
    id: idText(row.id),
    version: row.version,
    state: row.state,
    productKind: row.product_kind,
    lenderId: row.lender_id === null ? null : idText(row.lender_id),
    amount: moneyToJson({ minor: BigInt(row.amount_minor), currency }),
    tenorMonths: row.tenor_months,
    purpose: row.purpose,
    anonymousText: row.anonymous_text,
    shariahOnly: row.shariah_only === 1,
    collateral: asJson<string[]>(row.collateral),
    mode: row.mode,
    awarded: moneyToJson({ minor: BigInt(row.awarded_minor), currency }),
    createdAt: row.created_at,
    submittedAt: row.submitted_at,
    openedAt: row.opened_at,
    closesAt: row.closes_at,
    decideBy: row.decide_by,
  };
}

/** A row of the market's list, as the database gives it; instants are texts. */
export interface BriefRow {
  readonly id: Buffer;
  readonly product_kind: string;
  readonly currency: string;
  readonly amount_minor: string;
  readonly awarded_minor: string;
  readonly tenor_months: number;
  readonly anonymous_text: string;
  readonly shariah_only: number;
  readonly collateral: string | string[];
  readonly mode: string;
  readonly sector: string | null;
  readonly region: string | null;
  readonly size_class: string | null;
  readonly age_band: string | null;
  readonly grade: string | null;
  readonly women_led: number;
  readonly rural: number;
  readonly revenue_band: string | null;
  readonly staff_band: string | null;
  readonly opened_at: string;
  readonly closes_at: string;
  readonly guaranteed_since: string | null;
  readonly score: string;
  readonly score_parts: string | Record<string, number>;
  readonly match_state: string;
  readonly answer_due: string | null;
  readonly due_on: string | null;
}

/** The anonymous brief as an invited financier sees it, with its own match. Null is not shown; a flag is false where it is not shown. */
export function briefView(id: string, row: BriefRow) {
  return {
    id,
    productKind: row.product_kind,
    amount: moneyToJson({ minor: BigInt(row.amount_minor), currency: row.currency }),
    remaining: moneyToJson({ minor: BigInt(row.amount_minor) - BigInt(row.awarded_minor), currency: row.currency }),
    tenorMonths: row.tenor_months,
    text: row.anonymous_text,
    shariahOnly: row.shariah_only === 1,
    collateral: asJson<string[]>(row.collateral),
    mode: row.mode,
    sector: row.sector,
    region: row.region,
    sizeClass: row.size_class,
    ageBand: row.age_band,
    grade: row.grade,
    womenLed: row.women_led === 1,
    rural: row.rural === 1,
    revenueBand: row.revenue_band,
    staffBand: row.staff_band,
    openedAt: instantText(row.opened_at),
    closesAt: instantText(row.closes_at),
    /** Of receivables: the last due day. */
    dueOn: row.due_on,
    /** Nobody has bid, and a guarantee scheme could cover it. */
    guaranteedCandidate: row.guaranteed_since !== null,
    match: {
      score: Number(row.score),
      parts: asJson<Record<string, number>>(row.score_parts),
      state: row.match_state,
      answerDue: row.answer_due && instantText(row.answer_due),
    },
  };
}

/** JSON columns come as text from MariaDB and as values from MySQL. */
export function asJson<T>(value: string | T): T {
  return typeof value === 'string' ? (JSON.parse(value) as T) : value;
}
