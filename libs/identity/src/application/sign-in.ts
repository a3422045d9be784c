import { Injectable } from '@nestjs/common';
import { idText, systemContext, UnitOfWork } from '#platform';
import { identityError } from '../domain/errors.js';
import { addressOf, FailedAttempts } from './failed-attempts.js';
import { OpenSession, type SignedIn } from './open-session.js';
import { checkPassword } from './secrets.js';

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  readonly organisationId?: string | undefined;
  readonly userAgent: string;
}

/** Opens a session by password. An unknown address is refused in the same words, as late, and locked as soon as a known one. */
@Injectable()
export class SignIn {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly failures: FailedAttempts,
    private readonly sessions: OpenSession,
  ) {}

  async execute(input: SignInInput, traceId: string): Promise<SignedIn> {
    const anonymous = systemContext('sign-in', traceId);
    const address = addressOf(input.email);
    const person = await this.unitOfWork.run(anonymous, async (tx) => {
      await this.failures.assertOpen(tx, address);
      const [row] = await tx.rows<{ id: Buffer; password_hash: string }>(
        'SELECT id, password_hash FROM person WHERE email = ?',
        [input.email.trim()],
      );
      return row;
    });
    // The slow hash runs outside any transaction, so that guessing passwords holds no connection.
    const right = await checkPassword(person?.password_hash, input.password);
    if (!right || !person) {
      await this.failures.count(address, traceId);
      throw identityError('sign_in_failed');
    }
    return this.unitOfWork.run(anonymous, async (tx) => {
      await this.failures.forget(tx, address);
      return this.sessions.within(tx, idText(person.id), { ...input, steppedUp: false });
    });
  }
}
