import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, defaultLimit, idBytes, type Page, toPage, type Transaction } from '#platform';
import { type AccountKey, chartOfAccounts, type OwnerType, type Purpose } from '../domain/chart-of-accounts.js';
import { availableOf, balanceOf, type Totals } from '../domain/balance.calculation.js';
import { ledgerError } from '../domain/errors.js';
import type { TransferKind } from '../domain/transfer.js';
import { type Account, accountColumns, accountOfRow } from '../persistence/account.store.js';
import { joinBalances, presentTotals, totalsOfRow } from '../persistence/balance.store.js';
import { periodOfRow, selectPeriods } from '../persistence/period.store.js';
import { type ReadRows, readTransfers, successorsOf } from '../persistence/transfer.store.js';
import { accountView, type AccountView, type TransferView, transferView } from './views.js';
import { sumUp, type TrialBalance } from './trial-balance.js';

interface PageInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** The figures of one account in minor units, for contexts that decide on them. */
export interface AccountFigures extends Totals {
  /** What is posted, on the side where the account grows. */
  readonly balance: bigint;
  /** The balance less what is reserved to be taken. */
  readonly available: bigint;
}

/** What may be read of the ledger. */
@Injectable()
export class LedgerReader {
  constructor(private readonly dataSource: DataSource) {}

  /** One account's figures; all zero before its first posting. With `tx`, as that transaction sees them. */
  async figures(key: AccountKey, currency: string, tx?: Transaction): Promise<AccountFigures> {
    const named = 'owner_type = ? AND owner_id = ? AND purpose = ? AND currency = ?';
    const values = [key.ownerType, idBytes(key.ownerId), key.purpose, currency];
    const [row] = await this.read(tx)<object>(
      `SELECT ${accountColumns}, ${presentTotals} FROM ledger_account a
       ${joinBalances(`WHERE account_id = (SELECT id FROM ledger_account WHERE ${named})`)} WHERE ${named}`,
      [...values, ...values],
    );
    const totals = totalsOfRow(
      row ?? { debits_posted: '0', credits_posted: '0', debits_pending: '0', credits_pending: '0' },
    );
    const { normal } = row ? accountOfRow(row) : { normal: 'debit' as const };
    return { ...totals, balance: balanceOf(normal, totals), available: availableOf(normal, totals) };
  }

  /** Accounts with their balances, oldest first. */
  async accounts(
    filter: {
      readonly ownerType?: OwnerType | undefined;
      readonly ownerId?: string | undefined;
      readonly purpose?: Purpose | undefined;
      readonly currency?: string | undefined;
    },
    page: PageInput,
  ): Promise<Page<AccountView>> {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const wheres: [string, unknown][] = [
      ...(after ? [['a.id > ?', idBytes(String(after[0]))] as [string, unknown]] : []),
      ...(filter.ownerType ? [['a.owner_type = ?', filter.ownerType] as [string, unknown]] : []),
      ...(filter.ownerId ? [['a.owner_id = ?', idBytes(filter.ownerId)] as [string, unknown]] : []),
      ...(filter.purpose ? [['a.purpose = ?', filter.purpose] as [string, unknown]] : []),
      ...(filter.currency ? [['a.currency = ?', filter.currency] as [string, unknown]] : []),
    ];
    const rows = await this.read()<object>(
      `SELECT ${accountColumns}, ${presentTotals} FROM ledger_account a ${joinBalances()}
       ${wheres.length > 0 ? `WHERE ${wheres.map(([sql]) => sql).join(' AND ')}` : ''} ORDER BY a.id LIMIT ?`,
      [...wheres.map(([, value]) => value), limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => [accountOfRow(row).id],
      (row) => accountView(accountOfRow(row), totalsOfRow(row)),
    );
  }

  /** One account with its balance. With `organisationId`, another's does not exist. */
  async account(id: string, organisationId?: string): Promise<AccountView> {
    const { account, totals } = await this.accountRow(id, organisationId);
    return accountView(account, totals);
  }

  async accountRow(id: string, organisationId?: string): Promise<{ account: Account; totals: Totals }> {
    const [row] = await this.read()<object>(
      `SELECT ${accountColumns}, ${presentTotals} FROM ledger_account a ${joinBalances('WHERE account_id = ?')} WHERE a.id = ?`,
      [idBytes(id), idBytes(id)],
    );
    const account = row && accountOfRow(row);
    const foreign =
      organisationId !== undefined && (account?.ownerType !== 'organisation' || account.ownerId !== organisationId);
    if (!account || foreign) throw ledgerError('ledger_account_unknown');
    return { account, totals: totalsOfRow(row as object) };
  }

  /** Transfers with their lines, newest first. */
  async transfers(
    filter: {
      readonly subjectType?: string | undefined;
      readonly subjectId?: string | undefined;
      readonly reference?: string | undefined;
      readonly kind?: TransferKind | undefined;
    },
    page: PageInput,
  ): Promise<Page<TransferView>> {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const wheres: [string, unknown][] = [
      ...(after ? [['t.id < ?', idBytes(String(after[0]))] as [string, unknown]] : []),
      ...(filter.subjectType ? [['t.subject_type = ?', filter.subjectType] as [string, unknown]] : []),
      ...(filter.subjectId ? [['t.subject_id = ?', idBytes(filter.subjectId)] as [string, unknown]] : []),
      ...(filter.reference ? [['t.reference = ?', filter.reference] as [string, unknown]] : []),
      ...(filter.kind ? [['t.kind = ?', filter.kind] as [string, unknown]] : []),
    ];
    const views = await this.views(
      `${wheres.length > 0 ? `WHERE ${wheres.map(([sql]) => sql).join(' AND ')}` : ''} ORDER BY t.id DESC LIMIT ?`,
      [...wheres.map(([, value]) => value), limit + 1],
    );
    return toPage(
      views,
      limit,
      ({ id }) => [id],
      (view) => view,
    );
  }

  /** One transfer with its lines and what became of it. */
  async transfer(id: string): Promise<TransferView> {
    const [view] = await this.views('WHERE t.id = ?', [idBytes(id)]);
    if (!view) throw ledgerError('ledger_transfer_unknown');
    return view;
  }

  /** Every purpose's balances and, for each currency, their sums: debits equal credits at any moment. */
  async trialBalance(tx?: Transaction): Promise<TrialBalance> {
    const rows = await this.read(tx)<{ currency: string; purpose: Purpose }>(
      `SELECT currency, purpose, SUM(debits_posted) AS debits_posted, SUM(credits_posted) AS credits_posted,
         SUM(debits_pending) AS debits_pending, SUM(credits_pending) AS credits_pending
       FROM (SELECT a.currency, a.purpose, ${presentTotals} FROM ledger_account a ${joinBalances()}) accounts
       GROUP BY currency, purpose ORDER BY currency, purpose`,
    );
    return sumUp(rows.map((row) => ({ currency: row.currency, purpose: row.purpose, totals: totalsOfRow(row) })));
  }

  /** The months of the books with postings, newest first. */
  async periods(): Promise<{ items: { period: string; state: 'open' | 'closed'; closedAt: Date | null }[] }> {
    const rows = await this.read()<object>(`${selectPeriods} ORDER BY period DESC`);
    return { items: rows.map(periodOfRow).map(({ period, state, closedAt }) => ({ period, state, closedAt })) };
  }

  /** What each purpose of the chart of accounts is for. */
  chart(): { purpose: Purpose; class: string; floor: boolean; meaning: string }[] {
    return Object.entries(chartOfAccounts).map(([purpose, { class: accountClass, floor, meaning }]) => ({
      purpose: purpose as Purpose,
      class: accountClass,
      floor,
      meaning,
    }));
  }

  private async views(where: string, parameters: readonly unknown[]): Promise<TransferView[]> {
    const read = this.read();
    const transfers = await readTransfers(read, where, parameters);
    const ids = transfers.map(({ id }) => id);
    const resolved = await successorsOf(read, 'resolves_id', ids);
    const reversed = await successorsOf(read, 'reverses_id', ids);
    return transfers.map((transfer) =>
      transferView(transfer, resolved.get(transfer.id), reversed.get(transfer.id)?.id ?? null),
    );
  }

  private read(tx?: Transaction): ReadRows {
    return async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      tx ? tx.rows<Row>(sql, parameters) : this.dataSource.query<Row[]>(sql, [...parameters]);
  }
}
