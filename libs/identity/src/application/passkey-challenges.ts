import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment, idBytes, type Transaction } from '#platform';
import { identityError } from '../domain/errors.js';
import { tokenHash } from './secrets.js';

/** What a challenge was given for; one given for another purpose does not count. */
export type PasskeyPurpose = 'register' | 'step-up' | 'sign-in';

const challengeSeconds = 300;

/** Challenges of WebAuthn: each works once, for one purpose and person, for five minutes. */
@Injectable()
export class PasskeyChallenges {
  /** The address that people see, and its host: a passkey works for these only. */
  readonly origin: string;
  readonly relyingParty: string;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    const url = new URL(environment.publicUrl);
    this.origin = url.origin;
    this.relyingParty = url.hostname;
  }

  async remember(tx: Transaction, challenge: string, purpose: PasskeyPurpose, personId: string | null): Promise<void> {
    const now = await tx.now();
    await tx.insertRows(
      'passkey_challenge',
      ['challenge_hash', 'purpose', 'person_id', 'expires_at'],
      [
        [
          tokenHash(challenge),
          purpose,
          personId === null ? null : idBytes(personId),
          new Date(now.getTime() + challengeSeconds * 1000),
        ],
      ],
    );
    await tx.execute('DELETE FROM passkey_challenge WHERE expires_at < ? LIMIT 20', [now]);
  }

  /** Uses a challenge up; false when it was not given, is used, or is too old. */
  async use(tx: Transaction, challenge: string, purpose: PasskeyPurpose, personId: string | null): Promise<boolean> {
    const used = await tx.execute(
      'DELETE FROM passkey_challenge WHERE challenge_hash = ? AND purpose = ? AND person_id <=> ? AND expires_at > ?',
      [tokenHash(challenge), purpose, personId === null ? null : idBytes(personId), await tx.now()],
    );
    return used === 1;
  }
}

/** The challenge that a browser signed, read from its client data; the library compares it again. */
export function signedChallenge(clientDataJSON: string): string {
  try {
    const data = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8')) as { challenge?: unknown };
    if (typeof data.challenge === 'string') return data.challenge;
  } catch {
    // Answered below: whatever is wrong with it, it is not what a browser signs.
  }
  throw identityError('passkey_refused');
}
