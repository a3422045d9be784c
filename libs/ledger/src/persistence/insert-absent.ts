import { isDuplicateKey } from '#platform';

/**
 * Inserts what is not there yet: all at once, or one by one when somebody else was first with one of them. Not
 * ON DUPLICATE KEY UPDATE, which locks and touches rows that stand; not IGNORE, which hides every other fault.
 */
export async function insertAbsent<T>(
  missing: readonly T[],
  insert: (some: readonly T[]) => Promise<void>,
): Promise<void> {
  try {
    await insert(missing);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    if (missing.length === 1) return;
    for (const one of missing) await insertAbsent([one], insert);
  }
}
