import { DomainError } from '#kernel';
import { aprCalculator } from './apr.calculator.js';

/** Processor seconds and what came out: a rate or the code of the refusal. */
function timed(input: unknown): { outcome: string; seconds: number } {
  const before = process.cpuUsage();
  let outcome: string;
  try {
    outcome = (aprCalculator(input) as { apr: string }).apr;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    outcome = error.code;
  }
  return { outcome, seconds: process.cpuUsage(before).user / 1e6 };
}

const days = Array.from({ length: 10_000 }, (_, n) => n);

describe('ten thousand flows', () => {
  it.each([
    ['that take turns', days.map((n) => ({ at: `${n}/365`, amount: (n % 2 ? -1 : 1) * (1000 + n) }))],
    ['in no order', days.map((n) => ({ at: `${(n * 7919) % 9973}/365`, amount: ((n * 104_729) % 2003) - 1001 }))],
  ])('%s are answered or refused in bounded time', (_, flows) => {
    expect(timed({ method: 'eu', flows }).seconds).toBeLessThan(4);
  });

  it('of appendix J that take turns too', () => {
    const flows = (odd: number) => days.map((n) => ({ unitPeriods: 2 * n + odd, fraction: '1/3', amount: 1000 + n }));
    const { seconds } = timed({ method: 'nominal', unitPeriodsPerYear: 12, advances: flows(0), payments: flows(1) });
    expect(seconds).toBeLessThan(4);
  });

  it('whose running balance never changes its sign have the one rate of zero', () => {
    const flows = days.map((n) => ({ at: `${n}/365`, amount: n % 2 ? -1000 : 1000 }));
    expect(timed({ method: 'eu', flows }).outcome).toBe('0.000000');
  });
});

describe('a running balance that changes its sign once', () => {
  // At 10 % a year, owed after each flow: 1000, 500, 1000, 0.
  it('leaves one rate that is not negative, however often money changes its direction', () => {
    const flows = [
      { at: 0, amount: 1000 },
      { at: 1, amount: -600 },
      { at: '2', amount: 450 },
      { at: 3, amount: -1100 },
    ];
    expect(timed({ method: 'eu', flows }).outcome).toBe('10.000000');
  });
});
