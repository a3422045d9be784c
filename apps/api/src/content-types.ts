import type { FastifyInstance } from 'fastify';
import { httpError } from '#platform';

/** RFC 6749 sends token requests as a form; every other address reads JSON. */
const formAddresses = new Set(['/v1/oauth/token']);

/** Refuses what a plain page of a foreign site can send without asking. */
export function refuseForms(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', async (request) => {
    const type = request.headers['content-type']?.toLowerCase() ?? '';
    if (type.startsWith('application/x-www-form-urlencoded') && !formAddresses.has(request.routeOptions.url ?? ''))
      throw httpError('content_type_unknown');
  });
}
