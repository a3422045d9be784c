import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { readEnvironment } from '#platform';
import { ApiModule } from '../../../api/src/api.module.js';
import { describeApi } from '../../../api/src/openapi.js';
import { type Command, exitCode } from '../command.js';

export const command: Command = {
  usage: `
sanad export openapi > config/openapi.json

Writes the OpenAPI 3.1 document of the routes as they are. Needs no server: nothing is connected.`,
  async run(_args, io) {
    // Only the routes are looked at; in preview mode no provider is made, so any address will do.
    const environment = readEnvironment({
      DATABASE_URL: 'mysql://localhost/none',
      REDIS_URL: 'redis://localhost',
      SANAD_SECRET: 'x'.repeat(32),
    });
    const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(environment), new FastifyAdapter(), {
      preview: true,
      logger: false,
    });
    io.stdout.write(`${JSON.stringify(describeApi(app), null, 2)}\n`);
    return exitCode.done;
  },
};
