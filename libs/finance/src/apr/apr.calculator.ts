import type { CalendarDate } from '#kernel';
import type { Exact } from '../exact-decimal.js';
import {
  type Calculator,
  date,
  decimal,
  exactRatio,
  integer,
  list,
  object,
  oneOf,
  optional,
  type ReadBy,
  type Reader,
  readInput,
  refuseField,
  withDefault,
} from '../input/index.js';
import { printScaled, ratio, scaledInteger } from '../ratio.js';
import { nominalAnnualRate, type UnitPeriodFlow } from './appendix-j.js';
import { effectiveAnnualRate, type TimedFlow } from './effective-annual-rate.js';
import { yearsFrom } from './year-intervals.js';

const maxFlows = 10_000;
const flowAmount = decimal({ min: '-1000000000000000', max: '1000000000000000' });

const flow = object({
  at: optional(exactRatio({ min: -200, max: 200 })),
  on: optional(date),
  amount: flowAmount,
});

const unitPeriodFlow = object({
  unitPeriods: integer({ min: 0, max: 100_000 }),
  fraction: withDefault(exactRatio({ min: 0, max: 1 }), ratio(0n)),
  amount: decimal({ positive: true, max: '1000000000000000' }),
});

const euInput = object({ method: oneOf(['eu']), flows: list(flow, { min: 2, max: maxFlows }) });

const nominalInput = object({
  method: oneOf(['nominal']),
  unitPeriodsPerYear: exactRatio({ positive: true, max: 366 }),
  advance: optional(decimal({ positive: true, max: '1000000000000000' })),
  advances: optional(list(unitPeriodFlow, { max: maxFlows })),
  payments: list(unitPeriodFlow, { max: maxFlows }),
});

const byMethod: Reader<ReadBy<typeof euInput> | ReadBy<typeof nominalInput>> = {
  read(value, pointer, problems) {
    const method = typeof value === 'object' && value !== null && 'method' in value ? value.method : undefined;
    if (method === 'eu') return euInput.read(value, pointer, problems);
    if (method === 'nominal') return nominalInput.read(value, pointer, problems);
    return object({ method: oneOf(['eu', 'nominal']) }).read({ method }, pointer, problems) as never;
  },
};

/** `calc apr`: the rate in percent a year with six decimals, proven to the last one. */
export const aprCalculator: Calculator = (input) => {
  const read = readInput(input, byMethod);
  const rate = read.method === 'eu' ? euRate(read) : nominalRate(read);
  return { apr: printScaled(rate, 6) };
};

function euRate({ flows }: ReadBy<typeof euInput>): bigint {
  const places = decimalPlaces(flows);
  const dated = flows.every(({ on }) => on !== undefined);
  flows.forEach(({ at, on }, index) => {
    if (at === undefined && on === undefined) refuseField(`/flows/${index}/at`, 'required', 'is required');
    if (at !== undefined && on !== undefined) refuseField(`/flows/${index}/on`, 'one_of', 'does not go with at');
    if (!dated && on !== undefined) refuseField(`/flows/${index}/on`, 'one_of', 'all flows have at, or all have on');
  });
  const times = dated ? timesOf(flows) : flows.map(({ at }) => at as TimedFlow['time']);
  return effectiveAnnualRate(
    flows.map(({ amount }, index) => ({
      time: times[index] as TimedFlow['time'],
      amount: scaledInteger(amount, places),
    })),
  );
}

function timesOf(flows: ReadBy<typeof euInput>['flows']) {
  const dates = flows.map(({ on }) => on as CalendarDate);
  const drawn = dates.filter((_, index) => flows[index]?.amount.isPositive());
  const origin = (drawn.length > 0 ? drawn : dates).reduce((first, next) => (next < first ? next : first));
  return yearsFrom(origin, dates);
}

function nominalRate({ advance, advances, payments, unitPeriodsPerYear }: ReadBy<typeof nominalInput>): bigint {
  if (advance && advances) refuseField('/advances', 'one_of', 'does not go with advance');
  if (!advance && !advances) refuseField('/advance', 'required', 'is required');
  const drawn = advance ? [{ unitPeriods: 0, fraction: ratio(0n), amount: advance }] : (advances ?? []);
  const places = decimalPlaces([...drawn, ...payments]);
  const signed = (flows: typeof payments, sign: bigint): UnitPeriodFlow[] =>
    flows.map((each) => ({ ...each, amount: sign * scaledInteger(each.amount, places) }));
  return nominalAnnualRate([...signed(drawn, 1n), ...signed(payments, -1n)], unitPeriodsPerYear);
}

function decimalPlaces(flows: readonly { readonly amount: Exact }[]): number {
  return flows.reduce((most, { amount }) => Math.max(most, amount.decimalPlaces()), 0);
}
