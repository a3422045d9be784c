import { DomainError, defineErrors } from '#kernel';
import { isDuplicateKey, isLockWait } from '../db/failures.js';
import { idBytes } from '../db/ids.js';
import type { IdempotencyClaim } from '../db/command-context.js';
import type { Transaction } from '../db/transaction.js';

export const idempotencyError = defineErrors({
  idempotency_key_reused: {
    kind: 'invalid',
    title: 'This Idempotency-Key was used for another command.',
    next: 'Send a new key for a new command; repeat a command only with exactly the same input.',
  },
  idempotency_in_progress: {
    kind: 'conflict',
    title: 'The same command is still running.',
    next: 'Send it again with the same key after the time in Retry-After; it will answer without doing it twice.',
  },
  idempotency_key_missing: {
    kind: 'invalid',
    title: 'This command needs an Idempotency-Key.',
    next: 'Send a header Idempotency-Key with a fresh random value of 8 to 80 characters, and the same value on a retry.',
  },
});

/** The answer of a command that was already done (or refused) under this key. */
export type StoredAnswer = { readonly result: unknown } | { readonly refusal: DomainError };

/**
 * Claims the key as the first write of the transaction. A second claimant waits on the row for as long as
 * the first transaction runs (up to the lock wait of 5 s) and then finds its answer.
 */
export async function claimKey(transaction: Transaction, claim: IdempotencyClaim): Promise<StoredAnswer | undefined> {
  try {
    await transaction.execute(
      'INSERT INTO idempotency_key (client_id, idempotency_key, route, input_hash, created_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))',
      [idBytes(claim.clientId), claim.key, claim.route, claim.inputHash],
    );
    return undefined;
  } catch (error) {
    if (isLockWait(error)) throw idempotencyError('idempotency_in_progress', { retryAfterSeconds: 5 });
    if (!isDuplicateKey(error)) throw error;
  }
  return readAnswer(transaction, claim);
}

export interface KeyRow {
  readonly route: string;
  readonly input_hash: Buffer;
  readonly refused: number;
  readonly answer: string | null;
}

async function readAnswer(transaction: Transaction, claim: IdempotencyClaim): Promise<StoredAnswer> {
  const [row] = await transaction.rows<KeyRow>(
    'SELECT route, input_hash, refused, answer FROM idempotency_key WHERE client_id = ? AND idempotency_key = ?',
    [idBytes(claim.clientId), claim.key],
  );
  if (!row) throw idempotencyError('idempotency_in_progress', { retryAfterSeconds: 1 });
  return answerOf(row, claim);
}

/** What a stored row answers to this claim. */
export function answerOf(row: KeyRow, claim: IdempotencyClaim): StoredAnswer {
  if (row.route !== claim.route || !row.input_hash.equals(claim.inputHash)) {
    throw idempotencyError('idempotency_key_reused');
  }
  if (row.answer === null) throw idempotencyError('idempotency_in_progress', { retryAfterSeconds: 1 });
  const answer: unknown = JSON.parse(row.answer);
  if (row.refused === 0) return { result: answer };
  const { code, definition, details } = answer as Pick<DomainError, 'code' | 'definition' | 'details'>;
  return { refusal: new DomainError(code, definition, details) };
}

/** Stores what the command answered, in the transaction that did it. */
export async function storeResult(transaction: Transaction, claim: IdempotencyClaim, result: unknown): Promise<void> {
  await transaction.execute('UPDATE idempotency_key SET answer = ? WHERE client_id = ? AND idempotency_key = ?', [
    JSON.stringify(result ?? null),
    idBytes(claim.clientId),
    claim.key,
  ]);
}

/** Stores a business refusal; the command's own transaction was rolled back, so this one inserts the row. */
export async function storeRefusal(
  transaction: Transaction,
  claim: IdempotencyClaim,
  refusal: DomainError,
): Promise<void> {
  const { code, definition, details } = refusal;
  await transaction.execute(
    `INSERT IGNORE INTO idempotency_key (client_id, idempotency_key, route, input_hash, refused, answer, created_at)
     VALUES (?, ?, ?, ?, 1, ?, UTC_TIMESTAMP(6))`,
    [idBytes(claim.clientId), claim.key, claim.route, claim.inputHash, JSON.stringify({ code, definition, details })],
  );
}

/** Refusals that the same command may not get again: 400, 401, 403 and passing faults are not stored. */
export function isStorable(refusal: DomainError): boolean {
  const { kind } = refusal.definition;
  return (
    (kind === 'conflict' || kind === 'stale' || kind === 'not_found' || kind === 'invalid') &&
    !refusal.code.startsWith('idempotency_')
  );
}
