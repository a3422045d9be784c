import type { CalendarDate } from '#kernel';
import {
  type Calculator,
  date,
  decimalRatio,
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
import { printScaled, type Ratio, ratio } from '../ratio.js';
import { nominalAnnualRate, type UnitPeriodFlow } from './appendix-j.js';
import { effectiveAnnualRate, effectiveAnnualRateOfTable } from './effective-annual-rate.js';
import type { FlowTable } from './flow-table.js';
import { plainFlows } from './plain-flows.js';
import { yearsFrom } from './year-intervals.js';

const maxFlows = 10_000;
const flowCounts = { min: 2, max: maxFlows };
const flowAmount = decimalRatio({ min: -1e15, max: 1e15 });

const flow = object({
  at: optional(exactRatio({ min: -200, max: 200 })),
  on: optional(date),
  amount: flowAmount,
});

const unitPeriodFlow = object({
  unitPeriods: integer({ min: 0, max: 100_000 }),
  fraction: withDefault(exactRatio({ min: 0, max: 1 }), ratio(0n)),
  amount: decimalRatio({ positive: true, max: 1e15 }),
});

const euInput = object({ method: oneOf(['eu']), flows: list(flow, flowCounts) });

const nominalInput = object({
  method: oneOf(['nominal']),
  unitPeriodsPerYear: exactRatio({ positive: true, max: 366 }),
  advance: optional(decimalRatio({ positive: true, max: 1e15 })),
  advances: optional(list(unitPeriodFlow, { max: maxFlows })),
  payments: list(unitPeriodFlow, { max: maxFlows }),
});

const byMethod: Reader<ReadBy<typeof euInput> | ReadBy<typeof nominalInput>> = {
  read(value, pointer, problems) {
    if (typeof value !== 'object' || value === null) return euInput.read(value, pointer, problems);
    const method = 'method' in value ? value.method : undefined;
    if (method === 'eu') return euInput.read(value, pointer, problems);
    if (method === 'nominal') return nominalInput.read(value, pointer, problems);
    return object({ method: oneOf(['eu', 'nominal']) }).read({ method }, pointer, problems) as never;
  },
};

/** `calc apr`: the rate in percent a year with six decimals, proven to the last one. */
export const aprCalculator: Calculator = (input) => {
  const plain = plainEuFlows(input);
  if (plain) return { apr: printScaled(effectiveAnnualRateOfTable(plain), 6) };
  const read = readInput(input, byMethod);
  const rate = read.method === 'eu' ? euRate(read) : nominalRate(read);
  return { apr: printScaled(rate, 6) };
};

/** Flows in plain decimals, by far the most, without a reader's cost for each of them. */
function plainEuFlows(input: unknown): FlowTable | undefined {
  if (typeof input !== 'object' || input === null || Object.keys(input).length !== 2) return undefined;
  const { method, flows } = input as { readonly method?: unknown; readonly flows?: unknown };
  return method === 'eu' ? plainFlows(flows, flowCounts) : undefined;
}

function euRate({ flows }: ReadBy<typeof euInput>): bigint {
  const amounts = wholeAmounts(flows);
  const dated = flows.every(({ on }) => on !== undefined);
  flows.forEach(({ at, on }, index) => {
    if (at === undefined && on === undefined) refuseField(`/flows/${index}/at`, 'required', 'is required');
    if (at !== undefined && on !== undefined) refuseField(`/flows/${index}/on`, 'one_of', 'does not go with at');
    if (!dated && on !== undefined) refuseField(`/flows/${index}/on`, 'one_of', 'all flows have at, or all have on');
  });
  const times = dated ? timesOf(flows) : flows.map(({ at }) => at as Ratio);
  return effectiveAnnualRate(amounts.map((amount, index) => ({ time: times[index] as Ratio, amount })));
}

function timesOf(flows: ReadBy<typeof euInput>['flows']) {
  const dates = flows.map(({ on }) => on as CalendarDate);
  const drawn = dates.filter((_, index) => (flows[index]?.amount.numerator ?? 0n) > 0n);
  const origin = (drawn.length > 0 ? drawn : dates).reduce((first, next) => (next < first ? next : first));
  return yearsFrom(origin, dates);
}

function nominalRate({ advance, advances, payments, unitPeriodsPerYear }: ReadBy<typeof nominalInput>): bigint {
  if (advance && advances) refuseField('/advances', 'one_of', 'does not go with advance');
  if (!advance && !advances) refuseField('/advance', 'required', 'is required');
  const drawn = advance ? [{ unitPeriods: 0, fraction: ratio(0n), amount: advance }] : (advances ?? []);
  const all = [...drawn, ...payments];
  const amounts = wholeAmounts(all);
  const flows = all.map((each, index): UnitPeriodFlow => {
    const amount = amounts[index] as bigint;
    return { ...each, amount: index < drawn.length ? amount : -amount };
  });
  return nominalAnnualRate(flows, unitPeriodsPerYear);
}

/** Every amount as whole units of the finest decimal among them. */
function wholeAmounts(flows: readonly { readonly amount: Ratio }[]): bigint[] {
  const finest = flows.reduce((most, { amount }) => (amount.denominator > most ? amount.denominator : most), 1n);
  return flows.map(({ amount }) => amount.numerator * (finest / amount.denominator));
}
