import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Schema = Record<string, unknown>;

export interface Operation {
  readonly method: string;
  /** As the document says it: `/v1/requests/{requestId}`. */
  readonly address: string;
  readonly operationId: string;
  readonly permission: string | undefined;
  readonly isPublic: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { schema?: Schema }>> };
  readonly responses: Operation['responses'];
  readonly 'x-permission'?: string;
  readonly 'x-public'?: boolean;
}

interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The OpenAPI document as tests use it: its operations, and a check of answers that refuses unknown fields. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  private readonly ajv: Ajv2020;
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(private readonly document: RawDocument) {
    this.operations = Object.entries(document.paths).flatMap(([address, path]) =>
      Object.entries(path).map(([method, operation]) => ({
        method: method.toUpperCase(),
        address,
        operationId: operation.operationId,
        permission: operation['x-permission'],
        isPublic: operation['x-public'] === true,
        parameters: operation.parameters ?? [],
        body: Object.values(operation.requestBody?.content ?? {})[0]?.schema,
        responses: operation.responses,
      })),
    );
    this.ajv = new Ajv2020({ strict: false, allErrors: false });
    addFormats.default(this.ajv);
    this.ajv.addSchema({ $id: 'https://api/', components: closed(document.components) as Schema });
  }

  /** What is wrong with an answer by the document; undefined when nothing is. */
  faultOf(operation: Operation, status: number, contentType: string, body: unknown): string | undefined {
    const ok = status < 400;
    const response = operation.responses[String(status)] ?? (ok ? undefined : operation.responses['default']);
    if (!response) return `the document does not know the status ${status}`;
    const [type, content] = Object.entries(response.content ?? {})[0] ?? [];
    if (!content) return body === undefined ? undefined : 'the document knows no body';
    if (type === 'application/octet-stream') return undefined;
    if (!contentType.startsWith(type as string)) return `Content-Type is ${contentType}, not ${type}`;
    const key = `${operation.operationId} ${status}`;
    const check =
      this.compiled.get(key) ??
      this.ajv.compile(JSON.parse(absolute(JSON.stringify(closed(content.schema)))) as Schema);
    this.compiled.set(key, check);
    return check(body) ? undefined : this.ajv.errorsText(check.errors, { dataVar: 'answer' });
  }

  /** Follows a reference. */
  resolve(schema: Schema): Schema {
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      const name = reference.split('/').at(-1) as string;
      return this.resolve(this.document.components.schemas[name] as Schema);
    }
    const [only, ...more] = (schema['allOf'] as Schema[] | undefined) ?? [];
    return only && more.length === 0 ? this.resolve(only) : schema;
  }
}

const absolute = (json: string) => json.replaceAll('"#/components/', '"https://api/#/components/');

/** The same schemas with every object closed: an answer may not hold what the document does not name. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const node = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  const isObject = node['type'] === 'object' && typeof node['properties'] === 'object';
  return isObject && node['additionalProperties'] === undefined ? { ...node, additionalProperties: false } : node;
}
