import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  AuditSealer,
  ENVIRONMENT,
  type Environment,
  EventHandlers,
  JobQueue,
  JobWorkers,
  LOGGER,
  Loop,
  OutboxRelay,
  TimerRunner,
  UnitOfWork,
  type WorkLoop,
} from '#platform';
import { eventHandlerClasses, loopClasses, timerHandlerClasses } from './handlers.js';

/** Runs what no request starts. Every loop may run in any number of processes at once. */
@Injectable()
export class WorkerService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly jobs: JobWorkers;
  private loops: Loop[] = [];
  private redis: Redis | undefined;

  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly unitOfWork: UnitOfWork,
    private readonly queue: JobQueue,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.jobs = new JobWorkers(environment);
  }

  onApplicationBootstrap(): void {
    const handlers = new EventHandlers(eventHandlerClasses.map((type) => this.moduleRef.get(type, { strict: false })));
    const relay = new OutboxRelay(this.unitOfWork, handlers, this.queue);
    const timers = new TimerRunner(
      this.unitOfWork,
      this.queue,
      timerHandlerClasses.map((type) => this.moduleRef.get(type, { strict: false })),
    );
    const sealer = new AuditSealer(this.unitOfWork);
    const failed = (name: string, error: unknown) => this.logger.error({ err: error, loop: name }, 'worker failure');

    this.jobs.start(
      {
        'event.deliver': ({ eventId, handler }) => relay.deliver(eventId, handler),
        'timer.tick': async () => void (await timers.fireDue()),
      },
      failed,
    );
    const epoch = this.redisEpoch(timers, relay);
    this.loops = [
      new Loop('outbox.relay', 100, () => relay.relay(), failed),
      new Loop('outbox.republish', 5_000, () => relay.republish(), failed),
      new Loop('timer.arm', 200, () => timers.arm(), failed),
      // Finds what no job announced; the limit of a clock's lateness when Redis is gone.
      new Loop('timer.sweep', 1_000, () => timers.fireDue(), failed),
      new Loop('redis.epoch', 2_000, epoch, failed),
      new Loop('audit.seal', 1_000, () => sealer.seal(), failed),
      ...loopClasses
        .map((type) => this.moduleRef.get<WorkLoop>(type, { strict: false }))
        .map((loop) => new Loop(loop.name, loop.idleMs, () => loop.work(), failed)),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.jobs.close();
    this.redis?.disconnect();
  }

  /** A mark in Redis: when it is gone, Redis was emptied, and near timers and waiting deliveries get their jobs again. */
  private redisEpoch(timers: TimerRunner, relay: OutboxRelay): () => Promise<number> {
    const redis = new Redis(this.environment.redisUrl, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      lazyConnect: false,
    });
    redis.on('error', () => undefined);
    this.redis = redis;
    const key = `${this.environment.redisPrefix}:epoch`;
    return async () => {
      if (redis.status !== 'ready') return 0;
      const fresh = (await redis.set(key, new Date().toISOString(), 'NX')) === 'OK';
      if (fresh) await Promise.all([timers.rearm(), relay.recall()]);
      return 0;
    };
  }
}
