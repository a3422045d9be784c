import type { FastifyReply } from 'fastify';

/** Answers with the record's version as its ETag, for the If-Match of the next change. */
export function tagged<T extends { readonly version: number }>(reply: FastifyReply, record: T): T {
  void reply.header('etag', `"${record.version}"`);
  return record;
}
