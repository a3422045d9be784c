import { type CalendarDate } from '#kernel';
import { dayCounts } from '../day-count/day-count.js';
import type { Exact } from '../exact-decimal.js';
import {
  type Calculator,
  date,
  decimal,
  integer,
  list,
  object,
  oneOf,
  optional,
  type ReadBy,
  readInput,
  refuseField,
  withDefault,
} from '../input/index.js';
import { printScaled, ratioOfDecimal, scaledInteger } from '../ratio.js';
import { type Rounding, type RoundingMode, roundingModes } from '../rounding.js';
import { repaymentSchedule } from './repayment-schedule.js';
import {
  amortizations,
  type Every,
  interestMethods,
  maxInstalments,
  periodUnits,
  type ScheduleEvent,
  type ScheduleTerms,
} from './terms.js';

const amount = decimal({ positive: true, max: '1000000000000000' });
const percentAYear = decimal({ min: '0', max: '1000000' });
const rounding = object({ to: decimal({ positive: true, max: '1000000000' }), mode: oneOf(roundingModes) });
const then = optional(oneOf(['fewer', 'smaller']));

const everyMonth: Every = { count: 1, unit: 'month' };

const event = object({
  on: date,
  kind: oneOf(['repayment', 'rate_change', 'payoff']),
  amount: optional(amount),
  annualRate: optional(percentAYear),
  then,
});

const scheduleInput = object({
  principal: amount,
  annualRate: percentAYear,
  interest: oneOf(interestMethods),
  amortization: oneOf(amortizations),
  balloon: optional(amount),
  dayCount: oneOf([...dayCounts, 'equal_periods']),
  start: optional(date),
  firstDue: optional(date),
  dueDates: optional(list(date, { max: maxInstalments })),
  periods: optional(integer({ min: 1, max: maxInstalments })),
  instalment: optional(amount),
  every: withDefault(object({ count: integer({ min: 1, max: 1200 }), unit: oneOf(periodUnits) }), everyMonth),
  stub: optional(oneOf(['period_days', '365'])),
  carry: optional(oneOf(['rounded', 'exact'])),
  rounding,
  instalmentRounding: optional(rounding),
  grace: optional(
    object({
      principal: withDefault(integer({ min: 0, max: maxInstalments }), 0),
      interest: withDefault(integer({ min: 0, max: maxInstalments }), 0),
      interestIs: withDefault(oneOf(['waived', 'deferred']), 'deferred'),
    }),
  ),
  events: optional(list(event, { min: 0, max: 1000 })),
  profit: optional(oneOf(['murabaha'])),
});

type ScheduleInput = ReadBy<typeof scheduleInput>;

/** `calc schedule`: the instalments of a loan as decimal strings; the guide defines every field. */
export const scheduleCalculator: Calculator = (input) => {
  const read = readInput(input, scheduleInput);
  checkTogether(read);
  const places = Math.max(...amountsOf(read).map((each) => each.decimalPlaces()));
  const schedule = repaymentSchedule(termsOf(read, places));
  const print = (value: bigint) => printScaled(value, places);
  return {
    instalments: schedule.instalments.map(({ n, due, principal, interest, total, balance }) => ({
      n,
      due: due ?? null,
      principal: print(principal),
      interest: print(interest),
      total: print(total),
      balance: print(balance),
    })),
    totals: {
      principal: print(schedule.totals.principal),
      interest: print(schedule.totals.interest),
      total: print(schedule.totals.total),
    },
  };
};

function checkTogether(read: ScheduleInput): void {
  const { amortization, balloon, principal, dayCount, start, firstDue, dueDates, periods, instalment, events } = read;
  const counted = dueDates !== undefined || periods !== undefined;
  if (amortization === 'balloon' && !balloon) refuseField('/balloon', 'required', 'is required for a balloon');
  if (amortization !== 'balloon' && balloon) refuseField('/balloon', 'balloon', 'belongs to amortization balloon only');
  if (balloon?.gte(principal)) refuseField('/balloon', 'bounds', 'must be below the principal');
  if (amortization === 'bullet' && instalment) refuseField('/instalment', 'bullet', 'does not fit a bullet');
  if (!counted && (!instalment || read.interest === 'flat' || amortization === 'balloon')) {
    refuseField('/periods', 'required', 'is required');
  }
  if (dueDates && periods !== undefined && dueDates.length !== periods) {
    refuseField('/periods', 'due_dates', `must be ${dueDates.length}, as there are due dates`);
  }
  if (dueDates && firstDue) refuseField('/firstDue', 'due_dates', 'does not go with dueDates');
  dueDates?.forEach((due, index) => {
    const before = index === 0 ? start : dueDates[index - 1];
    if (before !== undefined && due <= before) refuseField(`/dueDates/${index}`, 'order', `must be after ${before}`);
  });
  if (firstDue && !start) refuseField('/start', 'required', 'is required with firstDue');
  if (firstDue && start && firstDue <= start) refuseField('/firstDue', 'order', 'must be after start');
  if (dayCount.startsWith('ACT') && !start) refuseField('/start', 'required', `is required to count ${dayCount}`);
  if (events?.length && !start) refuseField('/start', 'required', 'is required with events');
  if (read.profit && read.carry === 'exact') {
    refuseField(
      '/carry',
      'murabaha',
      'must be rounded: the price of a murabaha is fixed in instalments that can be paid',
    );
  }
  if (read.grace && periods !== undefined && read.grace.principal >= periods) {
    refuseField('/grace/principal', 'bounds', 'must be below the number of periods');
  }
}

function amountsOf({
  principal,
  balloon,
  instalment,
  rounding: to,
  instalmentRounding,
  events,
}: ScheduleInput): Exact[] {
  const given = [principal, balloon, instalment, to.to, instalmentRounding?.to, ...(events ?? []).map((e) => e.amount)];
  return given.filter((each) => each !== undefined);
}

function termsOf(read: ScheduleInput, places: number): ScheduleTerms {
  const minor = (value: Exact) => scaledInteger(value, places);
  const roundTo = ({ to, mode }: { to: Exact; mode: RoundingMode }): Rounding => ({ step: minor(to), mode });
  const { balloon, start, firstDue, dueDates, periods, stub, carry, instalment, grace, profit } = read;
  return {
    principal: minor(read.principal),
    annualRate: ratioOfDecimal(read.annualRate, 100n),
    interest: read.interest,
    amortization: read.amortization,
    dayCount: read.dayCount,
    every: read.every,
    rounding: roundTo(read.rounding),
    ...(balloon && { balloon: minor(balloon) }),
    ...(start && { start }),
    ...(firstDue && { firstDue }),
    ...(dueDates && { dueDates }),
    ...(periods !== undefined && { periods }),
    ...(stub && { stub }),
    ...(carry && { carry }),
    ...(instalment && { instalment: minor(instalment) }),
    ...(read.instalmentRounding && { instalmentRounding: roundTo(read.instalmentRounding) }),
    ...(grace && { grace }),
    ...(profit && { profit }),
    ...(read.events?.length && { events: read.events.map((each, index) => eventOf(each, index, minor)) }),
  };
}

function eventOf(
  { on, kind, amount: paid, annualRate, then: after }: ReadBy<typeof event>,
  index: number,
  minor: (value: Exact) => bigint,
): ScheduleEvent {
  const pointer = `/events/${index}`;
  const only = (name: string, value: unknown) => {
    if (value !== undefined) refuseField(`${pointer}/${name}`, kind, `does not belong to a ${kind}`);
  };
  const dated = <T extends object>(rest: T) => ({ on: on as CalendarDate, ...rest, ...(after && { then: after }) });
  switch (kind) {
    case 'repayment':
      only('annualRate', annualRate);
      if (!paid) return refuseField(`${pointer}/amount`, 'required', 'is required for a repayment');
      return dated({ kind, amount: minor(paid) });
    case 'rate_change':
      only('amount', paid);
      if (!annualRate) return refuseField(`${pointer}/annualRate`, 'required', 'is required for a rate_change');
      return dated({ kind, annualRate: ratioOfDecimal(annualRate, 100n) });
    case 'payoff':
      only('amount', paid);
      only('annualRate', annualRate);
      return { on, kind };
  }
}
