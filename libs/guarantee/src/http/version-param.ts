import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { httpError } from '#platform';

/** The number of a version in the address; anything else is a version that does not exist. */
export const VersionParam = createParamDecorator((_data: unknown, execution: ExecutionContext): number => {
  const { number } = execution.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string>;
  if (!number || !/^[1-9]\d{0,5}$/.test(number)) throw httpError('record_unknown');
  return Number(number);
});

/** The code of a scheme in the address; anything else is a scheme that does not exist. */
export function schemeCodeOf(text: string): string {
  if (!/^[A-Z0-9]{2,12}$/.test(text)) throw httpError('record_unknown');
  return text;
}
