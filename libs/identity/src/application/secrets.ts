import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** argon2id with the parameters of OWASP's password storage cheat sheet (19 MiB, 2 passes, 1 lane). */
const argon = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, argon);
}

let decoy: Promise<string> | undefined;

/** Checks a password. Without a hash (an unknown address) it takes just as long, so that addresses cannot be guessed by time. */
export async function checkPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  const right = await verify(passwordHash ?? (await decoy), password);
  return passwordHash !== undefined && right;
}

/** 256 random bits as text for a URL or a cookie. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Tokens and keys have 256 random bits, so a plain SHA-256 hides them as well as a slow hash would. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The token that a page must send back with every change: derived from the session, so it needs no storage. */
export function csrfToken(secret: string, sessionToken: string): string {
  return createHmac('sha256', secret).update(`csrf:${sessionToken}`).digest('base64url');
}

export function sameToken(first: string, second: string): boolean {
  const [a, b] = [tokenHash(first), tokenHash(second)];
  return timingSafeEqual(a, b);
}

const sealedForm = /^v1:([\w-]{16}):([\w-]{22}):([\w-]+)$/;

function sealingKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'sanad second factor', 32));
}

/** Encrypts what must be read again (a TOTP secret), so that a stolen database alone gives no second factor. */
export function sealText(secret: string, text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return ['v1', iv, cipher.getAuthTag(), sealed]
    .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
    .join(':');
}

/** The text again; fails when it was changed or sealed under another key. */
export function openText(secret: string, sealed: string): string {
  const [, iv, tag, text] = sealedForm.exec(sealed) ?? [];
  if (!iv || !tag || !text) throw new Error('a sealed text is damaged');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), Buffer.from(iv, 'base64url'));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8');
}
