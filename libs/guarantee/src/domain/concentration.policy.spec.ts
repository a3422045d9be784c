import { concentration } from './concentration.policy.js';

const holding = (key: string, guaranteedMinor: bigint, capMinor: bigint | null = null) => ({
  key,
  guaranteedMinor,
  capMinor,
});

describe('concentration', () => {
  // US Department of Justice, Herfindahl–Hirschman index: four firms with 30, 30, 20 and 20 percent give 2,600.
  it('has the index of the published example', () => {
    const four = [holding('a', 30n), holding('b', 30n), holding('c', 20n), holding('d', 20n)];
    expect(concentration('sector', four, 800_000n).herfindahl).toBe(2_600);
    expect(concentration('sector', [holding('a', 7n)], 800_000n).herfindahl).toBe(10_000);
    expect(concentration('sector', [], 800_000n)).toMatchObject({ herfindahl: 0, lines: [] });
  });

  it('measures each key against its cap, the largest first', () => {
    const { lines } = concentration(
      'lender',
      [
        holding('w', 79n, 100n),
        holding('n', 80n, 100n),
        holding('c', 100n, 100n),
        holding('o', 101n, 100n),
        holding('f', 500n),
      ],
      800_000n,
    );
    expect(lines.map(({ key, standing }) => `${key}:${standing}`)).toEqual([
      'f:within',
      'o:over',
      'c:at_cap',
      'n:near',
      'w:within',
    ]);
    expect(lines[3]?.capUsed).toBe(800_000n);
  });
});
