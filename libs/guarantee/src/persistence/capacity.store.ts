import { idBytes, newId, type Transaction } from '#platform';

/** The capacity row of a scheme. Amounts are minor units. */
export interface CapacityRow {
  readonly currency: string;
  /** Paid-in capital + surplus − provisions − claims paid + recoveries. */
  readonly baseMinor: bigint;
  readonly leverageHundredths: number;
  /** Reserved + issued + in force + undecided claims. */
  readonly usedMinor: bigint;
  /** Why nothing new is issued, such as `covenant`; null while it is. */
  readonly stopped: string | null;
}

/** One part of what a guarantee takes: `total`, one of the caps' scopes, or `base` for capital. */
export interface CapacityPart {
  readonly scope: string;
  readonly key: string;
  readonly amountMinor: bigint;
}

interface Row {
  readonly currency: string;
  readonly base_minor: string;
  readonly leverage_hundredths: number;
  readonly used_minor: string;
  readonly stopped: string | null;
}

const columns = 'currency, base_minor, leverage_hundredths, used_minor, stopped';

function capacityOf(row: Row): CapacityRow {
  return {
    currency: row.currency,
    baseMinor: BigInt(row.base_minor),
    leverageHundredths: row.leverage_hundredths,
    usedMinor: BigInt(row.used_minor),
    stopped: row.stopped,
  };
}

/** Takes the hot row. */
export async function lockCapacity(tx: Transaction, schemeId: string): Promise<CapacityRow | undefined> {
  const [row] = await tx.rows<Row>(`SELECT ${columns} FROM scheme_capacity WHERE scheme_id = ? FOR UPDATE`, [
    idBytes(schemeId),
  ]);
  return row && capacityOf(row);
}

/** Writes down what is given back or earned, without touching the hot row. */
export async function addMovements(
  tx: Transaction,
  movements: readonly (CapacityPart & { readonly schemeId: string; readonly subjectId: string })[],
  at: Date,
): Promise<void> {
  await tx.insertRows(
    'capacity_movement',
    ['id', 'scheme_id', 'scope', 'scope_key', 'amount_minor', 'subject_id', 'at'],
    movements
      .filter(({ amountMinor }) => amountMinor > 0n)
      .map(({ schemeId, scope, key, amountMinor, subjectId }) => [
        idBytes(newId()),
        idBytes(schemeId),
        scope,
        key,
        amountMinor.toString(),
        idBytes(subjectId),
        at,
      ]),
  );
}

const atMost = 2000;

/**
 * Folds movements into the capacity row and the exposures, whose row the caller holds. Those of transactions that are not
 * committed are left for the next time. Returns how many were folded.
 */
export async function foldMovements(tx: Transaction, schemeId: string): Promise<number> {
  const rows = await tx.rows<{ id: Buffer; scope: string; scope_key: string; amount_minor: string }>(
    `SELECT id, scope, scope_key, amount_minor FROM capacity_movement WHERE scheme_id = ? ORDER BY id LIMIT ${atMost} FOR UPDATE SKIP LOCKED`,
    [idBytes(schemeId)],
  );
  if (rows.length === 0) return 0;
  const sums = new Map<string, { scope: string; key: string; amount: bigint }>();
  for (const { scope, scope_key, amount_minor } of rows) {
    const name = `${scope}:${scope_key}`;
    const before = sums.get(name)?.amount ?? 0n;
    sums.set(name, { scope, key: scope_key, amount: before + BigInt(amount_minor) });
  }
  const base = sums.get('base:')?.amount ?? 0n;
  const total = sums.get('total:')?.amount ?? 0n;
  await tx.execute(
    'UPDATE scheme_capacity SET base_minor = base_minor + ?, used_minor = used_minor - ? WHERE scheme_id = ?',
    [base.toString(), total.toString(), idBytes(schemeId)],
  );
  const exposures = [...sums.values()].filter(({ scope }) => scope !== 'base' && scope !== 'total');
  if (exposures.length > 0)
    await tx.execute(
      `INSERT INTO scheme_exposure (scheme_id, scope, scope_key, used_minor, ceiling_minor)
       VALUES ${exposures.map(() => '(?, ?, ?, ?, NULL)').join(',')}
       ON DUPLICATE KEY UPDATE used_minor = used_minor - VALUES(used_minor)`,
      exposures.flatMap(({ scope, key, amount }) => [idBytes(schemeId), scope, key, amount.toString()]),
    );
  await tx.execute(
    `DELETE FROM capacity_movement WHERE id IN (${rows.map(() => '?').join(',')})`,
    rows.map(({ id }) => id),
  );
  return rows.length;
}
