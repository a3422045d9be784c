import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * A webhook's secret must be known to sign, so it is kept encrypted (AES-256-GCM) under the installation's key: a
 * copy of the database alone gives nobody the power to forge events.
 */
export function sealSecret(key: string, secret: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyBytes(key), nonce);
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

export function openSecret(key: string, kept: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', keyBytes(key), kept.subarray(0, 12));
  decipher.setAuthTag(kept.subarray(12, 28));
  return decipher.update(kept.subarray(28), undefined, 'utf8') + decipher.final('utf8');
}

function keyBytes(key: string): Buffer {
  return createHash('sha256').update(`webhook-secret:${key}`).digest();
}

/** `whsec_` and 256 random bits, as the Standard Webhooks specification writes them. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
