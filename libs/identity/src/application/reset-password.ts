import { Injectable } from '@nestjs/common';
import { idBytes, idText, newId, systemContext, type Transaction, UnitOfWork } from '#platform';
import { identityError } from '../domain/errors.js';
import { assertStrongPassword } from './register-organisation.js';
import { hashPassword, newToken, tokenHash } from './secrets.js';

const validMinutes = 30;
/** Whoever asks again and again fills no mailbox. */
const mostLiveTokens = 3;

/** What the outbox carries of a reset; the token itself is made only when the letter is written. */
export const passwordResetAsked = 'password_reset.asked';
export const passwordResetDone = 'password_reset.done';

/** The key of one letter. */
export interface ResetToken {
  readonly personId: string;
  readonly token: string;
  readonly validMinutes: number;
}

/**
 * A new password by e-mail, for who forgot the old one. The answer to asking is the same, and as late, whether the address is known
 * or not. It opens no session and no second factor, and a wait after wrong passwords goes on.
 */
@Injectable()
export class ResetPassword {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Asks for a letter. Whether anybody has this address is looked up later, by the worker. */
  async ask(email: string, traceId: string): Promise<void> {
    await this.unitOfWork.run(systemContext('password-reset', traceId), async (tx) =>
      tx.emit({
        name: passwordResetAsked,
        subjectType: 'password_reset',
        subjectId: newId(),
        version: 1,
        payload: { email: email.trim() },
      }),
    );
  }

  /** Makes a token for the person of this address; only its hash is kept. None for a stranger, nor when several are on their way. */
  async issue(tx: Transaction, email: string): Promise<ResetToken | undefined> {
    const [person] = await tx.rows<{ id: Buffer }>('SELECT id FROM person WHERE email = ? FOR UPDATE', [email]);
    if (!person) return undefined;
    const now = await tx.now();
    await tx.execute('DELETE FROM password_reset WHERE expires_at < ? LIMIT 20', [now]);
    const [live] = await tx.rows<{ n: string }>(
      'SELECT COUNT(*) AS n FROM password_reset WHERE person_id = ? AND used_at IS NULL AND expires_at >= ?',
      [person.id, now],
    );
    if (Number(live?.n) >= mostLiveTokens) return undefined;
    const token = newToken();
    await tx.insertRows(
      'password_reset',
      ['token_hash', 'person_id', 'created_at', 'expires_at'],
      [[tokenHash(token), person.id, now, new Date(now.getTime() + validMinutes * 60_000)]],
    );
    const personId = idText(person.id);
    tx.audit({ action: 'person.ask_password_reset', subjectType: 'person', subjectId: personId, data: {} });
    return { personId, token, validMinutes };
  }

  /** Sets the new password; the token, its siblings and every session end. */
  async redeem(token: string, newPassword: string, traceId: string): Promise<void> {
    const context = systemContext('password-reset', traceId);
    const owner = await this.unitOfWork.run(context, async (tx) => {
      const [row] = await tx.rows<{ email: string }>(
        `SELECT p.email FROM password_reset r JOIN person p ON p.id = r.person_id
         WHERE r.token_hash = ? AND r.used_at IS NULL AND r.expires_at > ?`,
        [tokenHash(token), await tx.now()],
      );
      return row;
    });
    if (!owner) throw identityError('reset_token_unknown');
    assertStrongPassword(newPassword, owner.email, '/newPassword');
    const passwordHash = await hashPassword(newPassword);
    await this.unitOfWork.run(context, async (tx) => {
      const now = await tx.now();
      const used = await tx.execute(
        'UPDATE password_reset SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?',
        [now, tokenHash(token), now],
      );
      const [row] = await tx.rows<{ person_id: Buffer }>('SELECT person_id FROM password_reset WHERE token_hash = ?', [
        tokenHash(token),
      ]);
      if (used === 0 || !row) throw identityError('reset_token_unknown');
      const personId = idText(row.person_id);
      await tx.execute('UPDATE password_reset SET used_at = ? WHERE person_id = ? AND used_at IS NULL', [
        now,
        row.person_id,
      ]);
      await tx.execute('UPDATE person SET password_hash = ? WHERE id = ?', [passwordHash, idBytes(personId)]);
      const sessions = await tx.execute(
        'UPDATE session SET revoked_at = ? WHERE person_id = ? AND revoked_at IS NULL',
        [now, row.person_id],
      );
      tx.audit({ action: 'person.reset_password', subjectType: 'person', subjectId: personId, data: { sessions } });
      tx.emit({
        name: passwordResetDone,
        subjectType: 'password_reset',
        subjectId: personId,
        version: 1,
        payload: { personId },
      });
    });
  }
}
