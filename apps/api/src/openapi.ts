import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { errorCatalogue, statusOfKind } from '#platform';

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details; `code` is stable and listed in GET /v1/errors.',
  required: ['type', 'title', 'status', 'code', 'detail', 'next', 'traceId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: [] as string[] },
    detail: { type: 'string' },
    next: { type: 'string', description: 'What to do next.' },
    traceId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'rule', 'message'],
        properties: { pointer: { type: 'string' }, rule: { type: 'string' }, message: { type: 'string' } },
      },
    },
    data: { type: 'object', additionalProperties: true },
  },
};

interface Operation {
  parameters?: { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: object }[];
  responses?: Record<string, unknown>;
}

/** Identifiers in the path; the decorators of the routes read them but cannot describe them. */
function pathParameters(address: string): NonNullable<Operation['parameters']> {
  return [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name: name as string,
    in: 'path',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  }));
}

/** Changes of what two people edit carry the version that they are based on. */
function versionHeader(method: string): NonNullable<Operation['parameters']> {
  if (method !== 'put' && method !== 'patch') return [];
  return [{ name: 'If-Match', in: 'header', required: true, schema: { type: 'string', pattern: '^"?\\d{1,9}"?$' } }];
}

/** The OpenAPI 3.1 document of the routes as they are; config/openapi.json holds its output and CI compares. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Sanad')
    .setDescription(
      'Financing marketplace for small firms. Money is {"amount":"1234.50","currency":"SAR"}; instants carry an offset; ids are UUIDs; ' +
        'lists answer {items, nextCursor}; commands that create or move money need an Idempotency-Key; errors are problem details.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addCookieAuth('sanad_session')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
  document.components ??= {};
  document.components.schemas ??= {};
  const problem = structuredClone(problemSchema);
  problem.properties.code.enum = errorCatalogue().map(({ code }) => code);
  document.components.schemas['Problem'] = problem;
  for (const [address, path] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(path as Record<string, Operation>)) {
      if (!operation.responses) continue;
      operation.parameters = [...pathParameters(address), ...versionHeader(method), ...(operation.parameters ?? [])];
      operation.responses['default'] = {
        description: `Refused; the status is one of ${[...new Set(Object.values(statusOfKind))].sort((a, b) => a - b).join(', ')}, 400 or 500.`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      };
    }
  }
  return document;
}
