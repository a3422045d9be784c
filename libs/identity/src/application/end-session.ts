import { Injectable } from '@nestjs/common';
import { type CommandContext, idBytes, type Transaction, UnitOfWork, withoutReplay } from '#platform';
import { identityError } from '../domain/errors.js';
import { OpenSession, type SignedIn } from './open-session.js';

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

/** Ends every session of the caller but the one that asks. */
@Injectable()
export class EndOtherSessions {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, keptSessionId: string): Promise<{ ended: number }> {
    return this.unitOfWork.run(context, async (tx) => ({
      ended: await this.within(tx, context.actor.id, keptSessionId),
    }));
  }

  async within(tx: Transaction, personId: string, keptSessionId: string): Promise<number> {
    const ended = await tx.execute(
      'UPDATE session SET revoked_at = UTC_TIMESTAMP(6) WHERE person_id = ? AND id <> ? AND revoked_at IS NULL',
      [idBytes(personId), idBytes(keptSessionId)],
    );
    if (ended > 0)
      tx.audit({ action: 'session.end_others', subjectType: 'person', subjectId: personId, data: { ended } });
    return ended;
  }
}

/** Goes on in another organisation of the same person: a new session in place of the old one. */
@Injectable()
export class SwitchOrganisation {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: OpenSession,
  ) {}

  async execute(
    context: CommandContext,
    sessionId: string,
    organisationId: string,
    userAgent: string,
  ): Promise<SignedIn> {
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const [member] = await tx.rows(
        'SELECT id FROM membership WHERE person_id = ? AND organisation_id = ? AND ended_at IS NULL',
        [idBytes(context.actor.id), idBytes(organisationId)],
      );
      if (!member) throw identityError('member_unknown', { detail: 'You do not belong to that organisation.' });
      await tx.execute('UPDATE session SET revoked_at = UTC_TIMESTAMP(6) WHERE id = ?', [idBytes(sessionId)]);
      return this.sessions.within(tx, context.actor.id, {
        organisationId,
        userAgent,
        steppedUp: context.actor.steppedUp,
      });
    });
  }
}
