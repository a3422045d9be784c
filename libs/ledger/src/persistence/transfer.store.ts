import type { CalendarDate } from '#kernel';
import { idBytes, idText, type Transaction } from '#platform';
import { chartOfAccounts, normalSide, type Purpose } from '../domain/chart-of-accounts.js';
import { periodOf } from '../domain/period.policy.js';
import type { AccountRef, Line, TransferKind, TransferRecord } from '../domain/transfer.js';

interface TransferRow {
  readonly id: Buffer;
  readonly reference: string;
  readonly kind: TransferKind;
  readonly description: string;
  readonly subject_type: string;
  readonly subject_id: Buffer;
  readonly book_date: string;
  readonly posted_at: Date;
  readonly expires_at: Date | null;
  readonly resolves_id: Buffer | null;
  readonly reverses_id: Buffer | null;
  readonly hash: Buffer;
}

interface LineRow {
  readonly transfer_id: Buffer;
  readonly debit_account_id: Buffer;
  readonly debit_purpose: Purpose;
  readonly credit_account_id: Buffer;
  readonly credit_purpose: Purpose;
  readonly amount: string;
  readonly currency: string;
}

/** Reads rows; a transaction's or the data source's. */
export type ReadRows = <Row extends object>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;

const selectTransfers = `SELECT t.id, t.reference, t.kind, t.description, t.subject_type, t.subject_id, t.book_date, t.posted_at,
  t.expires_at, t.resolves_id, t.reverses_id, t.hash FROM ledger_transfer t`;

/** The transfers that `where` (with `t` for the transfer) finds, each with its lines in their order. */
export async function readTransfers(
  read: ReadRows,
  where: string,
  parameters: readonly unknown[],
): Promise<TransferRecord[]> {
  const rows = await read<TransferRow>(`${selectTransfers} ${where}`, parameters);
  const lines = await readLines(
    read,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: idText(row.id),
    reference: row.reference,
    kind: row.kind,
    description: row.description,
    subject: { type: row.subject_type, id: idText(row.subject_id) },
    bookDate: row.book_date as CalendarDate,
    postedAt: row.posted_at,
    expiresAt: row.expires_at,
    resolves: row.resolves_id && idText(row.resolves_id),
    reverses: row.reverses_id && idText(row.reverses_id),
    hash: row.hash,
    lines: lines.get(idText(row.id)) ?? [],
  }));
}

async function readLines(read: ReadRows, transferIds: readonly Buffer[]): Promise<Map<string, Line[]>> {
  if (transferIds.length === 0) return new Map();
  const rows = await read<LineRow>(
    `SELECT p.transfer_id, p.debit_account_id, d.purpose AS debit_purpose, p.credit_account_id, c.purpose AS credit_purpose,
       p.amount, p.currency
     FROM ledger_posting p JOIN ledger_account d ON d.id = p.debit_account_id JOIN ledger_account c ON c.id = p.credit_account_id
     WHERE p.transfer_id IN (${transferIds.map(() => '?').join(',')}) ORDER BY p.transfer_id, p.line`,
    transferIds,
  );
  const byTransfer = new Map<string, Line[]>();
  for (const row of rows) {
    const id = idText(row.transfer_id);
    const line: Line = {
      debit: accountRef(row.debit_account_id, row.debit_purpose),
      credit: accountRef(row.credit_account_id, row.credit_purpose),
      amount: BigInt(row.amount),
      currency: row.currency,
    };
    byTransfer.set(id, [...(byTransfer.get(id) ?? []), line]);
  }
  return byTransfer;
}

function accountRef(id: Buffer, purpose: Purpose): AccountRef {
  const { class: accountClass, floor } = chartOfAccounts[purpose];
  return { id: idText(id), purpose, normal: normalSide[accountClass], floor };
}

/** Transfers by id with their lines, their own rows locked until the transaction ends. */
export async function lockTransfers(tx: Transaction, ids: readonly string[]): Promise<TransferRecord[]> {
  if (ids.length === 0) return [];
  const marks = ids.map(() => '?').join(',');
  return readTransfers(
    (sql, parameters) => tx.rows(sql, parameters),
    `WHERE t.id IN (${marks}) ORDER BY t.id FOR UPDATE`,
    ids.map(idBytes),
  );
}

export interface Successor {
  readonly id: string;
  readonly reference: string;
  readonly kind: TransferKind;
}

/** What resolves (or reverses) each of these transfers, by the id of the one that was resolved (or reversed). */
export async function successorsOf(
  read: ReadRows,
  column: 'resolves_id' | 'reverses_id',
  ids: readonly string[],
): Promise<Map<string, Successor>> {
  if (ids.length === 0) return new Map();
  const rows = await read<{ of: Buffer; id: Buffer; reference: string; kind: TransferKind }>(
    `SELECT ${column} AS \`of\`, id, reference, kind FROM ledger_transfer WHERE ${column} IN (${ids.map(() => '?').join(',')})`,
    ids.map(idBytes),
  );
  return new Map(rows.map((row) => [idText(row.of), { id: idText(row.id), reference: row.reference, kind: row.kind }]));
}

/** Writes transfers and then their lines; a reference, resolution or reversal that is taken fails on its unique key. */
export async function insertTransfers(tx: Transaction, made: readonly TransferRecord[]): Promise<void> {
  const { actor, traceId } = tx.context;
  const header = 'id, reference, kind, description, subject_type, subject_id, book_date, period, posted_at, expires_at';
  await tx.insertRows(
    'ledger_transfer',
    [...header.split(', '), 'resolves_id', 'reverses_id', 'actor_kind', 'actor_id', 'trace_id', 'hash'],
    made.map((each) => [
      idBytes(each.id),
      each.reference,
      each.kind,
      each.description,
      each.subject.type,
      idBytes(each.subject.id),
      each.bookDate,
      periodOf(each.bookDate),
      each.postedAt,
      each.expiresAt,
      each.resolves && idBytes(each.resolves),
      each.reverses && idBytes(each.reverses),
      actor.kind,
      actor.id,
      traceId,
      each.hash,
    ]),
  );
  await tx.insertRows(
    'ledger_posting',
    ['transfer_id', 'line', 'phase', 'debit_account_id', 'credit_account_id', 'amount', 'currency', 'book_date'],
    made.flatMap(({ id, kind, bookDate, lines }) =>
      lines.map(({ debit, credit, amount, currency }, index) => [
        idBytes(id),
        index + 1,
        kind === 'reserve' ? 'pending' : 'posted',
        idBytes(debit.id),
        idBytes(credit.id),
        amount.toString(),
        currency,
        bookDate,
      ]),
    ),
  );
}
