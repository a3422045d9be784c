import type { FastifyInstance } from 'fastify';

/** Data is never a page: nothing in it may run, load or be framed. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The reference page: its own scripts, its inline styles, pictures inside its style sheet, calls to this address only. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** What browsers are told with every answer; over https also to come back by https only. */
export function addSecurityHeaders(fastify: FastifyInstance, publicUrl: string): void {
  const fixed: readonly (readonly [string, string])[] = [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['x-frame-options', 'DENY'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()'],
    ...(publicUrl.startsWith('https:')
      ? [['strict-transport-security', 'max-age=31536000; includeSubDomains'] as const]
      : []),
  ];
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const html = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
    void reply.header('x-trace-id', request.id).header('content-security-policy', html ? pagePolicy : dataPolicy);
    for (const [name, value] of fixed) void reply.header(name, value);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
}
