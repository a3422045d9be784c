import { fnCalculator } from '#finance';
import { functionCases } from './golden-file.js';

describe("financial functions: results that the spreadsheets' documentation prints", () => {
  it.each(functionCases.map((each) => [each.id, each] as const))('%s', (_, { input, expected, digits = 12 }) => {
    const { value } = fnCalculator(input) as { value: string };
    expect(Number(value).toPrecision(digits)).toBe(expected.toPrecision(digits));
  });

  it('reads all documented results', () => expect(functionCases).toHaveLength(54));
});
