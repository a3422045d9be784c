import { DomainError } from '#kernel';
import { isLockWait } from '../db/failures.js';
import { idBytes, idText } from '../db/ids.js';
import type { IdempotencyClaim } from '../db/command-context.js';
import type { Transaction } from '../db/transaction.js';
import { answerOf, idempotencyError, isStorable, type KeyRow, type StoredAnswer } from './claim.js';

type NamedRow = KeyRow & { readonly client_id: Buffer; readonly idempotency_key: string };

const nameOf = (clientId: string, key: string): string => `${clientId} ${key}`;

/**
 * Claims the keys of several commands with one statement, in one order. Answers for each what it was answered before;
 * undefined where it is new or has no key. A committed key always has its answer, so one without is ours.
 */
export async function claimKeys(
  tx: Transaction,
  claims: readonly (IdempotencyClaim | undefined)[],
): Promise<readonly (StoredAnswer | undefined)[]> {
  const keyed = claims.flatMap((claim) => (claim ? [claim] : []));
  if (keyed.length === 0) return claims.map(() => undefined);
  const sorted = keyed.map((claim) => ({ claim, name: nameOf(claim.clientId, claim.key) }));
  sorted.sort((a, b) => (a.name < b.name ? -1 : 1));
  const inserted = await tx
    .execute(
      `INSERT IGNORE INTO idempotency_key (client_id, idempotency_key, route, input_hash, created_at)
       VALUES ${sorted.map(() => '(?, ?, ?, ?, UTC_TIMESTAMP(6))').join(',')}`,
      sorted.flatMap(({ claim }) => [idBytes(claim.clientId), claim.key, claim.route, claim.inputHash]),
    )
    .catch((error: unknown) => {
      throw isLockWait(error) ? idempotencyError('idempotency_in_progress', { retryAfterSeconds: 5 }) : error;
    });
  if (inserted === keyed.length) return claims.map(() => undefined);
  const rows = await tx.rows<NamedRow>(
    `SELECT client_id, idempotency_key, route, input_hash, refused, answer FROM idempotency_key
     WHERE (client_id, idempotency_key) IN (${keyed.map(() => '(?, ?)').join(',')}) AND answer IS NOT NULL`,
    keyed.flatMap(({ clientId, key }) => [idBytes(clientId), key]),
  );
  const answered = new Map(rows.map((row) => [nameOf(idText(row.client_id), row.idempotency_key), row]));
  return claims.map((claim) => {
    const row = claim && answered.get(nameOf(claim.clientId, claim.key));
    if (!row) return undefined;
    try {
      return answerOf(row, claim);
    } catch (error) {
      if (error instanceof DomainError) return { refusal: error };
      throw error;
    }
  });
}

/** Stores what each command was answered, in the transaction that did it; a refusal that may pass leaves its key free. */
export async function storeAnswers(
  tx: Transaction,
  answers: readonly {
    readonly claim: IdempotencyClaim;
    readonly outcome: { readonly result: unknown } | { readonly error: unknown };
  }[],
): Promise<void> {
  const kept = answers.flatMap(({ claim, outcome }) => {
    if ('result' in outcome) return [{ claim, refused: 0, answer: JSON.stringify(outcome.result ?? null) }];
    const { error } = outcome;
    if (!(error instanceof DomainError) || !isStorable(error)) return [];
    const { code, definition, details } = error;
    return [{ claim, refused: 1, answer: JSON.stringify({ code, definition, details }) }];
  });
  if (kept.length > 0)
    await tx.execute(
      `INSERT INTO idempotency_key (client_id, idempotency_key, route, input_hash, refused, answer, created_at)
       VALUES ${kept.map(() => '(?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))').join(',')}
       ON DUPLICATE KEY UPDATE refused = VALUES(refused), answer = VALUES(answer)`,
      kept.flatMap(({ claim, refused, answer }) => [
        idBytes(claim.clientId),
        claim.key,
        claim.route,
        claim.inputHash,
        refused,
        answer,
      ]),
    );
  const free = answers.filter(({ claim }) => !kept.some((each) => each.claim === claim));
  if (free.length > 0)
    await tx.execute(
      `DELETE FROM idempotency_key WHERE (client_id, idempotency_key) IN (${free.map(() => '(?, ?)').join(',')})`,
      free.flatMap(({ claim }) => [idBytes(claim.clientId), claim.key]),
    );
}
