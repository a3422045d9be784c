import { idBytes, idText, newId, type Transaction } from '#platform';
import type { Period } from '../domain/period.policy.js';
import { insertAbsent } from './insert-absent.js';

export interface PeriodRecord {
  readonly id: string;
  readonly period: Period;
  readonly state: 'open' | 'closed';
  readonly closedAt: Date | null;
}

interface PeriodRow {
  readonly id: Buffer;
  readonly period: string;
  readonly state: 'open' | 'closed';
  readonly closed_at: Date | null;
}

export const selectPeriods = 'SELECT id, period, state, closed_at FROM ledger_period';

export function periodOfRow(row: object): PeriodRecord {
  const from = row as PeriodRow;
  return { id: idText(from.id), period: from.period, state: from.state, closedAt: from.closed_at };
}

/**
 * Holds months shared until the transaction ends, so that none of them can be closed meanwhile; months without a
 * posting so far are opened.
 */
export async function holdPeriods(tx: Transaction, periods: readonly Period[]): Promise<readonly PeriodRecord[]> {
  const wanted = [...new Set(periods)].sort();
  const read = () =>
    tx.rows(
      `${selectPeriods} WHERE period IN (${wanted.map(() => '?').join(',')}) ORDER BY period LOCK IN SHARE MODE`,
      [...wanted],
    );
  const held = (await read()).map(periodOfRow);
  if (held.length === wanted.length) return held;
  await ensurePeriods(
    tx,
    wanted.filter((period) => held.every((found) => found.period !== period)),
  );
  return (await read()).map(periodOfRow);
}

/** Takes a month alone: waits for every posting that holds it. */
export async function lockPeriod(tx: Transaction, period: Period): Promise<PeriodRecord> {
  const lock = () => tx.rows(`${selectPeriods} WHERE period = ? FOR UPDATE`, [period]);
  const [row] = await lock();
  if (row) return periodOfRow(row);
  await ensurePeriods(tx, [period]);
  return periodOfRow((await lock())[0] as object);
}

async function ensurePeriods(tx: Transaction, periods: readonly Period[]): Promise<void> {
  await insertAbsent(periods, (some) =>
    tx.insertRows(
      'ledger_period',
      ['period', 'id'],
      some.map((period) => [period, idBytes(newId())]),
    ),
  );
}
