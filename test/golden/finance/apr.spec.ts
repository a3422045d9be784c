import { aprCalculator } from '#finance';
import { aprCases } from './golden-file.js';

/**
 * European Commission 2015 (examples for Directive 2014/17/EU), Regulation Z appendix J, Directive 98/7/EC, UK: the
 * source of each case stands beside it. Six examples of the Commission do not reproduce from their own rounded
 * instalments beyond three decimals (`agreesTo`), as the independent computation that came with them found too.
 */
describe('published examples of the annual percentage rate', () => {
  it.each(aprCases.map((each) => [each.id, each] as const))('%s', (_, { input, expected, decimals, agreesTo }) => {
    const { apr } = aprCalculator(input) as { apr: string };
    const tolerance = 0.5 * 10 ** -(agreesTo ?? decimals);
    expect(apr).toMatch(/^-?\d+\.\d{6}$/);
    expect(Math.abs(Number(apr) - expected)).toBeLessThanOrEqual(tolerance + 1e-9);
  });

  it('reads all published cases', () => expect(aprCases).toHaveLength(38));
});
