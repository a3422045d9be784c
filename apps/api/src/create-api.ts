import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { acceptDocuments, type Environment } from '#platform';
import { ApiModule } from './api.module.js';
import { serveReference } from './reference-page.js';

const bodyLimit = 1_048_576;

/** Builds the api without listening: main.ts listens, tests inject requests. */
export async function createApi(environment: Environment): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    trustProxy: true,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(environment), adapter, {
    logger: ['error', 'warn'],
    bodyParser: true,
  });
  await app.register(cookie as never);
  const fastify = app.getHttpAdapter().getInstance();
  acceptDocuments(fastify);
  fastify.addHook('onSend', async (request, reply) => {
    void reply
      .header('x-trace-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('x-frame-options', 'DENY');
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
  serveReference(app);
  app.enableShutdownHooks();
  return app;
}
