import type { Environment } from '../config/environment.js';
import { JobWorkers } from './job-queue.js';

it('a worker with fewer connections than it does jobs at once does not start, and says what to set', () => {
  const workers = (databasePool: number) =>
    new JobWorkers({ redisUrl: 'redis://127.0.0.1:1', redisPrefix: '{test}', databasePool } as Environment);
  expect(() => workers(10)).toThrow('DATABASE_POOL is 10, but a worker does 10 jobs at once: set it to 11 or more');
  expect(() => workers(11)).not.toThrow();
});
