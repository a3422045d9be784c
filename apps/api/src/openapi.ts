import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue, projectRoot, statusOfKind } from '#platform';

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

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: object;
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
  responses?: Record<string, { description?: string; content?: object }>;
}

/** What each route answers; generated from the types of the controllers by `npm run generate`. */
interface Answers {
  readonly schemas: Readonly<Record<string, object>>;
  readonly answers: Readonly<Record<string, object | null>>;
}

function readAnswers(): Answers {
  return JSON.parse(readFileSync(join(projectRoot(), 'config', 'answers.json'), 'utf8')) as Answers;
}

/** Identifiers in the path; the decorators of the routes read them but cannot describe them. */
function pathParameters(address: string): Parameter[] {
  return [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name: name as string,
    in: 'path',
    required: true,
    schema: (name as string).endsWith('Id') ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }));
}

function describeResponses(operation: Operation, answer: object | null | undefined): void {
  const responses = operation.responses ?? {};
  for (const [status, response] of Object.entries(responses)) {
    if (status === 'default') continue;
    response.description ||= answer === null ? 'Done; there is nothing to read.' : 'Done.';
    if (!answer) continue;
    const type = 'contentEncoding' in answer ? 'application/octet-stream' : 'application/json';
    response.content ??= { [type]: { schema: answer } };
  }
  // A route that refuses in another form, as OAuth does, says so itself.
  responses['default'] ??= {
    description: `Refused; the status is one of ${[...new Set(Object.values(statusOfKind))].sort((a, b) => a - b).join(', ')}, 400 or 500.`,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** OpenAPI 3.1 has no `nullable`: a value that may be null says so in its type. */
function sayNull(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const node = schema as Record<string, unknown>;
  if (node['nullable'] === true) {
    const { nullable: _nullable, description, ...rest } = node;
    for (const key of Object.keys(node)) delete node[key];
    Object.assign(node, { anyOf: [rest, { type: 'null' }], ...(description === undefined ? {} : { description }) });
  }
  Object.values(node).forEach(sayNull);
}

/** `RequestsController.begin` is called `requestsBegin` by generated clients. */
function operationName(key: string): string {
  const [controller, method] = key.split('.') as [string, string];
  const noun = controller.replace(/Controller$/, '');
  return noun.charAt(0).toLowerCase() + noun.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
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
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  sayNull(document);
  const { schemas, answers } = readAnswers();
  const problem = structuredClone(problemSchema);
  problem.properties.code.enum = errorCatalogue().map(({ code }) => code);
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, ...schemas, Problem: problem };
  for (const [address, path] of Object.entries(document.paths)) {
    for (const operation of Object.values(path as Record<string, Operation>)) {
      if (!operation.responses) continue;
      const declared = operation.parameters ?? [];
      const inPath = pathParameters(address).filter(({ name }) => !declared.some((known) => known.name === name));
      operation.parameters = [...inPath, ...declared];
      describeResponses(operation, answers[operation.operationId]);
      operation.operationId = operationName(operation.operationId);
    }
  }
  return document;
}
