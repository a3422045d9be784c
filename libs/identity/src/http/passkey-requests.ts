import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { IdField, IntField, JsonObjectField, NestedField, StringField, StringListField } from '#platform';

const base64url = /^[A-Za-z0-9_-]*$/;

const Encoded = (description: string, max: number, optional = false): PropertyDecorator =>
  StringField({ description: `${description}, base64url.`, min: optional ? 0 : 1, max, pattern: base64url, optional });

class AttestationBody {
  @Encoded('What the browser signed', 4_000) clientDataJSON!: string;
  @Encoded('The new key and how it is attested', 20_000) attestationObject!: string;
  @Encoded('Part of the attestation, as browsers repeat it', 8_000, true) authenticatorData?: string;
  @Encoded('The key, as browsers repeat it', 4_000, true) publicKey?: string;
  @IntField({
    description: 'COSE algorithm, as browsers repeat it.',
    min: -70_000,
    max: 0,
    optional: true,
  })
  publicKeyAlgorithm?: number;
  @StringListField({ description: 'How the key is reached.', max: 8, maxLength: 20, optional: true })
  transports?: string[];
}

class AssertionBody {
  @Encoded('What the browser signed', 4_000) clientDataJSON!: string;
  @Encoded('What the authenticator says', 8_000) authenticatorData!: string;
  @Encoded('The signature', 8_000) signature!: string;
  @Encoded('The person that the passkey is for', 200, true) userHandle?: string;
}

class CredentialBody {
  @Encoded('Identifies the passkey', 1_400) id!: string;
  @Encoded('The same', 1_400) rawId!: string;
  @StringField({ description: 'Always public-key.', min: 1, max: 20, pattern: /^public-key$/ }) type!: 'public-key';
  @StringField({ description: 'platform or cross-platform.', max: 20, nullable: true, optional: true })
  authenticatorAttachment?: string | null;
  @JsonObjectField({ description: 'What the browser says about extensions.', maxBytes: 2_000 })
  clientExtensionResults!: Record<string, unknown>;
}

/** The answer of `navigator.credentials.create()` as JSON. */
export class NewCredentialBody extends CredentialBody {
  @NestedField({ description: 'The attestation.', type: () => AttestationBody }) response!: AttestationBody;
}

/** The answer of `navigator.credentials.get()` as JSON. */
export class UsedCredentialBody extends CredentialBody {
  @NestedField({ description: 'The assertion.', type: () => AssertionBody }) response!: AssertionBody;
}

export class PasskeyBody {
  @StringField({ description: 'A name to know it by, such as the device.', min: 1, max: 80 }) name!: string;
  @NestedField({ description: 'What the browser answered.', type: () => NewCredentialBody })
  credential!: NewCredentialBody;
}

export class PasskeyStepUpBody {
  @NestedField({ description: 'What the browser answered.', type: () => UsedCredentialBody })
  credential!: UsedCredentialBody;
}

export class PasskeySignInBody extends PasskeyStepUpBody {
  @IdField({ description: 'Which organisation to act for, when there are several.', optional: true })
  organisationId?: string;
}

/** The bodies in the library's words: what was only repeated by the browser is not needed. */
export function newCredential({ id, rawId, type, response }: NewCredentialBody): RegistrationResponseJSON {
  const { clientDataJSON, attestationObject, transports } = response;
  return {
    id,
    rawId,
    type,
    clientExtensionResults: {},
    response: { clientDataJSON, attestationObject, ...(transports ? { transports } : {}) },
  };
}

export function usedCredential({ id, rawId, type, response }: UsedCredentialBody): AuthenticationResponseJSON {
  const { clientDataJSON, authenticatorData, signature } = response;
  return { id, rawId, type, clientExtensionResults: {}, response: { clientDataJSON, authenticatorData, signature } };
}
