// size: one table of terms and refusals of one calculator
import * as fc from 'fast-check';
import { DomainError } from '#kernel';
import { scheduleCalculator } from './schedule.calculator.js';

interface Row {
  readonly n: number;
  readonly due: string | null;
  readonly principal: string;
  readonly interest: string;
  readonly total: string;
  readonly balance: string;
}

interface Answer {
  readonly instalments: readonly Row[];
  readonly totals: { readonly principal: string; readonly interest: string; readonly total: string };
}

const cents = { to: '0.01', mode: 'half_even' };
const loan = {
  principal: '12000',
  annualRate: '12',
  interest: 'declining',
  amortization: 'equal_instalments',
  dayCount: 'equal_periods',
  start: '2024-01-31',
  periods: 12,
  rounding: cents,
};

const schedule = (terms: object): Answer => scheduleCalculator({ ...loan, ...terms }) as unknown as Answer;
const column = (answer: Answer, name: keyof Row) => answer.instalments.map((row) => row[name]);

const codeOf = (terms: object): string => {
  try {
    schedule(terms);
    return 'answered';
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.details.fields?.[0]?.pointer ?? ''}`.trim();
    throw error;
  }
};

describe('due dates', () => {
  it('anchor month-ends to the start', () => {
    expect(column(schedule({ periods: 4 }), 'due')).toEqual(['2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31']);
    expect(column(schedule({ periods: 3, firstDue: '2024-04-30' }), 'due')).toEqual([
      '2024-04-30',
      '2024-05-31',
      '2024-06-30',
    ]);
  });

  it('follow weeks, days, a first due date or a list', () => {
    const week = { periods: 2, every: { count: 2, unit: 'week' } };
    expect(column(schedule(week), 'due')).toEqual(['2024-02-14', '2024-02-28']);
    expect(column(schedule({ periods: 2, firstDue: '2024-03-15' }), 'due')).toEqual(['2024-03-15', '2024-04-15']);
    expect(column(schedule({ periods: undefined, dueDates: ['2024-03-01', '2024-05-02'] }), 'due')).toEqual([
      '2024-03-01',
      '2024-05-02',
    ]);
    expect(column(schedule({ start: undefined, periods: 2 }), 'due')).toEqual([null, null]);
  });
});

// Expected figures below follow from the terms by hand: 1 % a month of 12,000 is 120, and so on.
describe('amortization', () => {
  it('equal principal', () => {
    const answer = schedule({ amortization: 'equal_principal', periods: 4 });
    expect(column(answer, 'principal')).toEqual(['3000.00', '3000.00', '3000.00', '3000.00']);
    expect(column(answer, 'interest')).toEqual(['120.00', '90.00', '60.00', '30.00']);
  });

  it('bullet: interest each period, principal at the end', () => {
    const answer = schedule({ amortization: 'bullet', periods: 3 });
    expect(column(answer, 'total')).toEqual(['120.00', '120.00', '12120.00']);
  });

  it('balloon: the balloon falls due on top of the last instalment', () => {
    // 12,000 at 1 % over two months leaving 6,000: E = (12000·1.0201 − 6000) / 2.01 = 3105.07.
    const answer = schedule({ amortization: 'balloon', balloon: '6000', periods: 2 });
    expect(column(answer, 'total')).toEqual(['3105.07', '9105.08']);
  });

  it('flat interest runs on the amount lent', () => {
    const answer = schedule({ interest: 'flat', periods: 3 });
    expect(column(answer, 'interest')).toEqual(['120.00', '120.00', '120.00']);
    expect(column(answer, 'principal')).toEqual(['4000.00', '4000.00', '4000.00']);
  });

  it('a given instalment runs until the loan is repaid', () => {
    const answer = schedule({ periods: undefined, instalment: '5000' });
    expect(column(answer, 'total')).toEqual(['5000.00', '5000.00', '2213.11']);
    expect(codeOf({ periods: undefined, instalment: '119' })).toBe('schedule_never_repaid /instalment');
  });

  it('carries balances exactly where asked, an agreed instalment in cents standing for the exact one', () => {
    const terms = { principal: '200000', annualRate: '6', periods: 240, carry: 'exact' };
    expect(schedule({ ...terms, instalment: '1432.86' })).toEqual(schedule(terms));
    expect(schedule(terms).instalments[239]?.total).toBe('1432.86');
  });
});

describe('grace', () => {
  const grace = (principal: number, interest: number, interestIs: string) => ({
    periods: 4,
    amortization: 'equal_principal',
    grace: { principal, interest, interestIs },
  });

  it('on principal pays interest only', () => {
    expect(column(schedule(grace(2, 0, 'waived')), 'total')).toEqual(['120.00', '120.00', '6120.00', '6060.00']);
  });

  it('on interest: waived is never owed, deferred is owed with the first instalment after it', () => {
    expect(column(schedule(grace(0, 2, 'waived')), 'interest')).toEqual(['0.00', '0.00', '60.00', '30.00']);
    expect(column(schedule(grace(0, 2, 'deferred')), 'interest')).toEqual(['0.00', '0.00', '270.00', '30.00']);
  });
});

describe('events', () => {
  const terms = { amortization: 'equal_principal', periods: 4, start: '2024-01-01' };
  const paid = (event: object) => schedule({ ...terms, events: [{ kind: 'repayment', ...event }] });

  it('an early repayment makes fewer instalments or smaller ones', () => {
    const fewer = paid({ on: '2024-02-01', amount: '6120', then: 'fewer' });
    expect(column(fewer, 'principal')).toEqual(['6000.00', '3000.00', '3000.00']);
    const smaller = paid({ on: '2024-02-01', amount: '6120', then: 'smaller' });
    expect(column(smaller, 'principal')).toEqual(['6000.00', '2000.00', '2000.00', '2000.00']);
  });

  it('a smaller amount on a due date comes beside the instalment', () => {
    const answer = paid({ on: '2024-02-01', amount: '3000', then: 'fewer' });
    expect(column(answer, 'total')).toEqual(['6120.00', '3060.00', '3030.00']);
  });

  it('a late part payment costs interest on the principal that was missing, until the last payment known', () => {
    // Due 3,000 + 120 on 1 February; 620 come on 11 February: 120 interest, 500 principal; 10 days on 12,000, then 9,000.
    const late = schedule({
      ...terms,
      dayCount: 'ACT/365',
      events: [{ kind: 'repayment', on: '2024-02-11', amount: '620' }],
    });
    // 12,000·12 %·10/365 + 9,000·12 %·19/365 = 39.45 + 56.22
    expect(column(late, 'interest').slice(0, 2)).toEqual(['122.30', '95.67']);
  });

  it('money ahead of a due date lowers the principal at once', () => {
    const early = schedule({
      ...terms,
      dayCount: 'ACT/365',
      events: [{ kind: 'repayment', on: '2024-01-11', amount: '4000' }],
    });
    // 12,000·12 %·10/365 + 8,000·12 %·21/365; 4,000 is more than the principal due: the rest in three parts.
    expect(column(early, 'interest')[0]).toBe('94.68');
    expect(column(early, 'principal')).toEqual(['4000.00', '2666.67', '2666.67', '2666.66']);
  });

  it('a payoff settles principal and the interest of the days that passed', () => {
    const answer = schedule({ ...terms, dayCount: 'ACT/365', events: [{ kind: 'payoff', on: '2024-02-16' }] });
    // 9,000 · 12 % · 15/365 = 44.38
    expect(answer.instalments[1]).toEqual({
      n: 2,
      due: '2024-02-16',
      principal: '9000.00',
      interest: '44.38',
      total: '9044.38',
      balance: '0.00',
    });
    expect(answer.instalments).toHaveLength(2);
  });

  it('a changed rate counts from its day on', () => {
    const events = [{ kind: 'rate_change', on: '2024-03-01', annualRate: '24' }];
    expect(column(schedule({ ...terms, events }), 'interest')).toEqual(['120.00', '90.00', '120.00', '60.00']);
  });

  it('a changed rate re-computes equal instalments', () => {
    const answer = schedule({
      start: '2024-01-01',
      periods: 3,
      events: [{ kind: 'rate_change', on: '2024-02-01', annualRate: '0' }],
    });
    // 12,000 at 1 % over three: 4,080.27; 8,039.73 left, in two halves at no interest.
    expect(column(answer, 'total')).toEqual(['4080.27', '4019.86', '4019.87']);
  });

  it('refuses events that do not fit', () => {
    const event = (each: object) => codeOf({ ...terms, events: [each] });
    expect(event({ kind: 'payoff', on: '2024-01-01' })).toBe('schedule_event_impossible /events');
    expect(event({ kind: 'payoff', on: '2025-01-01' })).toBe('schedule_event_impossible /events');
    expect(event({ kind: 'repayment', on: '2024-02-10', amount: '99999' })).toBe('schedule_event_impossible /events');
    expect(event({ kind: 'repayment', on: '2024-02-10' })).toBe('calculator_input_invalid /events/0/amount');
    expect(event({ kind: 'payoff', on: '2024-02-10', amount: '1' })).toBe('calculator_input_invalid /events/0/amount');
  });
});

describe('murabaha', () => {
  const sale = { profit: 'murabaha', interest: 'flat', periods: 4, start: '2024-01-01' };

  it('fixes the profit at the sale: paying early or late changes no profit', () => {
    const price = schedule(sale).totals;
    expect(price).toEqual({ principal: '12000.00', interest: '480.00', total: '12480.00' });
    for (const event of [
      { kind: 'payoff', on: '2024-02-15' },
      { kind: 'repayment', on: '2024-02-15', amount: '5000', then: 'fewer' },
      { kind: 'repayment', on: '2024-02-15', amount: '5000', then: 'smaller' },
      { kind: 'repayment', on: '2024-02-20', amount: '1000' },
    ]) {
      const answer = schedule({ ...sale, events: [event] });
      expect(answer.totals).toEqual(price);
      expect(answer.instalments[answer.instalments.length - 1]?.balance).toBe('0.00');
    }
  });

  it('has no rate that could change', () => {
    const events = [{ kind: 'rate_change', on: '2024-02-15', annualRate: '3' }];
    expect(codeOf({ ...sale, events })).toBe('murabaha_price_fixed /events');
  });
});

describe('refusals', () => {
  it.each([
    [{ periods: undefined }, '/periods'],
    [{ balloon: '1' }, '/balloon'],
    [{ amortization: 'balloon' }, '/balloon'],
    [{ start: undefined, dayCount: 'ACT/365' }, '/start'],
    [{ firstDue: '2024-01-31' }, '/firstDue'],
    [{ grace: { principal: 12 } }, '/grace/principal'],
    [{ dueDates: ['2024-03-01', '2024-03-01'], periods: undefined }, '/dueDates/1'],
    [{ periods: 3, dueDates: ['2024-03-01'] }, '/periods'],
    [{ rounding: undefined }, '/rounding'],
    [{ carry: 'exact', profit: 'murabaha' }, '/carry'],
    [{ principal: '0' }, '/principal'],
    [{ annualRate: '-1' }, '/annualRate'],
  ])('%j at %s', (terms, pointer) => expect(codeOf(terms)).toBe(`calculator_input_invalid ${pointer}`));
});

describe('whatever the terms', () => {
  const anyTerms = fc.record(
    {
      principal: fc.integer({ min: 1, max: 100_000_000 }).map((minor) => (minor / 100).toFixed(2)),
      annualRate: fc.integer({ min: 0, max: 6000 }).map((rate) => (rate / 100).toFixed(2)),
      interest: fc.constantFrom('declining', 'flat'),
      amortization: fc.constantFrom('equal_instalments', 'equal_principal', 'bullet'),
      dayCount: fc.constantFrom(
        '30/360',
        '30E/360',
        '30E/360 ISDA',
        'ACT/360',
        'ACT/364',
        'ACT/365',
        'ACT/ACT',
        'equal_periods',
      ),
      start: fc.constantFrom('2024-01-31', '2023-02-28', '2024-02-29', '2025-12-30'),
      periods: fc.integer({ min: 1, max: 60 }),
      every: fc.record({ count: fc.integer({ min: 1, max: 12 }), unit: fc.constantFrom('day', 'week', 'month') }),
      instalmentRounding: fc.record({
        to: fc.constantFrom('1', '0.5', '10'),
        mode: fc.constantFrom('half_up', 'up', 'down'),
      }),
      carry: fc.constantFrom('rounded', 'exact'),
      grace: fc.record({
        principal: fc.integer({ min: 0, max: 3 }),
        interest: fc.integer({ min: 0, max: 3 }),
        interestIs: fc.constantFrom('waived', 'deferred'),
      }),
      profit: fc.constant('murabaha'),
      events: fc.array(
        fc.record(
          {
            kind: fc.constantFrom('repayment', 'rate_change', 'payoff'),
            on: fc.constantFrom('2024-03-31', '2024-04-15', '2024-06-29', '2026-01-30'),
            amount: fc.constantFrom('1', '100', '5000.50'),
            annualRate: fc.constantFrom('0', '7.25'),
            then: fc.constantFrom('fewer', 'smaller'),
          },
          { requiredKeys: ['kind', 'on'] },
        ),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['principal', 'annualRate', 'interest', 'amortization', 'dayCount', 'start', 'periods'] },
  );
  const minor = (amount: string) => BigInt(amount.replace('.', ''));

  it('principal adds up to the amount lent, the balance ends at zero, or a refusal has a name', () => {
    let answered = 0;
    fc.assert(
      fc.property(anyTerms, (terms) => {
        let answer: Answer;
        try {
          answer = scheduleCalculator({ ...terms, rounding: cents }) as unknown as Answer;
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
          return;
        }
        answered += 1;
        const rows = answer.instalments;
        expect(rows[rows.length - 1]?.balance).toMatch(/^0\.0+$/);
        expect(Number(answer.totals.principal)).toBe(Number(terms.principal));
        if (terms.carry === 'exact') return;
        expect(rows.reduce((sum, row) => sum + minor(row.principal), 0n)).toBe(minor(answer.totals.principal));
        expect(rows.reduce((sum, row) => sum + minor(row.interest), 0n)).toBe(minor(answer.totals.interest));
        for (const row of rows) expect(minor(row.total)).toBe(minor(row.principal) + minor(row.interest));
      }),
      { numRuns: 1500 },
    );
    expect(answered).toBeGreaterThan(250);
  });

  it('anything at all is answered or refused with a name', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        try {
          scheduleCalculator(input);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
    );
  });
});
