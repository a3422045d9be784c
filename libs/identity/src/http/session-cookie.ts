import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '#platform';
import type { SessionActor } from '../application/authenticate.js';
import type { SignedIn } from '../application/open-session.js';
import { identityError } from '../domain/errors.js';

export const sessionCookie = 'sanad_session';

export type CookieRequest = FastifyRequest & { cookies: Record<string, string | undefined> };
export type CookieReply = FastifyReply & {
  setCookie(name: string, value: string, options: object): FastifyReply;
  clearCookie(name: string, options: object): FastifyReply;
};

/** Hands the session to the browser, out of reach of scripts and of foreign sites; what the page needs is answered. */
export function answerSession(reply: CookieReply, session: SignedIn, publicUrl: string) {
  void reply.setCookie(sessionCookie, session.token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.startsWith('https:'),
    expires: session.expiresAt,
  });
  const { csrfToken, expiresAt, organisationId } = session;
  return { csrfToken, expiresAt, organisationId };
}

/** The session that a person's request came with. */
export function sessionOf(request: AuthenticatedRequest): string {
  const id = (request.actor as SessionActor | undefined)?.sessionId;
  if (!id) throw identityError('not_signed_in', { detail: 'A program has no session.' });
  return id;
}
