import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DomainError } from '#kernel';
import { databaseError } from '../db/unit-of-work.js';
import { isConnectionLost } from '../db/failures.js';
import { httpError, problemOf } from './problem.js';

/** The one place where an error becomes an answer. Surprises are logged with their trace and told without detail. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = this.refusalOf(error, request);
    const problem = problemOf(refusal.error, request.id, refusal.status);
    const wait = refusal.error.details.retryAfterSeconds;
    if (wait !== undefined) void reply.header('retry-after', String(wait));
    void reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
  }

  private refusalOf(error: unknown, request: FastifyRequest): { error: DomainError; status?: number } {
    if (error instanceof DomainError) return { error };
    if (isConnectionLost(error)) return { error: databaseError('database_unreachable', { retryAfterSeconds: 5 }) };
    const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    if (status === 404)
      return {
        error: httpError('route_unknown', {
          detail: `${request.method} ${request.url.split('?')[0]} is not an address of this API.`,
        }),
      };
    if (status === 413) return { error: httpError('body_too_large') };
    if (status !== undefined && status >= 400 && status < 500) {
      const detail = error instanceof Error ? error.message.slice(0, 200) : '';
      return {
        error: httpError('body_malformed', { detail, fields: [{ pointer: '', rule: 'json', message: detail }] }),
        status,
      };
    }
    this.logger.error({ err: error, traceId: request.id, route: request.routeOptions?.url }, 'unexpected error');
    return { error: httpError('unexpected'), status: 500 };
  }
}
