import { Injectable } from '@nestjs/common';
import { type CalendarDate, parseDate, printAmount } from '#kernel';
import { DataSource } from 'typeorm';
import { decodeCursor, defaultLimit, encodeCursor, idBytes, idText, isId } from '#platform';
import { balanceOf, noTotals } from '../domain/balance.calculation.js';
import type { Purpose, Side } from '../domain/chart-of-accounts.js';
import { csvLine } from '../domain/statement-csv.js';
import type { TransferKind } from '../domain/transfer.js';
import { type AccountView, accountView } from './views.js';
import { LedgerReader } from './ledger.reader.js';
import { type EntryRow, type Place, entriesAfter, postedBefore } from '../persistence/statement.store.js';

/** One line of a statement; amounts are decimal strings in the account's currency. */
export interface StatementEntry {
  readonly transferId: string;
  readonly line: number;
  readonly bookDate: string;
  readonly postedAt: Date;
  readonly reference: string;
  readonly kind: TransferKind;
  readonly description: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly side: Side;
  readonly amount: string;
  /** The purpose of the account on the other side. */
  readonly counterPurpose: Purpose;
  /** The account's balance after this line. */
  readonly balance: string;
}

export interface Statement {
  readonly account: AccountView;
  readonly from: string;
  readonly to: string;
  /** The balance before the first line of this page. */
  readonly opening: string;
  /** The balance after the last line of this page. */
  readonly closing: string;
  readonly items: readonly StatementEntry[];
  readonly nextCursor: string | null;
}

export interface StatementQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const exportPage = 1_000;
const columns = ['book_date', 'posted_at', 'reference', 'kind', 'description', 'subject_type', 'subject_id'];
const header = [...columns, 'debit', 'credit', 'balance', 'currency'];

/**
 * Statements by book date. Those of closed months are final; in an open month a line with an earlier date may still
 * come in before lines that were shown already.
 */
@Injectable()
export class StatementReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: LedgerReader,
  ) {}

  /** One page. With `organisationId`, another's account does not exist. */
  async statement(accountId: string, query: StatementQuery, organisationId?: string): Promise<Statement> {
    const span = await this.span(accountId, query, organisationId);
    const limit = query.limit ?? defaultLimit;
    const after = placeOf(query.cursor);
    const opening = await this.balanceBefore(span, after ?? { bookDate: span.from });
    const rows = await entriesAfter(this.dataSource, accountId, span.to, after ?? { bookDate: span.from }, limit + 1);
    const items = withBalances(span, opening, rows.slice(0, limit));
    const last = rows.length > limit ? items.at(-1) : undefined;
    return {
      account: span.view,
      from: span.from,
      to: span.to,
      opening: span.print(opening),
      closing: items.at(-1)?.balance ?? span.print(opening),
      items,
      nextCursor: last ? encodeCursor([last.bookDate, last.transferId, last.line]) : null,
    };
  }

  /** The whole statement as CSV, a page of lines at a time; refuses before the first. */
  async csv(accountId: string, query: StatementQuery, organisationId?: string): Promise<AsyncGenerator<string>> {
    const span = await this.span(accountId, query, organisationId);
    return this.csvOf(span);
  }

  private async *csvOf(span: Span): AsyncGenerator<string> {
    let place: Place = { bookDate: span.from };
    let balance = await this.balanceBefore(span, place);
    const note = (date: string, text: string) =>
      csvLine([date, '', '', '', text, '', '', '', '', span.print(balance), span.currency]);
    yield csvLine(header) + note(span.from, 'opening balance');
    for (;;) {
      const rows = await entriesAfter(this.dataSource, span.accountId, span.to, place, exportPage);
      const items = withBalances(span, balance, rows);
      yield items.map((item) => csvOfEntry(item, span.currency)).join('');
      const last = rows.at(-1);
      if (last) {
        balance = rows.reduce((sum, row) => sum + signed(span, row), balance);
        place = { bookDate: last.bookDate, transferId: last.transferId, line: last.line };
      }
      if (rows.length < exportPage) break;
    }
    yield note(span.to, 'closing balance');
  }

  private async span(accountId: string, query: StatementQuery, organisationId?: string): Promise<Span> {
    const { account, totals } = await this.ledger.accountRow(accountId, organisationId);
    const { currency, normal } = account;
    return {
      accountId,
      currency,
      normal,
      view: accountView(account, totals),
      from: parseDate(query.from ?? '1900-01-01'),
      to: parseDate(query.to ?? '2199-12-31'),
      print: (minor) => printAmount({ minor, currency }),
    };
  }

  private async balanceBefore({ accountId, normal }: Span, place: Place): Promise<bigint> {
    const { debits, credits } = await postedBefore(this.dataSource, accountId, place);
    return balanceOf(normal, { ...noTotals, debitsPosted: debits, creditsPosted: credits });
  }
}

interface Span {
  readonly accountId: string;
  readonly currency: string;
  readonly normal: Side;
  readonly view: AccountView;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly print: (minor: bigint) => string;
}

function signed({ normal }: Span, { side, amount }: EntryRow): bigint {
  return side === normal ? amount : -amount;
}

function withBalances(span: Span, opening: bigint, rows: readonly EntryRow[]): StatementEntry[] {
  let balance = opening;
  return rows.map((row) => {
    balance += signed(span, row);
    return {
      ...row,
      transferId: idText(row.transferId),
      subjectId: idText(row.subjectId),
      amount: span.print(row.amount),
      balance: span.print(balance),
    };
  });
}

function csvOfEntry(item: StatementEntry, currency: string): string {
  const { bookDate, postedAt, reference, kind, description, subjectType, subjectId, side, amount, balance } = item;
  const sides = side === 'debit' ? [amount, ''] : ['', amount];
  const words = [bookDate, postedAt.toISOString(), reference, kind, description, subjectType, subjectId];
  return csvLine([...words, ...sides, balance, currency]);
}

function placeOf(cursor: string | undefined): Place | undefined {
  const values = decodeCursor(cursor, 3);
  if (!values) return undefined;
  const [bookDate, transferId, line] = values;
  if (!isId(transferId)) return undefined;
  return { bookDate: parseDate(String(bookDate)), transferId: idBytes(transferId), line: Number(line) };
}
