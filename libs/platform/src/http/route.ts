import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Actor, CommandContext } from '../db/command-context.js';
import { isId } from '../db/ids.js';
import { idempotencyError } from '../idempotency/claim.js';
import { httpError } from './problem.js';

export const routeMetadata = {
  permission: 'sanad:permission',
  isPublic: 'sanad:public',
  idempotent: 'sanad:idempotent',
  stepUp: 'sanad:step-up',
  rateLimit: 'sanad:rate-limit',
} as const;

/** Declares the permission that a route needs; a route with neither this nor `@Public()` fails a test. */
export const Requires = (permission: string): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(routeMetadata.permission, permission), ApiExtension('x-permission', permission));

/** Anybody may call this route. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(routeMetadata.isPublic, true), ApiExtension('x-public', true));

/** The route needs a second factor shown within the last minutes when a person calls it. */
export const RequiresStepUp = (): MethodDecorator => SetMetadata(routeMetadata.stepUp, true);

/** Which limit by address holds; public routes have `public` without saying so. */
export type RateLimitName = 'public' | 'calculation' | 'sign-in' | 'none';

/** Where passwords and codes can be tried: `sign-in`; where much is computed: `calculation`; where load balancers look: `none`. */
export const RateLimited = (name: RateLimitName): MethodDecorator & ClassDecorator =>
  SetMetadata(routeMetadata.rateLimit, name);

/** The route creates or moves money, so it must carry an Idempotency-Key. */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(routeMetadata.idempotent, true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'A fresh random value for a new command; the same value on a retry.',
      schema: { type: 'string', minLength: 8, maxLength: 80 },
    }),
  );

/** The request after identity's guard has looked at it. */
export interface AuthenticatedRequest extends FastifyRequest {
  actor?: Actor;
}

/** The caller's command context, with its idempotency claim where the header was sent. */
export const Context = createParamDecorator((_data: unknown, execution: ExecutionContext): CommandContext => {
  const request = execution.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!request.actor) throw new Error('a route without a guard asked for its actor');
  const key = request.headers['idempotency-key'];
  if (key === undefined) {
    const needed = Reflect.getMetadata(routeMetadata.idempotent, execution.getHandler()) === true;
    if (needed)
      throw idempotencyError('idempotency_key_missing', {
        fields: [{ pointer: '/headers/Idempotency-Key', rule: 'required', message: 'is missing' }],
      });
    return { actor: request.actor, traceId: request.id };
  }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{8,80}$/.test(key)) {
    throw idempotencyError('idempotency_key_missing', {
      detail: 'The Idempotency-Key must be 8 to 80 visible ASCII characters.',
      fields: [{ pointer: '/headers/Idempotency-Key', rule: 'pattern', message: '8 to 80 visible ASCII characters' }],
    });
  }
  const route = `${request.method} ${request.routeOptions.url ?? ''}`;
  const inputHash = createHash('sha256')
    .update(JSON.stringify([request.url, request.headers['if-match'] ?? null, canonical(request.body ?? null)]))
    .digest();
  return {
    actor: request.actor,
    traceId: request.id,
    idempotency: { clientId: request.actor.id, key, route, inputHash },
  };
});

/** Keys in one order, so that the same input in another order is the same input. */
function canonical(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return createHash('sha256').update(value).digest('hex');
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}

/** A path parameter that is an identifier; anything else is a record that does not exist. */
export const IdParam = createParamDecorator((name: string, execution: ExecutionContext): string => {
  const value = (execution.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string>)[name];
  if (!isId(value))
    throw httpError('record_unknown', {
      fields: [{ pointer: `/path/${name}`, rule: 'id', message: 'must be a lower-case UUID' }],
    });
  return value;
});

const describeIfMatch: ParameterDecorator = (target, method) => {
  const descriptor = method && Object.getOwnPropertyDescriptor(target, method);
  if (!descriptor) return;
  ApiHeader({
    name: 'If-Match',
    required: true,
    description: 'The ETag of the record that the change is based on, such as "3".',
    schema: { type: 'string', pattern: '^"?\\d{1,9}"?$' },
  })(target, method, descriptor);
};

/** The version in If-Match (`"7"`), for records that two people edit. */
export const IfMatch = createParamDecorator(
  (_data: unknown, execution: ExecutionContext): number => {
    const value = execution.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
    const match = typeof value === 'string' ? /^"?(\d{1,9})"?$/.exec(value.trim()) : null;
    if (!match)
      throw httpError('if_match_missing', {
        fields: [{ pointer: '/headers/If-Match', rule: 'required', message: 'send the ETag, such as "3"' }],
      });
    return Number(match[1]);
  },
  [describeIfMatch],
);
