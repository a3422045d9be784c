import * as fc from 'fast-check';
import { DomainError } from '#kernel';
import { aprCalculator } from './apr.calculator.js';
import { flowsOfTable } from './flow-table.js';
import { plainFlows } from './plain-flows.js';

const counts = { min: 2, max: 10 };
const read = (...flows: readonly unknown[]) => {
  const table = plainFlows(flows, counts);
  return table && flowsOfTable(table).map(({ amount, time }) => `${amount} at ${time.numerator}/${time.denominator}`);
};
const zero = { at: '0', amount: '1' };

describe('plain flows', () => {
  it('reads decimals and quotients as the whole numbers that they say', () => {
    expect(
      read({ at: 0, amount: 100 }, { at: '31/365.25', amount: '-1432.86' }, { at: '-0.5', amount: '7.5' }),
    ).toEqual(['10000 at 0/1', '-143286 at 3100/36525', '750 at -5/10']);
    expect(read(zero, { at: '0.1/0.2', amount: '-0.0' })).toEqual(['10 at 0/1', '0 at 10/20']);
  });

  it.each([
    [{ at: '1e0', amount: '1' }],
    [{ at: '+1', amount: '1' }],
    [{ at: '1/0', amount: '1' }],
    [{ at: '1/2/3', amount: '1' }],
    [{ at: '1 ', amount: '1' }],
    [{ at: '1.', amount: '1' }],
    [{ at: '.5', amount: '1' }],
    [{ at: '', amount: '1' }],
    [{ at: '1/', amount: '1' }],
    [{ at: '1', amount: '-' }],
    [{ at: '1', amount: '1.2.3' }],
    [{ at: '1', amount: '1/2' }],
    [{ at: '1', amount: '1234567890123456' }],
    [{ at: '201', amount: '1' }],
    [{ at: '1', amount: '1', on: '2024-01-01' }],
    [{ at: '1' }],
    [{ at: null, amount: '1' }],
    [null],
  ])('leaves %j to the ordinary reader', (flow) => expect(read(zero, flow)).toBeUndefined());

  it('never changes an answer: a space in front of one quotient takes the ordinary reader', () => {
    const text = fc.oneof(
      fc.integer({ min: -1000, max: 1000 }).map(String),
      fc.tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom('12', '365.25', '52')).map(([n, d]) => `${n}/${d}`),
      fc.constantFrom('0.50', '-3.25', '00.1', '007', 'x', '-0'),
    );
    const answer = (flows: readonly object[]): unknown => {
      try {
        return aprCalculator({ method: 'eu', flows });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return [error.code, error.details.fields];
      }
    };
    fc.assert(
      fc.property(fc.array(fc.record({ at: text, amount: text }), { maxLength: 6 }), (flows) => {
        expect(answer([...flows, { at: '1/12', amount: '-5' }])).toEqual(
          answer([...flows, { at: ' 1/12', amount: '-5' }]),
        );
      }),
      { numRuns: 400 },
    );
  });
});
