import type { DataSource } from 'typeorm';
import { idBytes, type Transaction } from '#platform';

/** Changes that are kept; a process that is farther behind reads its lists anew. */
const kept = 100_000;

export interface MarketChange {
  readonly sequence: bigint;
  readonly requestId: Buffer;
}

/**
 * Gives a request whose listing changed the next number. The counter stays locked until the commit, so no number becomes visible
 * before a lower one. Only handlers of committed events call it: no person's command waits for the counter.
 */
export async function recordMarketChange(tx: Transaction, requestId: string): Promise<void> {
  await tx.execute('UPDATE market_change_counter SET sequence = sequence + 1 WHERE id = 1');
  await tx.execute(
    'INSERT INTO market_change (sequence, request_id) SELECT sequence, ? FROM market_change_counter WHERE id = 1',
    [idBytes(requestId)],
  );
  const [row] = await tx.rows<{ sequence: string }>('SELECT sequence FROM market_change_counter WHERE id = 1');
  await tx.execute('DELETE FROM market_change WHERE sequence <= ?', [Number(row?.sequence ?? 0) - kept]);
}

/** The number of the last committed change. */
export async function currentMarketSequence(dataSource: DataSource): Promise<bigint> {
  const [row] = await dataSource.query<{ sequence: string }[]>(
    'SELECT sequence FROM market_change_counter WHERE id = 1',
  );
  return BigInt(row?.sequence ?? 0);
}

/** Changes with a number above `sequence`, in order; undefined when some of them are no longer kept. */
export async function marketChangesSince(
  dataSource: DataSource,
  sequence: bigint,
  limit: number,
): Promise<readonly MarketChange[] | undefined> {
  const rows = await dataSource.query<{ sequence: string; request_id: Buffer }[]>(
    'SELECT sequence, request_id FROM market_change WHERE sequence > ? ORDER BY sequence LIMIT ?',
    [sequence.toString(), limit],
  );
  if (rows[0] && BigInt(rows[0].sequence) !== sequence + 1n) return undefined;
  return rows.map((row) => ({ sequence: BigInt(row.sequence), requestId: row.request_id }));
}
