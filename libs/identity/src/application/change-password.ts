import { Injectable } from '@nestjs/common';
import { type CommandContext, idBytes, UnitOfWork, withoutReplay } from '#platform';
import { identityError } from '../domain/errors.js';
import { EndOtherSessions } from './end-session.js';
import { addressOf, FailedAttempts } from './failed-attempts.js';
import { assertStrongPassword } from './register-organisation.js';
import { checkPassword, hashPassword } from './secrets.js';

/** Changes the own password against the present one; every other session ends, because somebody else may hold it. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly failures: FailedAttempts,
    private readonly others: EndOtherSessions,
  ) {}

  async execute(
    context: CommandContext,
    sessionId: string,
    input: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<void> {
    const personId = context.actor.id;
    const person = await this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const [row] = await tx.rows<{ email: string; password_hash: string }>(
        'SELECT email, password_hash FROM person WHERE id = ?',
        [idBytes(personId)],
      );
      if (!row) throw identityError('not_signed_in');
      await this.failures.assertOpen(tx, addressOf(row.email));
      return row;
    });
    if (!(await checkPassword(person.password_hash, input.currentPassword))) {
      await this.failures.count(addressOf(person.email), context.traceId);
      throw identityError('password_wrong', {
        fields: [{ pointer: '/currentPassword', rule: 'password', message: 'is not your present password' }],
      });
    }
    assertStrongPassword(input.newPassword, person.email, '/newPassword');
    const passwordHash = await hashPassword(input.newPassword);
    await this.unitOfWork.run(withoutReplay(context), async (tx) => {
      await tx.execute('UPDATE person SET password_hash = ? WHERE id = ?', [passwordHash, idBytes(personId)]);
      await this.failures.forget(tx, addressOf(person.email));
      await this.others.within(tx, personId, sessionId);
      tx.audit({ action: 'person.change_password', subjectType: 'person', subjectId: personId, data: {} });
    });
  }
}
