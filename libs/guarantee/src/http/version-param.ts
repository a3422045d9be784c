import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { httpError } from '#platform';

/** The number of a version in the address; anything else is a version that does not exist. */
export const VersionParam = createParamDecorator((_data: unknown, execution: ExecutionContext): number => {
  const { number } = execution.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string>;
  if (!number || !/^[1-9]\d{0,5}$/.test(number)) throw httpError('record_unknown');
  return Number(number);
});
