import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { httpError, problemOf } from '#platform';

/** RFC 6749 sends token requests as a form; every other address reads JSON. */
const formAddresses = new Set(['/v1/oauth/token']);

/** No command of this API is nested deeper than a few levels; what walks through a body must not run out of stack. */
const deepest = 32;

/** Refuses what a plain page of a foreign site can send without asking, and bodies nested without end. */
export function checkRequestShape(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const type = request.headers['content-type']?.toLowerCase() ?? '';
    const foreign =
      type.startsWith('application/x-www-form-urlencoded') && !formAddresses.has(request.routeOptions.url ?? '');
    done(foreign ? httpError('content_type_unknown') : null);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const tooDeep = isDeeperThan(request.body, deepest);
    done(
      tooDeep
        ? httpError('body_malformed', { detail: `The body is nested deeper than ${deepest} levels.` })
        : undefined,
    );
  });
}

/** Level by level, not by recursion. */
function isDeeperThan(body: unknown, levels: number): boolean {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    const inner = level.filter((value) => typeof value === 'object' && value !== null && !Buffer.isBuffer(value));
    if (inner.length > 0 && depth >= levels) return true;
    level = inner.flatMap((value) => Object.values(value as object) as unknown[]);
  }
  return false;
}

/** Answers for what fails before there is a route: an address that is no address. */
export function refuseBeforeRouting(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const refusal =
    error.statusCode === 413
      ? httpError('body_too_large')
      : httpError('route_unknown', { detail: 'The address is not well-formed.' });
  const problem = problemOf(refusal, request.id);
  void reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}
