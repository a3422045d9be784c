import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** A fresh shared key: 256 random bits as text. Shown once to the operator, who gives it to the other registry. */
export function newPeerKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Names a shared key without telling it. */
export function peerKeyId(key: string): string {
  return createHash('sha256').update(`registry-key:${key}`).digest('hex').slice(0, 16);
}

/** Kept encrypted (AES-256-GCM), so that a copy of the database asks no registry in our name. */
export function sealPeerKey(secret: string, key: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), nonce);
  const sealed = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

export function openPeerKey(secret: string, kept: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), kept.subarray(0, 12));
  decipher.setAuthTag(kept.subarray(12, 28));
  return decipher.update(kept.subarray(28), undefined, 'utf8') + decipher.final('utf8');
}

export function signature(key: string, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

export function isSignature(key: string, text: string, given: string): boolean {
  const [expected, actual] = [Buffer.from(signature(key, text)), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function sealingKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'registry-peer-key', 32));
}
