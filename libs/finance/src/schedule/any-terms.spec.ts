import * as fc from 'fast-check';
import { addMonths, type CalendarDate, DomainError } from '#kernel';
import { scheduleCalculator } from './schedule.calculator.js';

interface Row {
  readonly due: string | null;
  readonly principal: string;
  readonly interest: string;
  readonly total: string;
  readonly balance: string;
}

interface Answer {
  readonly instalments: readonly Row[];
  readonly totals: { readonly principal: string; readonly interest: string };
}

const day = (from: string, days: number) =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10) as CalendarDate;
const modes = fc.constantFrom('half_even', 'half_up', 'up', 'down');
const then = fc.constantFrom('fewer', 'smaller', undefined);
const start = '2024-01-31' as CalendarDate;
/** A day within the term, or a due date. */
const on = fc.oneof(
  fc.integer({ min: 1, max: 400 }).map((days) => day(start, days)),
  fc.integer({ min: 1, max: 12 }).map((months) => addMonths(start, months)),
);
const amounts = fc.constantFrom('10', '1', '100', '500', '1000');

const event = fc.oneof(
  fc.record({ on, kind: fc.constant('repayment'), amount: amounts, then }, { requiredKeys: ['on', 'kind', 'amount'] }),
  fc.record(
    { on, kind: fc.constant('rate_change'), annualRate: fc.constantFrom('0', '6', '24'), then },
    { requiredKeys: ['on', 'kind', 'annualRate'] },
  ),
  fc.record({ on, kind: fc.constant('payoff') }),
);

const terms = fc.record(
  {
    principal: fc.constantFrom('1000', '5000.55', '1', '0.03', '123456.78'),
    annualRate: fc.constantFrom('0', '12', '9.4822', '0.0001', '120', '1000'),
    interest: fc.constantFrom('declining', 'flat'),
    amortization: fc.constantFrom('equal_instalments', 'equal_principal', 'bullet', 'balloon'),
    balloon: fc.constantFrom('0.01', '500'),
    dayCount: fc.constantFrom('30/360', '30E/360 ISDA', 'ACT/364', 'ACT/365', 'ACT/ACT', 'equal_periods'),
    start: fc.constant(start),
    firstDue: fc.integer({ min: 1, max: 100 }).map((days) => day(start, days)),
    dueDates: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }).map((gaps) =>
      gaps.map((_, n) =>
        day(
          start,
          gaps.slice(0, n + 1).reduce((sum, gap) => sum + gap, 0),
        ),
      ),
    ),
    periods: fc.constantFrom(1, 2, 6, 12),
    instalment: fc.constantFrom('10', '100', '1000'),
    every: fc.record({ count: fc.constantFrom(1, 2, 3), unit: fc.constantFrom('month', 'week', 'day') }),
    stub: fc.constantFrom('period_days', '365'),
    carry: fc.constantFrom('rounded', 'exact'),
    rounding: fc.record({ to: fc.constantFrom('0.01', '0.05', '1', '10'), mode: modes }),
    instalmentRounding: fc.record({ to: fc.constantFrom('0.01', '1', '100'), mode: modes }),
    grace: fc.record({
      principal: fc.nat({ max: 6 }),
      interest: fc.nat({ max: 6 }),
      interestIs: fc.constantFrom('waived', 'deferred'),
    }),
    events: fc.array(event, { maxLength: 3 }),
    profit: fc.constant('murabaha'),
  },
  { requiredKeys: ['principal', 'annualRate', 'interest', 'amortization', 'dayCount', 'start', 'rounding'] },
);

/** Hundredths of the printed decimal. */
const minor = (amount: string) => BigInt(Math.round(Number(amount) * 100));

/** What is wrong with a schedule whose balances are rounded from row to row. */
function faultsOf({ instalments, totals }: Answer, principal: string): string[] {
  const faults: string[] = [];
  let [balance, interest, last] = [minor(principal), 0n, start as string];
  for (const row of instalments) {
    const [part, own] = [minor(row.principal), minor(row.interest)];
    balance -= part;
    interest += own;
    if (part < 0n || own < 0n) faults.push('a part below zero');
    if (minor(row.total) !== part + own) faults.push('a total that is not its parts');
    if (minor(row.balance) !== balance) faults.push('a balance that is not what is left');
    if (row.due !== null && row.due <= last) faults.push('due dates that do not rise');
    last = row.due ?? last;
  }
  if (balance !== 0n) faults.push('principal that does not add up');
  if (minor(totals.principal) !== minor(principal) || minor(totals.interest) !== interest) faults.push('wrong totals');
  return faults;
}

describe('a schedule of any terms', () => {
  it('is sound, or refused by name', () => {
    let answered = 0;
    fc.assert(
      fc.property(terms, (input) => {
        // Fields that exclude each other would leave hardly a case to answer.
        const { balloon, periods, dueDates, profit, ...rest } = input;
        const given = {
          ...rest,
          ...(input.amortization === 'balloon' ? { balloon } : {}),
          ...(dueDates ? { dueDates, firstDue: undefined } : { periods }),
          ...(input.carry === 'exact' ? {} : { profit }),
        };
        try {
          const answer = scheduleCalculator(given) as unknown as Answer;
          answered += 1;
          if (input.carry === 'exact') expect(Number(answer.instalments.at(-1)?.balance)).toBe(0);
          else expect(faultsOf(answer, input.principal)).toEqual([]);
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
        }
      }),
      { numRuns: 1500 },
    );
    expect(answered).toBeGreaterThan(300);
  });

  const loan = {
    principal: '1000',
    annualRate: '12',
    interest: 'declining',
    amortization: 'equal_instalments',
    dayCount: 'ACT/365',
    start,
    periods: 6,
    rounding: { to: '0.01', mode: 'half_even' },
  };

  it('counts money paid in advance before an early repayment of the same period', () => {
    const events = [
      { on: '2024-02-05', kind: 'repayment', amount: '600' },
      { on: '2024-02-10', kind: 'repayment', amount: '500', then: 'smaller' },
    ];
    expect(() => scheduleCalculator({ ...loan, events })).toThrow('does not fit: it is more than what is owed');
  });

  it('never asks for principal below zero where flat instalments are rounded below their interest', () => {
    const input = {
      ...loan,
      principal: '1',
      interest: 'flat',
      rounding: { to: '0.01', mode: 'up' },
      instalmentRounding: { to: '100', mode: 'half_up' },
    };
    expect(faultsOf(scheduleCalculator(input) as unknown as Answer, '1')).toEqual([]);
  });

  it('computes a thousand changes of rate on five thousand instalments in bounded time', () => {
    const events = Array.from({ length: 1000 }, (_, n) => ({
      on: day(start, 5 * n + 3),
      kind: 'rate_change',
      annualRate: String(5 + (n % 7)),
    }));
    const before = process.cpuUsage();
    const every = { count: 1, unit: 'day' };
    const answer = scheduleCalculator({ ...loan, principal: '1000000', periods: 5000, every, events });
    expect(faultsOf(answer as unknown as Answer, '1000000')).toEqual([]);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(4);
  });
});
