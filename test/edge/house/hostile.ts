import * as fc from 'fast-check';
import type { ApiDocument, Operation } from './api-document.js';
import { sampleOf } from './sample.js';

/** One request that nobody who means well sends. */
export interface HostileRequest {
  readonly what: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | undefined;
  /** Where the one fault of the body stands, when there is exactly one. */
  readonly pointer?: string;
}

const deep = (depth: number): unknown => {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = level % 2 ? { a: value } : [value];
  return value;
};

const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\udfff\ud800',
    '\u202eabc\u2066',
    'ﷺ'.repeat(50),
    '👩‍👩‍👧‍👦'.repeat(20),
    "' OR 1=1 -- ",
    '<script>alert(1)</script>',
    '${jndi:ldap://x}',
    '../../etc/passwd',
    '%00',
    '2026-02-30',
    '2026-13-01T25:61:61Z',
    '+999999-01-01T00:00:00Z',
    '9'.repeat(400),
    '1e400',
    '-0',
    'NaN',
    '0x10',
    '١٢٣',
    'x'.repeat(100_000),
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    0.1,
    1e308,
    -1e308,
    2 ** 53,
    -(2 ** 63),
    [],
    {},
    [[]],
    [null],
    Array.from({ length: 2_000 }, () => 'a'),
    { length: 5 },
    { toString: 1, valueOf: 2 },
    { amount: { amount: '1' }, currency: ['SAR'] },
    { amount: '1.00001', currency: 'SAR' },
    { amount: '99999999999999999999', currency: 'SAR' },
    { amount: '-1', currency: 'sar' },
    { amount: '1', currency: 'constructor' },
    deep(500),
  ),
  fc.jsonValue({ maxDepth: 4 }),
);

const strangeKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  'a/b~c',
  '\u202e',
  '$where',
  'id',
];

/** Every place in a JSON value, as a path of keys. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? replaceAt(inner, rest, change) : inner));
  const entries = Object.entries(value as object);
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, name === key ? replaceAt(inner, rest, change) : inner]),
  );
}

const pointerOf = (path: readonly string[]) =>
  path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

interface Payload {
  readonly what: string;
  readonly payload: string;
  readonly pointer?: string;
  readonly type?: string;
}

function hostileBodies(sample: unknown): fc.Arbitrary<Payload> {
  const all = places(sample);
  const json = JSON.stringify(sample);
  const inner = all.filter((path) => path.length > 0);
  const one =
    inner.length === 0
      ? []
      : [
          fc.tuple(fc.constantFrom(...inner), hostileValue).map(([path, value]) => ({
            what: 'one value',
            payload: JSON.stringify(replaceAt(sample, path, () => value)),
            pointer: pointerOf(path),
          })),
          fc.constantFrom(...inner).map((path) => {
            const parent = path.slice(0, -1);
            const drop = (old: unknown) =>
              Array.isArray(old)
                ? old
                : Object.fromEntries(Object.entries(old as object).filter(([key]) => key !== path.at(-1)));
            return { what: 'a value left out', payload: JSON.stringify(replaceAt(sample, parent, drop)) };
          }),
        ];
  return fc.oneof(
    ...one,
    hostileValue.map((value) => ({ what: 'another body', payload: JSON.stringify(value) })),
    fc.tuple(fc.constantFrom(...strangeKeys), hostileValue).map(([key, value]) => ({
      what: 'one field more',
      payload: json.startsWith('{')
        ? `{${JSON.stringify(key)}:${JSON.stringify(value)}${json === '{}' ? '' : ','}${json.slice(1)}`
        : json,
    })),
    fc.tuple(fc.nat(json.length), fc.constantFrom('', '{', '"', '\\u', ',,', '\u0000', ']')).map(([at, junk]) => ({
      what: 'broken JSON',
      payload: json.slice(0, at) + junk + (junk === '' ? '' : json.slice(at + 1)),
    })),
    fc.constantFrom(
      { what: 'deep', payload: '['.repeat(50_000) },
      { what: 'deep object', payload: '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000) },
      { what: 'empty', payload: '' },
      { what: 'twice the same key', payload: json.startsWith('{"') ? `${json.slice(0, -1)},${json.slice(1)}` : json },
      { what: 'huge number', payload: json.replace(/\d+/, '9'.repeat(5_000)) },
      { what: 'byte order mark', payload: `\ufeff${json}` },
      { what: 'form', payload: 'a=1&a=2&__proto__[x]=1', type: 'application/x-www-form-urlencoded' },
      { what: 'text', payload: json, type: 'text/plain' },
      { what: 'xml', payload: '<a/>', type: 'application/xml' },
      { what: 'multipart', payload: '--x\r\n\r\n--x--', type: 'multipart/form-data; boundary=x' },
      { what: 'nonsense type', payload: json, type: '/;;=' },
      { what: 'other characters', payload: json, type: 'application/json; charset=utf-16' },
    ),
  );
}

const junkInPath = fc.oneof(
  fc.constantFrom(
    '%00',
    '%ff%fe',
    '..%2f..',
    '%',
    'null',
    '0',
    '-1',
    "'",
    '%F0%9F%98%80',
    'a'.repeat(190),
    'b'.repeat(3_000),
    '00000000-0000-0000-0000-00000000000G',
    'AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA',
    '{id}',
    '%2e%2e',
  ),
  fc.uuid(),
);

const junkInQuery = fc.oneof(
  fc.constantFrom(
    'limit=0',
    'limit=-1',
    'limit=1e9',
    'limit=1&limit=2',
    'limit=٣',
    'limit[]=1',
    'limit[a][b]=1',
    'cursor=%00',
    'cursor=a&cursor=b',
    'cursor=W10',
    'cursor=bnVsbA',
    'cursor=WyJ4Il0',
    'cursor=WyJ4IiwieSJd',
    'cursor=WzFlMzA4XQ',
    'cursor=Wy0xLG51bGxd',
    '__proto__=1',
    'constructor[prototype][x]=1',
    '%ED%A0%80=1',
    '=',
    '&&&',
    'sort=__proto__',
    'amountFrom=1e5',
    'product=a,b,c',
    `cursor=${'A'.repeat(5_000)}`,
  ),
  fc.jsonValue().map((value) => `cursor=${Buffer.from(JSON.stringify([value])).toString('base64url')}`),
  fc
    .array(fc.oneof(fc.uuid(), fc.integer(), fc.date({ noInvalidDate: true })), { minLength: 1, maxLength: 3 })
    .map((values) => `cursor=${Buffer.from(JSON.stringify(values)).toString('base64url')}`),
  fc
    .tuple(fc.string({ maxLength: 20 }), fc.string({ maxLength: 60 }))
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`),
);

const junkHeaders: fc.Arbitrary<Record<string, string>> = fc.constantFrom(
  {},
  {},
  {},
  { 'if-match': '' },
  { 'if-match': '*' },
  { 'if-match': 'W/"1"' },
  { 'if-match': '"99999999999999999999"' },
  { 'if-match': '"-1"' },
  { 'idempotency-key': '' },
  { 'idempotency-key': 'short' },
  { 'idempotency-key': 'x'.repeat(5_000) },
  { 'idempotency-key': 'with space inside' },
  { authorization: 'Bearer' },
  { authorization: `Bearer ${'a'.repeat(9_000)}` },
  { authorization: 'Basic ////' },
  { cookie: 'sanad_session=%00; sanad_session=x' },
  { cookie: `sanad_session=${'y'.repeat(300)}` },
  { 'x-csrf-token': 'wrong' },
  { 'x-forwarded-for': '999.1.1.1, ::::' },
  { accept: 'text/html;q=1, */*;q=oops' },
  { 'user-agent': 'ü'.repeat(300) },
  { 'content-encoding': 'gzip' },
  { expect: '100-continue' },
);

/** Hostile requests to one route, made from what the OpenAPI document says of it. */
export function hostileRequests(document: ApiDocument, operation: Operation): fc.Arbitrary<HostileRequest> {
  const names = [...operation.address.matchAll(/\{(\w+)\}/g)].map(([whole]) => whole);
  const sample = operation.body ? sampleOf(document, operation.body) : undefined;
  const needsVersion = operation.parameters.some(({ name }) => name === 'If-Match');
  const bodies: fc.Arbitrary<Payload | undefined> =
    operation.method === 'GET' || operation.method === 'DELETE' || sample === undefined
      ? fc.constant(undefined)
      : hostileBodies(sample);
  const path =
    names.length === 0
      ? fc.constant([] as string[])
      : fc.tuple(
          ...names.map(() => fc.oneof({ weight: 2, arbitrary: fc.uuid() }, { weight: 1, arbitrary: junkInPath })),
        );
  const query = fc.oneof(
    { weight: operation.method === 'GET' ? 1 : 6, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: junkInQuery },
  );
  return fc.tuple(path, query, bodies, junkHeaders).map(([ids, search, body, headers]) => {
    let url = operation.address;
    names.forEach((name, index) => (url = url.replace(name, ids[index] as string)));
    const given = Object.keys(headers).length > 0;
    return {
      what: body?.what ?? 'address',
      url: search === '' ? url : `${url}?${search}`,
      headers: {
        ...(needsVersion ? { 'if-match': '"1"' } : {}),
        ...(body ? { 'content-type': body.type ?? 'application/json' } : {}),
        ...headers,
      },
      payload: body?.payload,
      ...(body?.pointer && !given && search === '' ? { pointer: body.pointer } : {}),
    };
  });
}
