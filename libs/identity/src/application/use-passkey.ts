import { Injectable } from '@nestjs/common';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import {
  type CommandContext,
  idBytes,
  idText,
  systemContext,
  type Transaction,
  UnitOfWork,
  withoutReplay,
} from '#platform';
import { identityError } from '../domain/errors.js';
import { OpenSession, type SessionRequest, type SignedIn } from './open-session.js';
import { PasskeyChallenges, signedChallenge, type PasskeyPurpose } from './passkey-challenges.js';
import { tokenHash } from './secrets.js';

interface PasskeyRow {
  readonly id: Buffer;
  readonly person_id: Buffer;
  readonly credential_id: string;
  readonly public_key: Buffer;
  readonly counter: string;
}

/** What `navigator.credentials.get()` is given, as JSON. */
export interface PasskeyRequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly timeout: number;
  readonly userVerification: string;
  /** Empty at sign-in: nobody learns which passkeys an address has. */
  readonly allowCredentials: readonly { readonly id: string; readonly type: string }[];
}

/** Signs in with a passkey, or shows one as second factor. The authenticator has to have checked the person. */
@Injectable()
export class UsePasskey {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly challenges: PasskeyChallenges,
    private readonly sessions: OpenSession,
  ) {}

  async signInOptions(traceId: string): Promise<PasskeyRequestOptions> {
    return this.unitOfWork.run(systemContext('passkey', traceId), (tx) => this.options(tx, 'sign-in', null, []));
  }

  async stepUpOptions(context: CommandContext): Promise<PasskeyRequestOptions> {
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const held = await tx.rows<PasskeyRow>('SELECT credential_id FROM passkey WHERE person_id = ? ORDER BY id', [
        idBytes(context.actor.id),
      ]);
      if (held.length === 0) throw identityError('second_factor_absent');
      const ids = held.map(({ credential_id }) => credential_id);
      return this.options(tx, 'step-up', context.actor.id, ids);
    });
  }

  async signIn(
    response: AuthenticationResponseJSON,
    request: Omit<SessionRequest, 'steppedUp'>,
    traceId: string,
  ): Promise<SignedIn> {
    return this.unitOfWork.run(systemContext('passkey', traceId), async (tx) => {
      const personId = await this.prove(tx, response, 'sign-in', null);
      return this.sessions.within(tx, personId, { ...request, steppedUp: true });
    });
  }

  async stepUp(context: CommandContext, sessionId: string, response: AuthenticationResponseJSON): Promise<void> {
    const personId = context.actor.id;
    await this.unitOfWork.run(withoutReplay(context), async (tx) => {
      await this.prove(tx, response, 'step-up', personId);
      await tx.execute('UPDATE session SET stepped_up_at = ? WHERE id = ? AND person_id = ?', [
        await tx.now(),
        idBytes(sessionId),
        idBytes(personId),
      ]);
      tx.audit({
        action: 'session.step_up',
        subjectType: 'person',
        subjectId: personId,
        data: { sessionId, by: 'passkey' },
      });
    });
  }

  private async options(
    tx: Transaction,
    purpose: PasskeyPurpose,
    personId: string | null,
    credentialIds: readonly string[],
  ): Promise<PasskeyRequestOptions> {
    const { relyingParty } = this.challenges;
    const { challenge, timeout = 60_000 } = await generateAuthenticationOptions({
      rpID: relyingParty,
      userVerification: 'required',
    });
    await this.challenges.remember(tx, challenge, purpose, personId);
    return {
      challenge,
      rpId: relyingParty,
      timeout,
      userVerification: 'required',
      allowCredentials: credentialIds.map((id) => ({ id, type: 'public-key' })),
    };
  }

  /** Whose passkey signed the challenge; its counter only grows, so that a copy of it is noticed. */
  private async prove(
    tx: Transaction,
    response: AuthenticationResponseJSON,
    purpose: PasskeyPurpose,
    personId: string | null,
  ): Promise<string> {
    const challenge = signedChallenge(response.response.clientDataJSON);
    if (!(await this.challenges.use(tx, challenge, purpose, personId))) throw identityError('passkey_refused');
    const [row] = await tx.rows<PasskeyRow>(
      'SELECT id, person_id, credential_id, public_key, counter FROM passkey WHERE credential_hash = ? FOR UPDATE',
      [tokenHash(response.id)],
    );
    if (!row || (personId !== null && idText(row.person_id) !== personId)) throw identityError('passkey_refused');
    const result = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.challenges.origin,
      expectedRPID: this.challenges.relyingParty,
      requireUserVerification: true,
      credential: {
        id: row.credential_id,
        publicKey: new Uint8Array(row.public_key),
        counter: Number(row.counter),
      },
    }).catch(() => undefined);
    if (!result?.verified) throw identityError('passkey_refused');
    await tx.execute('UPDATE passkey SET counter = ?, last_used_at = ? WHERE id = ?', [
      result.authenticationInfo.newCounter,
      await tx.now(),
      row.id,
    ]);
    return idText(row.person_id);
  }
}
