import { Injectable } from '@nestjs/common';
import { systemContext, type Transaction, UnitOfWork } from '#platform';
import { identityError } from '../domain/errors.js';
import { lockOutSeconds } from '../domain/lock-out.policy.js';
import { tokenHash } from './secrets.js';

/** After a day without a further failure an address starts anew. */
const rememberedHours = 24;

/**
 * Counts wrong passwords and codes by what was tried (an e-mail address, registered or not; a person's second factor).
 * After a few, each costs a longer wait.
 */
@Injectable()
export class FailedAttempts {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Refuses while `subject` waits. */
  async assertOpen(tx: Transaction, subject: string): Promise<void> {
    const [row] = await tx.rows<{ locked_until: Date | null }>(
      'SELECT locked_until FROM sign_in_failure WHERE address_hash = ?',
      [tokenHash(subject)],
    );
    if (!row?.locked_until) return;
    const wait = row.locked_until.getTime() - (await tx.now()).getTime();
    if (wait > 0) throw identityError('sign_in_locked', { retryAfterSeconds: Math.ceil(wait / 1000) });
  }

  /** Counts a failure in a transaction of its own, so that the refusal that follows does not undo it. */
  async count(subject: string, traceId: string): Promise<void> {
    await this.unitOfWork.run(systemContext('sign-in', traceId), async (tx) => {
      const hash = tokenHash(subject);
      const now = await tx.now();
      const forgotten = new Date(now.getTime() - rememberedHours * 3_600_000);
      await tx.execute(
        `INSERT INTO sign_in_failure (address_hash, failures, locked_until, last_at) VALUES (?, 1, NULL, ?)
         ON DUPLICATE KEY UPDATE failures = CASE WHEN last_at < ? THEN 1 ELSE failures + 1 END, last_at = ?`,
        [hash, now, forgotten, now],
      );
      const [row] = await tx.rows<{ failures: number }>('SELECT failures FROM sign_in_failure WHERE address_hash = ?', [
        hash,
      ]);
      const wait = lockOutSeconds(row?.failures ?? 0);
      if (wait > 0)
        await tx.execute('UPDATE sign_in_failure SET locked_until = ? WHERE address_hash = ?', [
          new Date(now.getTime() + wait * 1000),
          hash,
        ]);
      await tx.execute('DELETE FROM sign_in_failure WHERE last_at < ? LIMIT 20', [forgotten]);
    });
  }

  /** The right answer was given: nothing is held against the address any more. */
  async forget(tx: Transaction, subject: string): Promise<void> {
    await tx.execute('DELETE FROM sign_in_failure WHERE address_hash = ?', [tokenHash(subject)]);
  }
}

/** One address however it is written; the database compares them without case as well. */
export function addressOf(email: string): string {
  return `email:${email.trim().toLowerCase()}`;
}
