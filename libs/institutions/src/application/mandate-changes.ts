import { idBytes, type Transaction } from '#platform';

/**
 * Gives each of these mandates the next number of the change feed. The counter's row stays locked until the commit,
 * so no change with a lower number becomes visible after one with a higher number: a reader that has seen number n
 * has seen all before it. Call it last in a transaction, after the mandates' own locks, to keep the counter short.
 */
export async function recordMandateChanges(tx: Transaction, mandateIds: readonly string[], at: Date): Promise<void> {
  if (mandateIds.length === 0) return;
  await tx.execute('UPDATE mandate_change_counter SET sequence = sequence + ? WHERE id = 1', [mandateIds.length]);
  const [row] = await tx.rows<{ sequence: string }>('SELECT sequence FROM mandate_change_counter WHERE id = 1');
  const last = BigInt((row as { sequence: string }).sequence);
  const first = last - BigInt(mandateIds.length) + 1n;
  await tx.insertRows(
    'mandate_change',
    ['sequence', 'mandate_id', 'at'],
    mandateIds.map((id, index) => [(first + BigInt(index)).toString(), idBytes(id), at]),
  );
}

/** Says that mandates may be matched again or for the first time, so that requests already open are matched to them. */
export function announceMatchable(tx: Transaction, mandateIds: readonly string[]): void {
  for (const id of mandateIds)
    tx.emit({ name: 'mandate.matchable', subjectType: 'mandate', subjectId: id, version: 0, payload: {} });
}
