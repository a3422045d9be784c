import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { describeApi } from './openapi.js';

interface OutgoingRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** Runs in the browser: a change made by "try it" carries the session's token and a fresh idempotency key, as a portal would. */
async function completeRequest(request: OutgoingRequest): Promise<OutgoingRequest> {
  if (request.method === 'GET' || request.url.endsWith('/v1/sessions')) return request;
  const session = await fetch('/v1/session').then((answer) => (answer.ok ? answer.json() : undefined));
  if (session) request.headers['X-CSRF-Token'] = (session as { csrfToken: string }).csrfToken;
  request.headers['Idempotency-Key'] ??= crypto.randomUUID();
  return request;
}

/** Serves the API reference with "try it" under /reference, from files of this installation only. */
export function serveReference(app: NestFastifyApplication): void {
  SwaggerModule.setup('reference', app, () => describeApi(app), {
    customSiteTitle: 'Sanad: API reference',
    jsonDocumentUrl: 'v1/openapi.json',
    swaggerOptions: {
      requestInterceptor: completeRequest,
      docExpansion: 'none',
      filter: true,
      persistAuthorization: false,
    },
  });
}
