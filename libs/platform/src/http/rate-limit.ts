import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import type { Environment } from '../config/environment.js';
import { ENVIRONMENT } from '../platform.tokens.js';
import { httpError } from './problem.js';
import { type RateLimitName, routeMetadata } from './route.js';

const windowSeconds = 60;

/** An answer that takes longer than this is not waited for: the limit protects the service, it must not slow it down. */
const redisLimitMs = 100;

/** One counter for all replicas; it ends with its window. */
const countInWindow = `local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('PTTL', KEYS[1])}`;

/** How much of a limit is left, and in how many seconds it begins anew. */
export interface RateReading {
  readonly limit: number;
  readonly used: number;
  readonly resetSeconds: number;
}

/** Counts requests by address in Redis. Without Redis nothing is counted and everybody is let in. */
@Injectable()
export class RateLimiter implements OnModuleInit, OnApplicationShutdown {
  private redis: Redis | undefined;

  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  /** Counts one request; undefined when the limit is off or Redis cannot say. */
  async take(name: Exclude<RateLimitName, 'none'>, address: string): Promise<RateReading | undefined> {
    const { publicRequestsPerMinute, signInsPerMinute, redisPrefix } = this.environment;
    const limits = {
      public: publicRequestsPerMinute,
      calculation: Math.ceil(publicRequestsPerMinute / 5),
      'sign-in': signInsPerMinute,
    };
    const limit = limits[name];
    if (limit === 0) return undefined;
    try {
      const key = `${redisPrefix}:rate:${name}:${networkOf(address)}`;
      const answer = await this.connection().eval(countInWindow, 1, key, String(windowSeconds * 1000));
      const [used, resetMs] = answer as [number, number];
      return { limit, used, resetSeconds: Math.max(1, Math.ceil(resetMs / 1000)) };
    } catch {
      return undefined;
    }
  }

  /** Connects before the first request: what comes before Redis is there is not counted. */
  onModuleInit(): void {
    this.connection();
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private connection(): Redis {
    if (this.redis) return this.redis;
    const redis = new Redis(this.environment.redisUrl, {
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      commandTimeout: redisLimitMs,
    });
    // The health check reports a lost Redis; without a listener it would end the process.
    redis.on('error', () => undefined);
    this.redis = redis;
    return redis;
  }
}

/** One IPv6 subscriber holds a /64 of addresses, so these count as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] as string;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}

/**
 * Stands before the guard that asks who calls. Tells what is left in the fields of
 * draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` (quota, window) and `RateLimit` (remaining, seconds to reset).
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const targets = [execution.getHandler(), execution.getClass()];
    const isPublic = this.reflector.getAllAndOverride<boolean>(routeMetadata.isPublic, targets);
    const name =
      this.reflector.getAllAndOverride<RateLimitName>(routeMetadata.rateLimit, targets) ??
      (isPublic ? 'public' : 'none');
    if (name === 'none') return true;
    const http = execution.switchToHttp();
    const reading = await this.limiter.take(name, http.getRequest<FastifyRequest>().ip);
    if (!reading) return true;
    const { limit, used, resetSeconds } = reading;
    void http
      .getResponse<FastifyReply>()
      .header('ratelimit-policy', `"${name}";q=${limit};w=${windowSeconds}`)
      .header('ratelimit', `"${name}";r=${Math.max(0, limit - used)};t=${resetSeconds}`);
    if (used > limit) throw httpError('too_many_requests', { retryAfterSeconds: resetSeconds });
    return true;
  }
}
