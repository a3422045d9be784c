import type { FastifyInstance } from 'fastify';

const tokenAddress = '/v1/oauth/token';

/** What {@link answerOAuthErrors} reads of a problem document. */
interface ProblemBody {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** An error of RFC 6749 §5.2, with its status. */
interface OAuthError {
  readonly status: number;
  readonly error: string;
}

function oauthErrorOf({ status, code }: ProblemBody, body: unknown): OAuthError {
  if (code === 'sign_in_failed') return { status: 401, error: 'invalid_client' };
  if (code === 'scope_unknown') return { status: 400, error: 'invalid_scope' };
  if (status === 429 || status === 503) return { status, error: 'temporarily_unavailable' };
  if (status >= 500) return { status, error: 'server_error' };
  const grant = (body as { grant_type?: unknown } | null | undefined)?.grant_type;
  const other = typeof grant === 'string' && grant !== 'client_credentials';
  return { status: 400, error: other ? 'unsupported_grant_type' : 'invalid_request' };
}

/** Programs that speak OAuth read errors in the words of RFC 6749 §5.2; this one address answers in them, whatever refused. */
export function answerOAuthErrors(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url !== tokenAddress) return;
    route.onSend = async (request, reply, payload) => {
      void reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
      if (!String(reply.getHeader('content-type')).startsWith('application/problem+json')) return payload;
      const problem = JSON.parse(String(payload)) as ProblemBody;
      const { status, error } = oauthErrorOf(problem, request.body);
      void reply.code(status).header('content-type', 'application/json; charset=utf-8');
      if (status === 401) void reply.header('www-authenticate', 'Basic realm="sanad", charset="UTF-8"');
      // The signs that the RFC allows in a description.
      const description = problem.detail.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, ' ');
      return JSON.stringify({ error, error_description: description });
    };
  });
}
