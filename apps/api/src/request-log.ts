import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { AuthenticatedRequest } from '#platform';

/**
 * One line for each request, with the trace id that its answer carries. The route stands in it as it is declared: what
 * was sent in path, query, headers or body may be a secret or somebody's data.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    done();
    const level = reply.statusCode >= 500 ? 'warn' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    const { actor } = request as AuthenticatedRequest;
    const line = {
      traceId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(actor ? { actor: actor.id, organisation: actor.organisationId } : {}),
    };
    logger[level](line, 'request');
  });
}
