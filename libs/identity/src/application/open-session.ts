import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment, idBytes, idText, newId, type Transaction } from '#platform';
import { identityError } from '../domain/errors.js';
import { csrfToken, newToken, tokenHash } from './secrets.js';

const sessionHours = 12;

export interface SignedIn {
  /** For the cookie only. */
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
  /** For whom the person acts in this session. */
  readonly organisationId: string;
}

export interface SessionRequest {
  readonly organisationId?: string | undefined;
  readonly userAgent: string;
  /** A passkey that checked the person counts as second factor at once. */
  readonly steppedUp: boolean;
}

/** Opens a session for a person who proved who he is, in the organisation asked for or the first that is not suspended. */
@Injectable()
export class OpenSession {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  async within(tx: Transaction, personId: string, request: SessionRequest): Promise<SignedIn> {
    const [membership] = await tx.rows<{ organisation_id: Buffer }>(
      `SELECT m.organisation_id FROM membership m JOIN organisation o ON o.id = m.organisation_id
       WHERE m.person_id = ? AND m.ended_at IS NULL ${request.organisationId ? 'AND m.organisation_id = ?' : ''}
       ORDER BY o.suspended, m.id LIMIT 1`,
      [idBytes(personId), ...(request.organisationId ? [idBytes(request.organisationId)] : [])],
    );
    if (!membership) throw identityError('sign_in_failed');
    const token = newToken();
    const now = await tx.now();
    const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000);
    const id = newId();
    await tx.insertRows(
      'session',
      ['id', 'token_hash', 'person_id', 'organisation_id', 'user_agent', 'created_at', 'expires_at', 'stepped_up_at'],
      [
        [
          idBytes(id),
          tokenHash(token),
          idBytes(personId),
          membership.organisation_id,
          request.userAgent.slice(0, 200),
          now,
          expiresAt,
          request.steppedUp ? now : null,
        ],
      ],
    );
    tx.audit({ action: 'session.open', subjectType: 'person', subjectId: personId, data: { sessionId: id } });
    return {
      token,
      csrfToken: csrfToken(this.environment.secret, token),
      expiresAt,
      organisationId: idText(membership.organisation_id),
    };
  }
}
