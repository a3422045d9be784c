import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readEnvironment } from '#platform';
import { WorkerModule } from './worker.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(readEnvironment()), {
    logger: ['error', 'warn'],
  });
  app.enableShutdownHooks();
  process.stdout.write('worker: running\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
