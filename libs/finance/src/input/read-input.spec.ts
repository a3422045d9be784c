import { DomainError } from '#kernel';
import { date, decimal, fraction, integer, list, object, oneOf, optional, readInput, withDefault } from './index.js';

const reader = object({
  amount: decimal({ positive: true, max: '1000' }),
  rate: optional(fraction()),
  on: optional(date),
  kind: withDefault(oneOf(['a', 'b']), 'a'),
  parts: optional(list(object({ n: integer({ min: 1, max: 9 }) }), { max: 2 })),
});

function faults(input: unknown): string[] {
  try {
    readInput(input, reader);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.code).toBe('calculator_input_invalid');
    return (error.details.fields ?? []).map(({ pointer, rule }) => `${pointer} ${rule}`);
  }
}

describe('reading the input of a calculator', () => {
  it('reads decimals from text and from numbers as the same decimal', () => {
    expect(readInput({ amount: '0.10', rate: '0.08/12' }, reader).amount.toFixed()).toBe('0.1');
    expect(readInput({ amount: 432.86 }, reader).amount.toFixed()).toBe('432.86');
    expect(readInput({ amount: 1e-7 }, reader).amount.toFixed()).toBe('0.0000001');
    expect(readInput({ amount: 1 }, reader).kind).toBe('a');
  });

  it('names every field at fault with its place', () => {
    expect(faults({ on: '2025-02-29', kind: 'c', parts: [{ n: 0 }, { n: 1, m: 2 }], 'x/y': 1 })).toEqual([
      '/x~1y unknown',
      '/amount required',
      '/on date',
      '/kind one_of',
      '/parts/0/n integer',
      '/parts/1/m unknown',
    ]);
  });

  it.each([
    [{ amount: '1e3' }, '/amount decimal'],
    [{ amount: Number.NaN }, '/amount decimal'],
    [{ amount: 0 }, '/amount bounds'],
    [{ amount: 1001 }, '/amount bounds'],
    [{ amount: '1'.repeat(70) }, '/amount decimal'],
    [{ amount: 1, rate: '1/0' }, '/rate fraction'],
    [{ amount: 1, rate: '1/2/3' }, '/rate fraction'],
    [{ amount: 1, parts: [] }, '/parts list'],
    [[], ' object'],
    [null, ' object'],
  ])('%j is refused: %s', (input, fault) => expect(faults(input)).toEqual([fault]));

  it('is not misled by names of the object prototype', () => {
    expect(faults(JSON.parse('{"amount":1,"__proto__":{"rate":1},"constructor":2}'))).toEqual([
      '/__proto__ unknown',
      '/constructor unknown',
    ]);
  });
});
