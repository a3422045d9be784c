import { expectedLoss, type LossTable, stageOf, stress, totalExpected } from './expected-loss.calculation.js';

const table: LossTable = {
  grades: [
    { grade: 'A', pd: 5_000n, pdLifetime: 200_000n },
    { grade: 'B', pd: 20_000n, pdLifetime: 300_000n },
  ],
  ungraded: 'B',
  lgd: 250_000n,
  watchAbove: 30,
  defaultAbove: 90,
};

describe('expected loss', () => {
  // IFRS 9, Illustrative Example 8 (IE49–IE51): a loan of 1,000,000, probability of default 0.5 % in twelve months, 25 % lost: 1,250.
  it('is 1,250 on the standard’s loan of 1,000,000', () => {
    const lines = expectedLoss([{ grade: 'A', daysPastDue: 0, guaranteedMinor: 1_000_000n }], table);
    expect(lines).toEqual([
      {
        grade: 'A',
        stage: 'performing',
        guarantees: 1,
        guaranteedMinor: 1_000_000n,
        pd: 5_000n,
        lgd: 250_000n,
        expectedLossMinor: 1_250n,
      },
    ]);
  });

  // IFRS 9, Illustrative Example 12 (IE74–IE77), the provision matrix of company M: 30 million by five ages give 580,000.
  it('is 580,000 on the standard’s provision matrix', () => {
    const matrix: [string, bigint, bigint][] = [
      ['current', 15_000_000n, 3_000n],
      ['1-30', 7_500_000n, 16_000n],
      ['31-60', 4_000_000n, 36_000n],
      ['61-90', 2_500_000n, 66_000n],
      ['over 90', 1_000_000n, 106_000n],
    ];
    const lines = expectedLoss(
      matrix.map(([grade, guaranteedMinor]) => ({ grade, daysPastDue: 0, guaranteedMinor })),
      { ...table, lgd: 1_000_000n, grades: matrix.map(([grade, , pd]) => ({ grade, pd, pdLifetime: pd })) },
    );
    expect(lines.map((line) => line.expectedLossMinor)).toEqual([45_000n, 120_000n, 144_000n, 165_000n, 106_000n]);
    expect(totalExpected(lines)).toBe(580_000n);
  });

  // IFRS 9, 5.5.11: more than 30 days past due is a significant increase of risk; B5.5.37: default is not later than 90 days past due.
  it('looks at the whole life above 30 days past due, and at a sure loss above 90', () => {
    expect([30, 31, 90, 91].map((days) => stageOf(days, table))).toEqual(['performing', 'watch', 'watch', 'default']);
    const of = (daysPastDue: number) =>
      totalExpected(expectedLoss([{ grade: 'A', daysPastDue, guaranteedMinor: 1_000_000n }], table));
    expect([of(0), of(31), of(91)]).toEqual([1_250n, 50_000n, 250_000n]);
  });

  it('takes the named row for a guarantee without a known grade', () => {
    const of = (grade: string | null) => expectedLoss([{ grade, daysPastDue: 0, guaranteedMinor: 100n }], table)[0];
    expect([of(null)?.grade, of('Z')?.grade]).toEqual(['B', 'B']);
  });
});

describe('a stress scenario', () => {
  const facts = {
    resourcesMinor: 1_000_000n,
    provisionMinor: 1_250n,
    expectedRecoveriesMinor: 10_000n,
    leverage: 5_000_000n,
    usedMinor: 1_000_000n,
  };
  const exposures = [{ grade: 'A', daysPastDue: 0, guaranteedMinor: 1_000_000n }];

  it('multiplies the standard’s loss and takes the rest from the resources', () => {
    const tenfold = { id: 'tenfold', pdTimes: 10_000_000n, lgdPlus: 0n, recoveriesLost: 500_000n };
    expect(stress(exposures, table, facts, tenfold)).toEqual({
      scenario: 'tenfold',
      expectedLossMinor: 12_500n,
      shortfallMinor: 16_250n,
      resourcesAfterMinor: 983_750n,
      headroomAfterMinor: 3_918_750n,
      survives: true,
    });
  });

  it('knows no probability above 100 %, and a scheme that does not survive', () => {
    const end = { id: 'end', pdTimes: 1_000_000_000n, lgdPlus: 900_000n, recoveriesLost: 0n };
    const result = stress(exposures, table, { ...facts, resourcesMinor: 500_000n }, end);
    expect(result).toMatchObject({ expectedLossMinor: 1_000_000n, survives: false, headroomAfterMinor: -1_000_000n });
  });
});
