import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '#platform';
import type { SessionActor } from '../application/authenticate.js';
import type { SignedIn } from '../application/open-session.js';
import { identityError } from '../domain/errors.js';

const sessionCookie = 'sanad_session';

/** The session's token as the browser sent it; a value that cannot be one of ours counts as none. */
export function sessionToken(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === sessionCookie)?.[1];
  return value && /^[\w-]{20,100}$/.test(value) ? value : undefined;
}

/** Out of reach of scripts and of foreign sites; over https it is never sent without. */
function cookieText(value: string, expires: Date, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${sessionCookie}=${value}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Strict${secure}`;
}

/** Hands the session to the browser; what the page needs is answered. */
export function answerSession(reply: FastifyReply, session: SignedIn, publicUrl: string) {
  const { csrfToken, expiresAt, organisationId, token } = session;
  void reply.header('set-cookie', cookieText(token, expiresAt, publicUrl));
  return { csrfToken, expiresAt, organisationId };
}

export function clearSession(reply: FastifyReply, publicUrl: string): void {
  void reply.header('set-cookie', cookieText('', new Date(0), publicUrl));
}

/** The session that a person's request came with. */
export function sessionOf(request: AuthenticatedRequest): string {
  const id = (request.actor as SessionActor | undefined)?.sessionId;
  if (!id) throw identityError('not_signed_in', { detail: 'A program has no session.' });
  return id;
}
