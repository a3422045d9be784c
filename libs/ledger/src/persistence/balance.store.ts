import { idBytes, idText, type Transaction } from '#platform';
import type { Movement, Totals } from '../domain/balance.calculation.js';

interface TotalsRow {
  readonly debits_posted: string;
  readonly credits_posted: string;
  readonly debits_pending: string;
  readonly credits_pending: string;
}

export function totalsOfRow(row: object): Totals {
  const from = row as TotalsRow;
  return {
    debitsPosted: BigInt(from.debits_posted),
    creditsPosted: BigInt(from.credits_posted),
    debitsPending: BigInt(from.debits_pending),
    creditsPending: BigInt(from.credits_pending),
  };
}

const four = ['debits_posted', 'credits_posted', 'debits_pending', 'credits_pending'] as const;

/** The four totals of account `a` now: its checkpoint `b` and the movements `m` that were not folded into it yet. */
export const presentTotals = four.map((name) => `b.${name} + COALESCE(m.${name}, 0) AS ${name}`).join(', ');

/** Joins what `presentTotals` names; one statement reads both, so that a movement is counted exactly once. */
export function joinBalances(movementsWhere = ''): string {
  return `JOIN ledger_balance b ON b.account_id = a.id
    LEFT JOIN (SELECT account_id, ${four.map((name) => `SUM(${name}) AS ${name}`).join(', ')}
      FROM ledger_movement ${movementsWhere} GROUP BY account_id) m ON m.account_id = a.id`;
}

/** Locks the balances of accounts with a floor, by id, and reads them. */
export async function lockFloors(tx: Transaction, accountIds: readonly string[]): Promise<Map<string, Totals>> {
  if (accountIds.length === 0) return new Map();
  const rows = await tx.rows<{ account_id: Buffer }>(
    `SELECT account_id, ${four.join(', ')} FROM ledger_balance WHERE account_id IN (${accountIds.map(() => '?').join(',')})
     ORDER BY account_id FOR UPDATE`,
    accountIds.map(idBytes),
  );
  return new Map(rows.map((row) => [idText(row.account_id), totalsOfRow(row)]));
}

/** Adds changes to balance rows with one statement; the database's CHECK refuses what would break a floor. */
export async function addToBalances(
  tx: Transaction,
  changes: readonly { readonly accountId: string; readonly change: Totals }[],
): Promise<void> {
  if (changes.length === 0) return;
  // A text in a sum would make it a floating-point number: each is cast.
  const exact = four.map((name) => `CAST(? AS DECIMAL(30,0)) AS ${name}`).join(', ');
  await tx.execute(
    `UPDATE ledger_balance b JOIN (${changes.map(() => `SELECT ? AS account_id, ${exact}`).join(' UNION ALL ')}) c
       ON b.account_id = c.account_id
     SET ${four.map((name) => `b.${name} = b.${name} + c.${name}`).join(', ')}`,
    changes.flatMap(({ accountId, change }) => [idBytes(accountId), ...figures(change)]),
  );
}

/** Puts down movements of accounts without a floor, for the folding loop. */
export async function putMovements(
  tx: Transaction,
  movements: readonly (Movement & { readonly transferId: string })[],
): Promise<void> {
  await tx.insertRows(
    'ledger_movement',
    ['account_id', 'transfer_id', ...four],
    movements.map(({ account, transferId, change }) => [idBytes(account.id), idBytes(transferId), ...figures(change)]),
  );
}

/** Takes up to `limit` movements that nobody else is folding; they stay locked until the transaction ends. */
export async function takeMovements(
  tx: Transaction,
  limit: number,
): Promise<readonly { readonly accountId: string; readonly transferId: Buffer; readonly change: Totals }[]> {
  const rows = await tx.rows<{ account_id: Buffer; transfer_id: Buffer }>(
    `SELECT account_id, transfer_id, ${four.join(', ')} FROM ledger_movement
     ORDER BY account_id, transfer_id LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
  );
  return rows.map((row) => ({
    accountId: idText(row.account_id),
    transferId: row.transfer_id,
    change: totalsOfRow(row),
  }));
}

export async function removeMovements(
  tx: Transaction,
  taken: readonly { readonly accountId: string; readonly transferId: Buffer }[],
): Promise<void> {
  await tx.execute(
    `DELETE FROM ledger_movement WHERE (account_id, transfer_id) IN (${taken.map(() => '(?,?)').join(',')})`,
    taken.flatMap(({ accountId, transferId }) => [idBytes(accountId), transferId]),
  );
}

function figures({ debitsPosted, creditsPosted, debitsPending, creditsPending }: Totals): string[] {
  return [debitsPosted, creditsPosted, debitsPending, creditsPending].map(String);
}
