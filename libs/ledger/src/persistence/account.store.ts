import { idBytes, idText, newId, type Transaction } from '#platform';
import {
  type AccountClass,
  type AccountKey,
  accountName,
  chartOfAccounts,
  normalSide,
  type OwnerType,
  type Purpose,
  type Side,
} from '../domain/chart-of-accounts.js';
import type { AccountRef } from '../domain/transfer.js';
import { insertAbsent } from './insert-absent.js';

/** An account of one owner, purpose and currency. */
export interface Account extends AccountRef, AccountKey {
  readonly currency: string;
  readonly class: AccountClass;
  readonly openedAt: Date;
}

interface AccountRow {
  readonly id: Buffer;
  readonly owner_type: OwnerType;
  readonly owner_id: Buffer;
  readonly purpose: Purpose;
  readonly currency: string;
  readonly class: AccountClass;
  readonly normal_side: Side;
  readonly has_floor: number;
  readonly opened_at: Date;
}

export const accountColumns =
  'a.id, a.owner_type, a.owner_id, a.purpose, a.currency, a.class, a.normal_side, a.has_floor, a.opened_at';

export function accountOfRow(row: object): Account {
  const from = row as AccountRow;
  return {
    id: idText(from.id),
    ownerType: from.owner_type,
    ownerId: idText(from.owner_id),
    purpose: from.purpose,
    currency: from.currency,
    class: from.class,
    normal: from.normal_side,
    floor: Number(from.has_floor) === 1,
    openedAt: from.opened_at,
  };
}

interface Wanted {
  readonly key: AccountKey;
  readonly currency: string;
}

/** The accounts asked for, by `accountName`; those that nobody has posted to yet are opened. */
export async function openAccounts(tx: Transaction, wanted: readonly Wanted[]): Promise<ReadonlyMap<string, Account>> {
  const byName = new Map(wanted.map((each) => [accountName(each.key, each.currency), each]));
  const found = await readAccounts(tx, [...byName.values()]);
  const missing = [...byName].filter(([name]) => !found.has(name));
  if (missing.length === 0) return found;
  // In one order everywhere, so that two transactions that open the same accounts wait and do not cross.
  missing.sort(([one], [other]) => (one < other ? -1 : 1));
  await insertAbsent(
    missing.map(([, each]) => each),
    (accounts) => insertAccounts(tx, accounts),
  );
  const opened = await readAccounts(
    tx,
    missing.map(([, each]) => each),
  );
  return new Map([...found, ...opened]);
}

/** Opens accounts, each with its balance row. */
async function insertAccounts(tx: Transaction, accounts: readonly Wanted[]): Promise<void> {
  const made = accounts.map(({ key, currency }) => {
    const { class: accountClass, floor } = chartOfAccounts[key.purpose];
    return { id: idBytes(newId()), key, currency, accountClass, floor, normal: normalSide[accountClass] };
  });
  const now = await tx.now();
  await tx.insertRows(
    'ledger_account',
    ['id', 'owner_type', 'owner_id', 'purpose', 'currency', 'class', 'normal_side', 'has_floor', 'opened_at'],
    made.map(({ id, key, currency, accountClass, floor, normal }) => [
      id,
      key.ownerType,
      idBytes(key.ownerId),
      key.purpose,
      currency,
      accountClass,
      normal,
      Number(floor),
      now,
    ]),
  );
  await tx.insertRows(
    'ledger_balance',
    ['account_id', 'floor_side'],
    made.map(({ id, floor, normal }) => [id, floor ? normal : null]),
  );
}

async function readAccounts(tx: Transaction, wanted: readonly Wanted[]): Promise<Map<string, Account>> {
  const rows = await tx.rows(
    `SELECT ${accountColumns} FROM ledger_account a WHERE (owner_type, owner_id, purpose, currency) IN
     (${wanted.map(() => '(?,?,?,?)').join(',')})`,
    wanted.flatMap(({ key, currency }) => [key.ownerType, idBytes(key.ownerId), key.purpose, currency]),
  );
  return new Map(rows.map(accountOfRow).map((account) => [accountName(account, account.currency), account]));
}
