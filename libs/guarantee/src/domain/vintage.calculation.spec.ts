import { monthsBetween, quarterOf, vintageTable } from './vintage.calculation.js';

const fact = (vintage: string, issued: bigint, age: number, defaultedAfter: number | null = null) => ({
  vintage,
  issuedMinor: issued,
  age,
  defaultedAfter,
});

describe('vintages', () => {
  it('show the cumulative share in default by age, only where the whole vintage has that age', () => {
    const rows = vintageTable(
      [fact('2025-Q1', 600n, 14), fact('2025-Q1', 400n, 13, 9), fact('2025-Q4', 1_000n, 5, 2)],
      [3, 6, 12, 24],
      1_500_000n,
    );
    expect(rows[0]?.cumulative).toEqual([
      { month: 3, rate: 0n },
      { month: 6, rate: 0n },
      { month: 12, rate: 400_000n },
    ]);
    expect(rows[1]?.cumulative).toEqual([{ month: 3, rate: 1_000_000n }]);
  });

  it('warn when one runs ahead of all before it', () => {
    const rows = vintageTable(
      [fact('2024', 900n, 30), fact('2024', 100n, 30, 6), fact('2025', 800n, 14), fact('2025', 200n, 14, 5)],
      [6, 12],
      1_500_000n,
    );
    expect(rows.map(({ warning }) => warning)).toEqual([null, { month: 6, rate: 200_000n, usual: 100_000n }]);
    const [, calm] = vintageTable(
      [fact('2024', 900n, 30), fact('2024', 100n, 30, 6), fact('2025', 850n, 14), fact('2025', 150n, 14, 5)],
      [6],
      1_500_000n,
    );
    expect(calm?.warning).toBeNull();
  });

  it('count whole months and quarters', () => {
    expect([quarterOf('2026-03-31'), quarterOf('2026-04-01')]).toEqual(['2026-Q1', '2026-Q2']);
    expect(monthsBetween('2026-01-31', '2026-02-28')).toBe(0);
    expect(monthsBetween('2025-11-15', '2026-11-15')).toBe(12);
    expect(monthsBetween('2026-05-01', '2026-04-01')).toBe(0);
  });
});
