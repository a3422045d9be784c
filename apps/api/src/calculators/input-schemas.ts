import { businessCalendars, guaranteeFeeTables, sizeStandards } from '#platform/rulebooks';

type Schema = Readonly<Record<string, unknown>>;

const figure = (description: string): Schema => ({ type: ['string', 'number'], description });
const amount = figure('An amount; a decimal as text such as "1432.86".');
const date: Schema = { type: 'string', format: 'date' };
const whole = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum });
const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
const list = (items: Schema, maxItems: number): Schema => ({ type: 'array', items, minItems: 1, maxItems });
const fields = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const dayCounts = ['30/360', '30E/360', '30E/360 ISDA', 'ACT/360', 'ACT/364', 'ACT/365', 'ACT/ACT'];
const rounding = fields(
  { to: figure('The unit, such as "0.01".'), mode: oneOf('half_even', 'half_up', 'up', 'down') },
  'to',
  'mode',
);
const unitPeriodFlow = fields(
  { unitPeriods: whole(0, 100_000), fraction: figure('Of a unit period.'), amount },
  'unitPeriods',
  'amount',
);
const repayment = oneOf('bullet', 'instalments', 'unequal_instalments');

/** What each calculator reads; docs/guide explains every field. */
export const calculatorInputs = {
  apr: {
    oneOf: [
      fields(
        {
          method: oneOf('eu'),
          flows: list(
            fields({ at: figure('Years; a decimal or a fraction such as "401/4380".'), on: date, amount }, 'amount'),
            10_000,
          ),
        },
        'method',
        'flows',
      ),
      fields(
        {
          method: oneOf('nominal'),
          unitPeriodsPerYear: figure('Such as 12.'),
          advance: amount,
          advances: list(unitPeriodFlow, 10_000),
          payments: list(unitPeriodFlow, 10_000),
        },
        'method',
        'unitPeriodsPerYear',
        'payments',
      ),
    ],
    examples: [
      {
        method: 'eu',
        flows: [
          { at: '0', amount: '1000' },
          { at: '7/12', amount: '-1050' },
        ],
      },
    ],
  },
  schedule: {
    ...fields(
      {
        principal: amount,
        annualRate: figure('Percent a year.'),
        interest: oneOf('declining', 'flat'),
        amortization: oneOf('equal_instalments', 'equal_principal', 'bullet', 'balloon'),
        balloon: amount,
        dayCount: oneOf(...dayCounts, 'equal_periods'),
        start: date,
        firstDue: date,
        dueDates: list(date, 5_000),
        periods: whole(1, 5_000),
        instalment: amount,
        every: fields({ count: whole(1, 400), unit: oneOf('day', 'week', 'month') }, 'count', 'unit'),
        stub: oneOf('period_days', '365'),
        carry: oneOf('rounded', 'exact'),
        rounding,
        instalmentRounding: rounding,
        grace: fields({
          principal: whole(0, 5_000),
          interest: whole(0, 5_000),
          interestIs: oneOf('waived', 'deferred'),
        }),
        events: list(
          fields(
            {
              on: date,
              kind: oneOf('repayment', 'rate_change', 'payoff'),
              amount,
              annualRate: figure('Percent a year.'),
              then: oneOf('fewer', 'smaller'),
            },
            'on',
            'kind',
          ),
          1_000,
        ),
        profit: oneOf('murabaha'),
      },
      'principal',
      'annualRate',
      'interest',
      'amortization',
      'dayCount',
      'rounding',
    ),
    examples: [
      {
        principal: '5000',
        annualRate: '12',
        interest: 'declining',
        amortization: 'equal_instalments',
        dayCount: 'equal_periods',
        start: '2026-01-31',
        periods: 12,
        rounding: { to: '0.01', mode: 'half_even' },
      },
    ],
  },
  fn: {
    ...fields(
      {
        name: { type: 'string', description: 'Such as PMT, XIRR or DISC.' },
        args: { type: 'array', items: {}, maxItems: 255 },
      },
      'name',
      'args',
    ),
    examples: [{ name: 'PMT', args: ['0.08/12', 10, 10000, 0, 1] }],
  },
  days: {
    ...fields({ dayCount: oneOf(...dayCounts), from: date, to: date, terminationDate: date }, 'dayCount', 'from', 'to'),
    examples: [{ dayCount: '30E/360', from: '2026-01-31', to: '2026-07-31' }],
  },
  due: {
    ...fields(
      {
        calendar: oneOf(...businessCalendars().keys()),
        submittedAt: { type: 'string', description: 'With an offset, or in the calendar’s local time.' },
        workingDays: whole(1, 1_000),
      },
      'calendar',
      'submittedAt',
      'workingDays',
    ),
    examples: [{ calendar: 'SA', submittedAt: '2026-06-04T10:00', workingDays: 3 }],
  },
  size: {
    ...fields(
      {
        standard: oneOf(...sizeStandards().keys()),
        industry: { type: 'string' },
        staff: figure('Full-time equivalents.'),
        revenue: figure('Whole currency units a year.'),
        assets: figure('Whole currency units.'),
        balanceSheet: figure('Whole currency units.'),
      },
      'standard',
    ),
    examples: [{ standard: 'EU-2003', staff: 9, revenue: '2000000', balanceSheet: '99000000' }],
  },
  'guarantee-fee': {
    ...fields(
      {
        table: oneOf(...guaranteeFeeTables().keys()),
        band: whole(1, 9),
        amount,
        months: whole(1, 1_200),
        days: whole(1, 40_000),
        repayment,
        graceMonths: whole(0, 1_200),
        collateral: { type: 'boolean' },
        parts: list(fields({ amount, months: whole(1, 1_200), repayment }, 'amount', 'months', 'repayment'), 100),
        programme: { type: 'string' },
      },
      'table',
      'amount',
    ),
    examples: [{ table: 'JP-shared', amount: '12000000', months: 24, repayment: 'instalments' }],
  },
} as const satisfies Record<string, Schema>;
