import fc from 'fast-check';
import { guaranteeFeeCalculator } from '#finance';
import { guaranteeFeeTables } from '#platform/rulebooks';
import figures from './fixtures/guarantee-fees.json';

/** The source of each figure stands beside it in the fixture. */
const calculate = guaranteeFeeCalculator(guaranteeFeeTables());
const fee = (input: unknown) => (calculate(input) as { fee: string }).fee;

describe('published worked examples of guarantee fees', () => {
  it.each(figures.cases)('$source: $case', ({ input, fee: expected, guaranteed }) => {
    expect(calculate(input)).toMatchObject({ fee: expected, ...(guaranteed && { guaranteed }) });
  });
});

describe('the tables of the Japanese corporations', () => {
  const million = { amount: '1000000', months: 12, repayment: 'bullet' };

  it.each(Object.entries(figures.tables))('%s, every band', (table, rates) => {
    const fees = rates.map((_, index) => fee({ table, band: index + 1, ...million }));
    expect(fees).toEqual(rates.map((rate) => String(Math.round(rate * 10_000))));
    expect(fee({ table, ...million })).toBe(fees[4]);
    expect(fee({ table, collateral: true, ...million })).toBe(String(Number(fees[4]) - 1000));
  });

  it.each([
    ['2-6', 2, 6],
    ['7-12', 7, 12],
    ['13-24', 13, 24],
    ['25+', 25, 120],
  ] as const)('factors for %s instalments', (row, from, to) => {
    for (const months of [from, to]) {
      const base = { table: 'JP-shared', band: 6, amount: '12000000', months };
      const bullet = 10_000 * months;
      expect(fee({ ...base, repayment: 'bullet' })).toBe(String(bullet));
      expect(fee({ ...base, repayment: 'instalments' })).toBe(String(Math.round(bullet * figures.factors[row].equal)));
      expect(fee({ ...base, repayment: 'unequal_instalments' })).toBe(
        String(Math.round(bullet * figures.factors[row].unequal)),
      );
    }
  });

  it('counts fixed days as a bullet without being told', () => {
    expect(fee({ table: 'JP-shared', amount: '10000000', days: 715 })).toBe('225273');
  });

  it('takes the months of grace as a bullet and floors each part', () => {
    // 7,777,777 × 1.15 % × 6/12 = 44,722.2…; × 54/12 × 0.55 = 221,374.9…
    const loan = { table: 'JP-shared', amount: '7777777', months: 60, graceMonths: 6, repayment: 'instalments' };
    expect(calculate(loan)).toMatchObject({
      fee: String(44_722 + 221_374),
      steps: [{ fee: '44722' }, { fee: '221374' }],
    });
    const parts = [
      { amount: '7377777', months: 46, repayment: 'instalments' },
      { amount: '400000', months: 46, repayment: 'bullet' },
    ];
    // 7,377,777 × 1.15 % × 46/12 × 0.55 = 178,880.3…; 400,000 × 1.15 % × 46/12 = 17,633.3 (Okinawa)
    expect(calculate({ table: 'JP-shared', amount: '7777777', parts })).toMatchObject({
      fee: String(178_880 + 17_633),
    });
  });

  it('a part of the loan never costs more than the whole', () => {
    const whole = fc.integer({ min: 2, max: 280_000_000 });
    const months = fc.integer({ min: 1, max: 240 });
    fc.assert(
      fc.property(whole, fc.double({ min: 0.01, max: 0.99, noNaN: true }), months, (amount, share, term) => {
        const first = Math.min(amount - 1, Math.max(1, Math.floor(amount * share)));
        const part = (size: number) => ({ amount: String(size), months: term, repayment: 'instalments' });
        const one = Number(fee({ table: 'JP-full', ...part(amount) }));
        const two = Number(fee({ table: 'JP-full', parts: [part(first), part(amount - first)] }));
        expect(one - two).toBeGreaterThanOrEqual(0);
        expect(one - two).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the tiers of the 7(a) programme', () => {
  it.each([
    [{ amount: '150000.01', months: 120 }, '3375.00', '112500.00'],
    [{ amount: '700000.01', months: 120 }, '18375.00', '525000.00'],
    [{ amount: '2000000', months: 120 }, '53750.00', '1500000.00'],
    [{ amount: '5000000', months: 12 }, '9375.00', '3750000.00'],
    [{ amount: '100000', months: 12 }, '212.50', '85000.00'],
    [{ amount: '100000', months: 13 }, '1700.00', '85000.00'],
    [{ amount: '200000', months: 84, programme: 'Express' }, '3000.00', '100000.00'],
    [{ amount: '350000', months: 84, programme: 'Export Express' }, '9450.00', '315000.00'],
    [{ amount: '400000', months: 84, programme: 'export_express' }, '9000.00', '300000.00'],
  ])('%j', (loan, expected, guaranteed) => {
    expect(calculate({ table: 'US-7a', repayment: 'instalments', ...loan })).toMatchObject({
      fee: expected,
      guaranteed,
    });
  });

  it('refuses a loan above the maximum', () => {
    expect(() => fee({ table: 'US-7a', amount: '5000000.01', months: 120 })).toThrow(
      expect.objectContaining({ code: 'guarantee_loan_above_maximum' }),
    );
  });
});

describe("China's caps", () => {
  it.each([
    [{ amount: '5000000' }, '50000.00'],
    [{ amount: '5000000.01' }, '75000.00'],
    [{ amount: '5000000', months: 6 }, '25000.00'],
    [{ amount: '6000000', months: 12, repayment: 'bullet' }, '90000.00'],
    [{ amount: '5000000', programme: 'reguarantee' }, '15000.00'],
    [{ amount: '8000000', programme: 're-guarantee' }, '40000.00'],
    [{ amount: '1000000', days: 73 }, '2000.00'],
  ])('%j', (loan, expected) => {
    expect(fee({ table: 'CN', ...loan })).toBe(expected);
  });
});

describe('refusals name the field', () => {
  const japan = { table: 'JP-shared', amount: '1000000', months: 12, repayment: 'instalments' };
  it.each([
    [{ ...japan, table: 'JP' }, '/table'],
    [{ ...japan, band: 10 }, '/band'],
    [{ ...japan, amount: '1000000.5' }, '/amount'],
    [{ ...japan, days: 30 }, '/days'],
    [{ ...japan, months: undefined }, '/months'],
    [{ ...japan, months: undefined, days: 30 }, '/repayment'],
    [{ table: 'JP-full', amount: '1000000', repayment: 'bullet' }, '/months'],
    [{ ...japan, graceMonths: 12 }, '/graceMonths'],
    [{ ...japan, repayment: 'bullet', graceMonths: 2 }, '/graceMonths'],
    [{ ...japan, repayment: undefined }, '/repayment'],
    [{ ...japan, programme: 'express' }, '/programme'],
    [{ ...japan, parts: [{ amount: '999999', months: 12, repayment: 'bullet' }] }, '/parts'],
    [{ table: 'US-7a', amount: '100000' }, '/months'],
    [{ table: 'US-7a', amount: '100000', months: 12, programme: 'veterans' }, '/programme'],
    [{ table: 'US-7a', amount: '100000', months: 12, band: 3 }, '/band'],
    [{ table: 'CN', amount: '0' }, '/amount'],
  ])('%j', (input, pointer) => {
    expect(() => fee(input)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ fields: [expect.objectContaining({ pointer })] }) }),
    );
  });
});
