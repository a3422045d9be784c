import { Inject, Injectable } from '@nestjs/common';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  idBytes,
  idText,
  newId,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { identityError } from '../domain/errors.js';
import { lockOutSeconds } from '../domain/lock-out.policy.js';
import { checkPassword, csrfToken, newToken, tokenHash } from './secrets.js';

const sessionHours = 12;

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  readonly organisationId?: string | undefined;
  readonly userAgent: string;
}

export interface SignedIn {
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}

interface PersonRow {
  readonly id: Buffer;
  readonly password_hash: string;
  readonly locked_until: Date | null;
}

/** Opens a session. Wrong passwords are counted by person; after a few, each costs a longer wait. */
@Injectable()
export class SignIn {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(input: SignInInput, traceId: string): Promise<SignedIn> {
    const anonymous = systemContext('sign-in', traceId);
    const person = await this.unitOfWork.run(anonymous, (tx) => this.find(tx, input.email));
    // The slow hash runs outside any transaction, so that guessing passwords holds no connection.
    const right = await checkPassword(person?.password_hash, input.password);
    if (!person) throw identityError('sign_in_failed');
    if (!right) {
      await this.unitOfWork.run(anonymous, (tx) => this.countFailure(tx, person));
      throw identityError('sign_in_failed');
    }
    return this.unitOfWork.run(anonymous, (tx) => this.open(tx, person, input));
  }

  private async find(tx: Transaction, email: string): Promise<PersonRow | undefined> {
    const [person] = await tx.rows<PersonRow>('SELECT id, password_hash, locked_until FROM person WHERE email = ?', [
      email.trim(),
    ]);
    const now = await tx.now();
    if (person?.locked_until && person.locked_until > now) {
      throw identityError('sign_in_locked', {
        retryAfterSeconds: Math.ceil((person.locked_until.getTime() - now.getTime()) / 1000),
      });
    }
    return person;
  }

  private async countFailure(tx: Transaction, person: PersonRow): Promise<void> {
    await tx.execute('UPDATE person SET failed_sign_ins = failed_sign_ins + 1 WHERE id = ?', [person.id]);
    const [row] = await tx.rows<{ failed_sign_ins: number }>('SELECT failed_sign_ins FROM person WHERE id = ?', [
      person.id,
    ]);
    const wait = lockOutSeconds(row?.failed_sign_ins ?? 0);
    if (wait > 0) {
      const until = new Date((await tx.now()).getTime() + wait * 1000);
      await tx.execute('UPDATE person SET locked_until = ? WHERE id = ?', [until, person.id]);
    }
    tx.audit({
      action: 'session.refuse',
      subjectType: 'person',
      subjectId: idText(person.id),
      data: { failures: row?.failed_sign_ins ?? 0 },
    });
  }

  private async open(tx: Transaction, person: PersonRow, input: SignInInput): Promise<SignedIn> {
    const [membership] = await tx.rows<{ organisation_id: Buffer }>(
      `SELECT organisation_id FROM membership WHERE person_id = ? AND ended_at IS NULL ${input.organisationId ? 'AND organisation_id = ?' : ''} ORDER BY id LIMIT 1`,
      [person.id, ...(input.organisationId ? [idBytes(input.organisationId)] : [])],
    );
    if (!membership) throw identityError('sign_in_failed');
    await tx.execute('UPDATE person SET failed_sign_ins = 0, locked_until = NULL WHERE id = ?', [person.id]);
    const token = newToken();
    const now = await tx.now();
    const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000);
    const id = newId();
    await tx.insertRows(
      'session',
      ['id', 'token_hash', 'person_id', 'organisation_id', 'user_agent', 'created_at', 'expires_at'],
      [
        [
          idBytes(id),
          tokenHash(token),
          person.id,
          membership.organisation_id,
          input.userAgent.slice(0, 200),
          now,
          expiresAt,
        ],
      ],
    );
    tx.audit({ action: 'session.open', subjectType: 'person', subjectId: idText(person.id), data: { sessionId: id } });
    return { token, csrfToken: csrfToken(this.environment.secret, token), expiresAt };
  }
}

/** Ends one session of the caller; ending an ended one changes nothing. */
@Injectable()
export class EndSession {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, sessionId: string): Promise<void> {
    await this.unitOfWork.run(context, async (tx) => {
      const ended = await tx.execute(
        'UPDATE session SET revoked_at = UTC_TIMESTAMP(6) WHERE id = ? AND person_id = ? AND revoked_at IS NULL',
        [idBytes(sessionId), idBytes(context.actor.id)],
      );
      if (ended > 0)
        tx.audit({ action: 'session.end', subjectType: 'person', subjectId: context.actor.id, data: { sessionId } });
    });
  }
}
