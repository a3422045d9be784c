import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { ApiDocument, Schema } from './api-document.js';

/** The smallest well-formed value of a schema: what is required, in the shape that is asked for. */
export function sampleOf(document: ApiDocument, schema: Schema): unknown {
  const node = document.resolve(schema);
  if (Array.isArray(node['examples'])) return node['examples'][0];
  if (node['example'] !== undefined) return node['example'];
  if (Array.isArray(node['enum'])) return node['enum'][0];
  const [option] = ((node['anyOf'] ?? node['oneOf']) as Schema[] | undefined) ?? [];
  if (option) return sampleOf(document, option);
  switch (node['type']) {
    case 'object':
      return Object.fromEntries(
        ((node['required'] as string[] | undefined) ?? []).map((name) => [
          name,
          sampleOf(document, (node['properties'] as Record<string, Schema>)[name] as Schema),
        ]),
      );
    case 'array':
      return Array.from({ length: Number(node['minItems'] ?? 0) }, () => sampleOf(document, node['items'] as Schema));
    case 'integer':
    case 'number':
      return node['minimum'] ?? 1;
    case 'boolean':
      return true;
    default:
      return sampleText(node);
  }
}

function sampleText(node: Schema): string {
  switch (node['format']) {
    case 'uuid':
      return randomUUID();
    case 'date':
      return '2026-01-31';
    case 'date-time':
      return new Date(Date.now() + 30 * 86_400_000).toISOString();
    case 'email':
      return `someone-${randomUUID()}@example.org`;
    default:
  }
  const min = Number(node['minLength'] ?? 0);
  const max = Number(node['maxLength'] ?? 200);
  if (typeof node['pattern'] !== 'string') return 'x'.repeat(Math.max(min, 1));
  const pattern = new RegExp(node['pattern'], 'u');
  // One sign repeated: a figure is within every bound that a pattern cannot say, and a long key need not be looked for.
  const plain = ['1', 'a', 'A'].map((sign) => sign.repeat(Math.max(min, 1))).find((text) => pattern.test(text));
  if (plain) return plain;
  const matching = fc.stringMatching(pattern, { maxLength: max });
  const [text] = fc.sample(
    matching.filter((each) => each.length >= min),
    { numRuns: 1, seed: 7 },
  );
  return text as string;
}
