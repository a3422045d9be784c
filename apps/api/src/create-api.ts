import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { answerOAuthErrors } from '#identity';
import { acceptDocuments, type Environment, LOGGER } from '#platform';
import { ApiModule } from './api.module.js';
import { checkRequestShape, refuseBeforeRouting } from './request-shape.js';
import { logRequests } from './request-log.js';
import { addSecurityHeaders } from './security-headers.js';

/** Enough for any command; documents have an address with a limit of its own. */
const bodyLimit = 1_048_576;

/** Builds the api without listening: main.ts listens, tests inject requests. */
export async function createApi(environment: Environment): Promise<NestFastifyApplication> {
  const trusted = environment.trustProxy;
  const adapter = new FastifyAdapter({
    bodyLimit,
    trustProxy: typeof trusted === 'number' ? (_address, hop) => hop < trusted : trusted,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    requestTimeout: 30_000,
    frameworkErrors: refuseBeforeRouting as never,
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(environment), adapter, {
    logger: ['error', 'warn'],
    bodyParser: true,
  });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  logRequests(fastify, app.get<Logger>(LOGGER));
  addSecurityHeaders(fastify, environment.publicUrl);
  answerOAuthErrors(fastify);
  checkRequestShape(fastify);
  acceptDocuments(fastify);
  app.enableShutdownHooks();
  return app;
}
