import 'reflect-metadata';
import * as fc from 'fast-check';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import {
  BooleanField,
  DateField,
  DecimalField,
  EmailField,
  EnumField,
  EnumListField,
  IdField,
  InstantField,
  IntField,
  JsonObjectField,
  MoneyBody,
  MoneyField,
  NestedField,
  NestedListField,
  StringField,
  StringListField,
} from './fields.js';
import { readQuickly } from './quick-input.js';

const description = 'a field';

class Fee {
  @StringField({ description, min: 1, max: 5 }) name!: string;
  @DecimalField({ description, max: 100, decimals: 2, optional: true }) percent?: string;
}
class Base {
  @IntField({ description, min: 1, max: 9, optional: true }) limit?: number;
}
class Everything extends Base {
  @StringField({ description, max: 9, pattern: /^[a-z ]*$/, nullable: true, optional: true }) text?: string | null;
  @EmailField({ description, optional: true }) email?: string;
  @BooleanField({ description, optional: true }) flag?: boolean;
  @EnumField({ description, values: ['a', 'b'], optional: true }) word?: string;
  @EnumListField({ description, values: ['a', 'b', 'c'], optional: true }) words?: string[];
  @StringListField({ description, max: 2, maxLength: 3, optional: true }) texts?: string[];
  @IdField({ description, optional: true }) id?: string;
  @DateField({ description, optional: true }) day?: string;
  @InstantField({ description, optional: true }) at?: string;
  @MoneyField({ description, optional: true }) amount?: MoneyBody;
  @NestedField({ description, type: () => Fee, optional: true }) fee?: Fee;
  @NestedListField({ description, type: () => Fee, max: 2, min: 1, optional: true }) fees?: Fee[];
}
class WithObject {
  @JsonObjectField({ description, maxBytes: 50 }) data!: object;
}

/** As the pipe asks the library. */
function readByLibrary(type: new () => object, plain: unknown): object | undefined {
  const input: unknown = plainToInstance(type, plain);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  const options = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, stopAtFirstError: true };
  return validateSync(input, options).length === 0 ? input : undefined;
}

const junk = fc.oneof(
  fc.anything({ maxDepth: 2, withNullPrototype: true }).filter((value) => value !== undefined),
  fc.string(),
  fc.constantFrom<unknown>(null, '', '5', 'true', 'a,b', [], {}, [null], [[]], 0, -1, 1.5, Number.NaN, 'constructor'),
);
/** Mostly right, so that whole inputs are often right. */
const mostly = (right: fc.Arbitrary<unknown>, ...wrong: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 40, arbitrary: right },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(7, ...wrong) },
    { weight: 1, arbitrary: junk },
  );
const one = (...right: unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...right);
const fee = mostly(
  fc.record(
    { name: mostly(one('fee', 'x'), 'too long'), percent: mostly(one('1', '99.99'), '100.001') },
    { requiredKeys: ['name'] },
  ),
);
const everything = fc.record(
  {
    limit: mostly(one(1, 9, '5'), '10', 0),
    text: mostly(one('abc', null), 'A', 'tab\u0007'),
    email: mostly(one('a@example.org'), 'a@'),
    flag: mostly(one(true, 'false'), 'yes'),
    word: mostly(one('a', 'b'), 'c'),
    words: mostly(one(['a'], 'a,b', []), ['a', 'a'], ['a', 'd']),
    texts: mostly(one(['abc'], 'x,y'), ['long'], [1]),
    id: mostly(one('01900006-0000-7000-8000-00000000270f'), '01900006-0000-7000-8000-00000000270F'),
    day: mostly(one('2026-02-28'), '2026-02-29'),
    at: mostly(one('2026-01-31T10:00:00Z'), '2026-01-31T10:00:00', '2026-13-01T10:00:00Z'),
    amount: mostly(fc.record({ amount: mostly(one('1.50'), '-1', '1.505'), currency: mostly(one('SAR'), 'sar') })),
    fee,
    fees: mostly(fc.array(fee, { minLength: 1, maxLength: 2 }), []),
  },
  { requiredKeys: [] },
);
const inputs = fc.oneof(
  { weight: 9, arbitrary: everything },
  {
    weight: 1,
    arbitrary: fc.tuple(everything, fc.string(), junk).map(([input, key, value]) => ({ ...input, [key]: value })),
  },
);

describe('inputs read quickly', () => {
  it('are what the library reads, and nothing that it refuses', () => {
    let read = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const quick = readQuickly(Everything, input);
        if (quick === undefined) return;
        read += 1;
        expect(quick).toBeInstanceOf(Everything);
        expect(quick).toEqual(readByLibrary(Everything, input));
      }),
      { numRuns: 4_000 },
    );
    expect(read).toBeGreaterThan(200);
  });

  it('are taken where everything is right, also inside and inherited', () => {
    const input = {
      limit: '5',
      text: null,
      words: 'a,b',
      amount: { amount: '1.50', currency: 'SAR' },
      fees: [{ name: 'fee', percent: '1' }],
    };
    const read = readQuickly(Everything, input);
    expect(read).toEqual(readByLibrary(Everything, input));
    expect(read?.amount).toBeInstanceOf(MoneyBody);
    expect(read?.fees?.[0]).toBeInstanceOf(Fee);
    expect(read?.limit).toBe(5);
  });

  it.each([
    ['an unknown field', { unknown: 1 }],
    ['a prototype', JSON.parse('{"__proto__":{"limit":5}}')],
    ['a refused value', { limit: 10 }],
    ['a refused value inside', { fees: [{ name: 'too long' }] }],
    ['a list instead of an object', []],
    ['text', 'text'],
    ['nothing', undefined],
  ])('leave %s to the library', (_what, input) => {
    expect(readQuickly(Everything, input)).toBeUndefined();
  });

  it('leave objects of any shape to the library', () => {
    expect(readQuickly(WithObject, { data: { a: 1 } })).toBeUndefined();
    expect(readByLibrary(WithObject, { data: { a: 1 } })).toEqual({ data: { a: 1 } });
  });
});
