import type { CalendarDate } from '#kernel';
import type { DataSource } from 'typeorm';
import { idBytes } from '#platform';
import type { Purpose, Side } from '../domain/chart-of-accounts.js';
import { lastDayOf, periodOf } from '../domain/period.policy.js';
import type { TransferKind } from '../domain/transfer.js';

/** Where a statement goes on: after a line, or before the first line of a day. */
export type Place =
  | { readonly bookDate: CalendarDate; readonly transferId?: undefined }
  | { readonly bookDate: CalendarDate; readonly transferId: Buffer; readonly line: number };

export interface EntryRow {
  readonly transferId: Buffer;
  readonly line: number;
  readonly bookDate: CalendarDate;
  readonly side: Side;
  readonly amount: bigint;
  readonly counterPurpose: Purpose;
  readonly postedAt: Date;
  readonly reference: string;
  readonly kind: TransferKind;
  readonly description: string;
  readonly subjectType: string;
  readonly subjectId: Buffer;
}

const sides = [
  ['debit', 'credit'],
  ['credit', 'debit'],
] as const;

/** Up to `limit` posted lines of an account after `place`, until the day `to`, in the order of the books. */
export async function entriesAfter(
  dataSource: DataSource,
  accountId: string,
  to: CalendarDate,
  place: Place,
  limit: number,
): Promise<EntryRow[]> {
  const [after, values] = afterPlace(place);
  const parts = sides.map(
    ([
      side,
      other,
    ]) => `(SELECT p.transfer_id, p.line, p.book_date, p.amount, '${side}' AS side, p.${other}_account_id AS counter_id
      FROM ledger_posting p WHERE p.${side}_account_id = ? AND p.phase = 'posted' AND p.book_date <= ? AND ${after}
      ORDER BY p.book_date, p.transfer_id, p.line LIMIT ${limit})`,
  );
  const rows = await dataSource.query<Record<string, never>[]>(
    `SELECT e.transfer_id AS transferId, e.line, e.book_date AS bookDate, e.side, e.amount, c.purpose AS counterPurpose,
       t.posted_at AS postedAt, t.reference, t.kind, t.description, t.subject_type AS subjectType, t.subject_id AS subjectId
     FROM (${parts.join(' UNION ALL ')}) e
     JOIN ledger_transfer t ON t.id = e.transfer_id JOIN ledger_account c ON c.id = e.counter_id
     ORDER BY e.book_date, e.transfer_id, e.line LIMIT ${limit}`,
    sides.flatMap(() => [idBytes(accountId), to, ...values]),
  );
  return rows.map((row) => ({ ...(row as unknown as EntryRow), amount: BigInt(row.amount as unknown as string) }));
}

/** What was posted to an account before (or up to) `place`: the last closed month before it, and what came after that. */
export async function postedBefore(
  dataSource: DataSource,
  accountId: string,
  place: Place,
): Promise<{ debits: bigint; credits: bigint }> {
  const account = idBytes(accountId);
  const [closed] = await dataSource.query<{ period: string | null }[]>(
    "SELECT MAX(period) AS period FROM ledger_period WHERE state = 'closed' AND period < ?",
    [periodOf(place.bookDate)],
  );
  const period = closed?.period ?? '';
  const since = period === '' ? '' : lastDayOf(period);
  const [until, values] = untilPlace(place);
  const sums = sides.map(
    ([side]) => `(SELECT COALESCE(SUM(p.amount), 0) FROM ledger_posting p
      WHERE p.${side}_account_id = ? AND p.phase = 'posted' AND p.book_date > ? AND ${until})`,
  );
  const [row] = await dataSource.query<{ debits: string; credits: string }[]>(
    `SELECT COALESCE(MAX(k.debits_posted), 0) + ${sums[0]} AS debits, COALESCE(MAX(k.credits_posted), 0) + ${sums[1]} AS credits
     FROM ledger_period_balance k WHERE k.account_id = ? AND k.period = ?`,
    [...sides.flatMap(() => [account, since, ...values]), account, period],
  );
  return { debits: BigInt(row?.debits ?? 0), credits: BigInt(row?.credits ?? 0) };
}

function afterPlace(place: Place): [string, unknown[]] {
  if (place.transferId === undefined) return ['p.book_date >= ?', [place.bookDate]];
  const { bookDate, transferId, line } = place;
  return [
    'p.book_date >= ? AND (p.book_date > ? OR p.transfer_id > ? OR (p.transfer_id = ? AND p.line > ?))',
    [bookDate, bookDate, transferId, transferId, line],
  ];
}

function untilPlace(place: Place): [string, unknown[]] {
  if (place.transferId === undefined) return ['p.book_date < ?', [place.bookDate]];
  const { bookDate, transferId, line } = place;
  return [
    'p.book_date <= ? AND (p.book_date < ? OR p.transfer_id < ? OR (p.transfer_id = ? AND p.line <= ?))',
    [bookDate, bookDate, transferId, transferId, line],
  ];
}
