import { Queue, Worker } from 'bullmq';
import type { Environment } from '../config/environment.js';

/** Every job of this market: its name and what it carries. A name that is not here does not compile. */
export interface Jobs {
  /** Run one handler for one event. */
  'event.deliver': { readonly eventId: string; readonly handler: string };
  /** Timers may be due: fire what the table says. */
  'timer.tick': { readonly span: number };
}

export type JobName = keyof Jobs;

export type JobHandlers = { readonly [Name in JobName]: (payload: Jobs[Name]) => Promise<void> };

const concurrency: Readonly<Record<JobName, number>> = { 'event.deliver': 8, 'timer.tick': 2 };
const jobsAtOnce = Object.values(concurrency).reduce((sum, each) => sum + each, 0);
const queueName = (name: JobName): string => name.replace('.', '-');

/** A job that was not taken by Redis in this time is left to the sweeps, which find it in the database. */
const publishLimitMs = 2_000;
/** After Redis did not answer it is left alone for a while, so that work goes on without waiting for it each time. */
const leaveAloneMs = 5_000;
/** With Redis away its connections cannot be closed in order; running jobs have this long to end. */
const closeLimitMs = 5_000;

function connection(environment: Environment) {
  const url = new URL(environment.redisUrl);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** Publishes jobs. Redis is only a quick messenger: losing it delays work until a sweep, and loses none. */
export class JobQueue {
  private readonly queues = new Map<JobName, Queue>();
  private awayUntil = 0;

  constructor(private readonly environment: Environment) {}

  /** Whether Redis took the jobs; when it did not, the caller does them itself or leaves them to a sweep. */
  async addAll<Name extends JobName, Item extends Jobs[Name]>(
    name: Name,
    items: readonly Item[],
    jobId: (item: Item) => string,
    delayMs: (item: Item) => number = () => 0,
  ): Promise<boolean> {
    if (items.length === 0) return true;
    if (performance.now() < this.awayUntil) return false;
    const bulk = items.map((data) => ({
      name,
      data,
      opts: { jobId: jobId(data), delay: delayMs(data), removeOnComplete: true, removeOnFail: true },
    }));
    const added = this.queue(name)
      .addBulk(bulk)
      .then(
        () => true,
        () => false,
      );
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), publishLimitMs).unref());
    const taken = await Promise.race([added, late]);
    if (!taken) this.awayUntil = performance.now() + leaveAloneMs;
    return taken;
  }

  async counts(): Promise<Record<string, Record<string, number>>> {
    const names = Object.keys(concurrency) as JobName[];
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await this.queue(name).getJobCounts()] as const)),
    );
  }

  async close(): Promise<void> {
    await withinLimit([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: JobName): Queue {
    const existing = this.queues.get(name);
    if (existing) return existing;
    const queue = new Queue(queueName(name), {
      connection: { ...connection(this.environment), enableOfflineQueue: false, maxRetriesPerRequest: 1 },
      prefix: this.environment.redisPrefix,
    });
    // A lost Redis is reported by the health check; without a listener it would end the process.
    queue.on('error', () => undefined);
    this.queues.set(name, queue);
    return queue;
  }
}

/** Takes jobs. A processor parses, calls one function and stops; what failed is found again by a sweep. */
export class JobWorkers {
  private workers: Worker[] = [];

  constructor(private readonly environment: Environment) {
    // With fewer, jobs that wait for a second connection would wait for each other.
    if (environment.databasePool <= jobsAtOnce)
      throw new Error(
        `DATABASE_POOL is ${environment.databasePool}, but a worker does ${jobsAtOnce} jobs at once: set it to ${jobsAtOnce + 1} or more`,
      );
  }

  start(handlers: JobHandlers, onFailure: (name: JobName, error: Error) => void): void {
    this.workers = (Object.keys(concurrency) as JobName[]).map((name) => {
      const handler = handlers[name] as ((payload: unknown) => Promise<void>) | undefined;
      if (!handler) throw new Error(`no handler for job ${name}`);
      const worker = new Worker(queueName(name), (job) => handler(job.data), {
        connection: { ...connection(this.environment), maxRetriesPerRequest: null },
        prefix: this.environment.redisPrefix,
        concurrency: concurrency[name],
      });
      worker.on('failed', (_job, error) => onFailure(name, error));
      worker.on('error', () => undefined);
      return worker;
    });
  }

  async close(): Promise<void> {
    await withinLimit(this.workers.map((worker) => worker.close()));
  }
}

async function withinLimit(closing: readonly Promise<unknown>[]): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (limit = setTimeout(resolve, closeLimitMs)));
  await Promise.race([Promise.allSettled(closing), late]);
  clearTimeout(limit);
}
