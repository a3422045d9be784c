import { Inject, Injectable } from '@nestjs/common';
import { generateSecret, generateURI, verifySync } from 'otplib';
import { DomainError } from '#kernel';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  idBytes,
  type Transaction,
  UnitOfWork,
  withoutReplay,
} from '#platform';
import { identityError } from '../domain/errors.js';
import { FailedAttempts } from './failed-attempts.js';
import { openText, sealText } from './secrets.js';

interface FactorRow {
  readonly email: string;
  readonly totp_secret: string | null;
  readonly totp_confirmed: number;
  readonly totp_last_step: number;
}

async function lockFactor(tx: Transaction, personId: string): Promise<FactorRow> {
  const [row] = await tx.rows<FactorRow>(
    'SELECT email, totp_secret, totp_confirmed, totp_last_step FROM person WHERE id = ? FOR UPDATE',
    [idBytes(personId)],
  );
  if (!row) throw identityError('not_signed_in');
  return row;
}

/** Checks a code of RFC 6238 (30 s, 6 digits, one step of tolerance) and burns its step, so that it works once. */
async function useCode(
  tx: Transaction,
  personId: string,
  factor: FactorRow,
  secret: string,
  code: string,
): Promise<void> {
  const now = await tx.now();
  const epoch = Math.floor(now.getTime() / 1000);
  const result = verifySync({ secret, token: code, epoch, epochTolerance: 30 });
  const step = result.valid ? Math.floor(epoch / 30) + result.delta : 0;
  if (!result.valid || step <= factor.totp_last_step) {
    throw identityError('second_factor_wrong', {
      fields: [{ pointer: '/code', rule: 'totp', message: 'is not the present code, or was used' }],
    });
  }
  await tx.execute('UPDATE person SET totp_last_step = ?, totp_confirmed = 1 WHERE id = ?', [step, idBytes(personId)]);
}

/** Begins setting up a second factor: the secret works only after one code of it was shown. */
@Injectable()
export class EnrolSecondFactor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(context: CommandContext): Promise<{ secret: string; uri: string }> {
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const factor = await lockFactor(tx, context.actor.id);
      // Who has a factor shows it before another one is set up, or a stolen session could put in its own.
      const passkeys = await tx.rows('SELECT id FROM passkey WHERE person_id = ? LIMIT 1', [idBytes(context.actor.id)]);
      if ((factor.totp_confirmed || passkeys.length > 0) && !context.actor.steppedUp)
        throw identityError('step_up_needed');
      const secret = generateSecret();
      await tx.execute('UPDATE person SET totp_secret = ?, totp_confirmed = 0, totp_last_step = 0 WHERE id = ?', [
        sealText(this.environment.secret, secret),
        idBytes(context.actor.id),
      ]);
      tx.audit({
        action: 'second_factor.enrol',
        subjectType: 'person',
        subjectId: context.actor.id,
        data: { kind: 'totp' },
      });
      return { secret, uri: generateURI({ issuer: 'Sanad', label: factor.email, secret }) };
    });
  }
}

/** Shows the second factor: confirms a new one, and opens the session for binding steps for ten minutes. */
@Injectable()
export class StepUp {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly failures: FailedAttempts,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(context: CommandContext, sessionId: string, code: string): Promise<void> {
    const subject = `totp:${context.actor.id}`;
    try {
      await this.check(context, sessionId, code, subject);
    } catch (error) {
      // Three codes of a million are right at any moment: without a wait they could be tried through.
      if (error instanceof DomainError && error.code === 'second_factor_wrong')
        await this.failures.count(subject, context.traceId);
      throw error;
    }
  }

  private async check(context: CommandContext, sessionId: string, code: string, subject: string): Promise<void> {
    await this.unitOfWork.run(withoutReplay(context), async (tx) => {
      await this.failures.assertOpen(tx, subject);
      const factor = await lockFactor(tx, context.actor.id);
      if (factor.totp_secret === null) throw identityError('second_factor_absent');
      await useCode(tx, context.actor.id, factor, openText(this.environment.secret, factor.totp_secret), code);
      await this.failures.forget(tx, subject);
      await tx.execute('UPDATE session SET stepped_up_at = ? WHERE id = ? AND person_id = ?', [
        await tx.now(),
        idBytes(sessionId),
        idBytes(context.actor.id),
      ]);
      tx.audit({ action: 'session.step_up', subjectType: 'person', subjectId: context.actor.id, data: { sessionId } });
    });
  }
}
