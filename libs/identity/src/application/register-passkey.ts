import { Injectable } from '@nestjs/common';
import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { type CommandContext, idBytes, idText, isDuplicateKey, newId, UnitOfWork, withoutReplay } from '#platform';
import { identityError } from '../domain/errors.js';
import { PasskeyChallenges, signedChallenge } from './passkey-challenges.js';
import { tokenHash } from './secrets.js';

const mostPasskeys = 20;

interface PasskeyRow {
  readonly id: Buffer;
  readonly credential_id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

/** What `navigator.credentials.create()` is given, as JSON. */
export interface PasskeyCreationOptions {
  readonly challenge: string;
  readonly rp: { readonly name: string; readonly id?: string };
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly pubKeyCredParams: readonly { readonly alg: number; readonly type: string }[];
  readonly timeout?: number;
  readonly attestation?: string;
  readonly excludeCredentials?: readonly { readonly id: string; readonly type: string }[];
  readonly authenticatorSelection?: { readonly residentKey?: string; readonly userVerification?: string };
}

/** The own passkeys: list, options for a new one, its registration, removal. */
@Injectable()
export class Passkeys {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly challenges: PasskeyChallenges,
  ) {}

  async list(context: CommandContext) {
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const rows = await tx.rows<PasskeyRow>(
        'SELECT id, credential_id, name, created_at, last_used_at FROM passkey WHERE person_id = ? ORDER BY id',
        [idBytes(context.actor.id)],
      );
      const items = rows.map((row) => ({
        id: idText(row.id),
        name: row.name,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
      }));
      return { items, nextCursor: null };
    });
  }

  /** Options for a new passkey. Who has a second factor already shows it first, or a stolen session could add its own. */
  async options(context: CommandContext): Promise<PasskeyCreationOptions> {
    const personId = context.actor.id;
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const [person] = await tx.rows<{ email: string; name: string; totp_confirmed: number }>(
        'SELECT email, name, totp_confirmed FROM person WHERE id = ? FOR UPDATE',
        [idBytes(personId)],
      );
      if (!person) throw identityError('not_signed_in');
      const held = await tx.rows<PasskeyRow>('SELECT credential_id FROM passkey WHERE person_id = ?', [
        idBytes(personId),
      ]);
      if ((person.totp_confirmed || held.length > 0) && !context.actor.steppedUp) throw identityError('step_up_needed');
      const options = await generateRegistrationOptions({
        rpName: 'Sanad',
        rpID: this.challenges.relyingParty,
        userName: person.email,
        userDisplayName: person.name,
        userID: new Uint8Array(idBytes(personId)),
        attestationType: 'none',
        excludeCredentials: held.map(({ credential_id }) => ({ id: credential_id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      await this.challenges.remember(tx, options.challenge, 'register', personId);
      const { challenge, rp, user, pubKeyCredParams, timeout = 60_000, attestation = 'none' } = options;
      return {
        challenge,
        rp,
        user,
        pubKeyCredParams,
        timeout,
        attestation,
        excludeCredentials: held.map(({ credential_id }) => ({ id: credential_id, type: 'public-key' })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      };
    });
  }

  /** Keeps a new passkey when the browser's answer fits a challenge given to this person. */
  async register(context: CommandContext, name: string, response: RegistrationResponseJSON): Promise<{ id: string }> {
    const challenge = signedChallenge(response.response.clientDataJSON);
    const personId = context.actor.id;
    const credential = await this.verified(response, challenge);
    return this.unitOfWork.run(context, async (tx) => {
      if (!(await this.challenges.use(tx, challenge, 'register', personId))) throw identityError('passkey_refused');
      const [count] = await tx.rows<{ n: string }>('SELECT COUNT(*) AS n FROM passkey WHERE person_id = ?', [
        idBytes(personId),
      ]);
      if (Number(count?.n) >= mostPasskeys)
        throw identityError('passkey_refused', { detail: `You have ${mostPasskeys} passkeys; remove one first.` });
      const id = newId();
      try {
        await tx.insertRows(
          'passkey',
          [
            'id',
            'person_id',
            'credential_hash',
            'credential_id',
            'public_key',
            'counter',
            'transports',
            'name',
            'created_at',
          ],
          [
            [
              idBytes(id),
              idBytes(personId),
              tokenHash(credential.id),
              credential.id,
              Buffer.from(credential.publicKey),
              credential.counter,
              JSON.stringify(credential.transports ?? []),
              name,
              await tx.now(),
            ],
          ],
        );
      } catch (error) {
        if (isDuplicateKey(error)) throw identityError('passkey_known');
        throw error;
      }
      tx.audit({
        action: 'passkey.register',
        subjectType: 'person',
        subjectId: personId,
        data: { passkeyId: id, name },
      });
      return { id };
    });
  }

  async remove(context: CommandContext, id: string): Promise<void> {
    await this.unitOfWork.run(context, async (tx) => {
      const removed = await tx.execute('DELETE FROM passkey WHERE id = ? AND person_id = ?', [
        idBytes(id),
        idBytes(context.actor.id),
      ]);
      if (removed === 0) throw identityError('passkey_unknown');
      tx.audit({
        action: 'passkey.remove',
        subjectType: 'person',
        subjectId: context.actor.id,
        data: { passkeyId: id },
      });
    });
  }

  private async verified(response: RegistrationResponseJSON, challenge: string) {
    const result = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.challenges.origin,
      expectedRPID: this.challenges.relyingParty,
      requireUserVerification: true,
    }).catch(() => undefined);
    const credential = result?.verified ? result.registrationInfo?.credential : undefined;
    if (!credential || credential.id.length > 1400 || credential.publicKey.length > 2048)
      throw identityError('passkey_refused');
    return credential;
  }
}
