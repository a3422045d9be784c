import { type BeforeApplicationShutdown, Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { ENVIRONMENT, type Environment, httpError, Public, RateLimited } from '#platform';

/** For load balancers: alive means the process answers, ready means that it can serve. */
@ApiTags('Health')
@Controller('health')
@RateLimited('none')
export class HealthController implements BeforeApplicationShutdown {
  private ending = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get('live')
  @Public()
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  async ready() {
    if (this.ending) throw httpError('shutting_down', { retryAfterSeconds: 1 });
    await this.dataSource.query('SELECT 1');
    return { status: 'ok' };
  }

  /** Says "not ready" first and goes on serving, so that no request is sent to a door that shuts. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await pause(this.environment.shutdownDelaySeconds * 1000);
  }
}
