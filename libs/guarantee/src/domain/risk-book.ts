import {
  decimal,
  type Exact,
  integer,
  list,
  object,
  oneOf,
  optional,
  readRuleBook,
  refuseRuleBook,
  type RuleBookHeader,
  ruleBookHeaderShape,
  text,
  withDefault,
} from '#finance';
import { type ClaimClause, claimClausesReader } from './claim-clauses.js';
import type { LossTable, StressScenario } from './expected-loss.calculation.js';
import { type Ppm, ppmOfPercent } from './share.js';

/** `published`: taken from the source named; `experience`: from the scheme's own loans; `provisional`: a starting value that nothing stands behind. */
export const valueStatuses = ['published', 'experience', 'provisional'] as const;
export type ValueStatus = (typeof valueStatuses)[number];

/** Where one value of the book comes from. */
export interface ValueBasis {
  readonly status: ValueStatus;
  readonly source: string;
}

/** How a country's portal looks at the risk of its schemes. Kept under config/countries/<cc>/guarantee-risk.json. */
export interface RiskBook extends RuleBookHeader {
  readonly aliases: readonly string[];
  readonly losses: LossTable;
  readonly scenarios: readonly (StressScenario & { readonly title: string })[];
  /** Ages at which vintages are compared, and how far above the older ones warns. */
  readonly vintageMonths: readonly number[];
  readonly vintageFactor: Ppm;
  /** Share of a cap from which a holding is near it. */
  readonly nearCap: Ppm;
  /** Published figures of fewer records than this are hidden. */
  readonly smallestCell: number;
  /** Days before money goes to an account that was entered or changed. */
  readonly coolingDays: number;
  /** Years after which a board looks again at what it adopted. */
  readonly policyYears: number;
  /** Status and source of each value: `grades/BB`, `scenarios/mild`, `lgd` … */
  readonly basis: ReadonlyMap<string, ValueBasis>;
  /** Clauses about claims that stand in where a scheme has none of that kind. */
  readonly claims: readonly ClaimClause[];
}

const percent = decimal({ min: '0', max: '100' });
const factor = decimal({ min: '0', max: '1000' });

const valueBasis = object({ status: oneOf(valueStatuses), source: text({ max: 400 }) });

const reader = object({
  kind: oneOf(['guarantee-risk']),
  ...ruleBookHeaderShape,
  aliases: withDefault(list(text({ max: 10 }), { min: 0, max: 20 }), []),
  note: optional(text({ max: 2000 })),
  grades: list(object({ grade: text({ max: 8 }), pd: percent, pdLifetime: percent }), { min: 1, max: 30 }),
  ungraded: text({ max: 8 }),
  lgd: percent,
  watchAboveDays: integer({ min: 1, max: 365 }),
  defaultAboveDays: integer({ min: 1, max: 365 }),
  scenarios: list(
    object({
      id: text({ max: 40 }),
      title: text({ max: 200 }),
      pdTimes: factor,
      lgdPlus: percent,
      recoveriesLost: percent,
    }),
    { min: 1, max: 20 },
  ),
  vintageMonths: list(integer({ min: 1, max: 240 }), { min: 1, max: 20 }),
  vintageFactor: factor,
  nearCap: percent,
  smallestCell: integer({ min: 2, max: 100 }),
  coolingDays: integer({ min: 0, max: 60 }),
  policyYears: integer({ min: 1, max: 20 }),
  basis: {
    read(value: unknown, pointer: string, problems: Parameters<ReturnType<typeof text>['read']>[2]) {
      const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
      return object(Object.fromEntries(names.map((name) => [name, valueBasis]))).read(value, pointer, problems);
    },
  },
  claims: claimClausesReader,
});

/** Reads the book from JSON; throws `rule_book_malformed` with every field at fault. */
export function readRiskBook(value: unknown): RiskBook {
  const read = readRuleBook(value, reader, 'guarantee risk');
  assertBased(read);
  const {
    grades,
    ungraded,
    lgd,
    watchAboveDays,
    defaultAboveDays,
    scenarios,
    kind: _kind,
    note: _note,
    basis,
    ...rest
  } = read;
  return {
    ...rest,
    claims: rest.claims as readonly ClaimClause[],
    losses: {
      grades: grades.map(({ grade, pd, pdLifetime }) => ({ grade, pd: share(pd), pdLifetime: share(pdLifetime) })),
      ungraded,
      lgd: share(lgd),
      watchAbove: watchAboveDays,
      defaultAbove: defaultAboveDays,
    },
    scenarios: scenarios.map(({ pdTimes, lgdPlus, recoveriesLost, ...named }) => ({
      ...named,
      pdTimes: share(pdTimes.times(100)),
      lgdPlus: share(lgdPlus),
      recoveriesLost: share(recoveriesLost),
    })),
    vintageFactor: share(read.vintageFactor.times(100)),
    nearCap: share(read.nearCap),
    basis: new Map(Object.entries(basis as Readonly<Record<string, ValueBasis>>)),
  };
}

const plainValues = [
  'ungraded',
  'lgd',
  'watchAboveDays',
  'defaultAboveDays',
  'vintageMonths',
  'vintageFactor',
  'nearCap',
  'smallestCell',
  'coolingDays',
  'policyYears',
] as const;

/** Refuses a book with a value whose status and source are not named, or with a basis of a value that it does not have. */
function assertBased({
  grades,
  scenarios,
  basis,
}: {
  readonly grades: readonly { readonly grade: string }[];
  readonly scenarios: readonly { readonly id: string }[];
  readonly basis: object;
}): void {
  const values = [
    ...grades.map(({ grade }) => `grades/${grade}`),
    ...scenarios.map(({ id }) => `scenarios/${id}`),
    ...plainValues,
  ];
  const named = new Set(Object.keys(basis));
  const fields = [
    ...values
      .filter((name) => !named.has(name))
      .map((name) => ({ name, message: `names no status and source of ${name}` })),
    ...[...named].filter((name) => !values.includes(name)).map((name) => ({ name, message: `has no value ${name}` })),
  ].map(({ name, message }) => ({ pointer: `/basis/${name}`, rule: 'basis', message }));
  if (fields.length > 0) refuseRuleBook('guarantee risk', fields);
}

function share(percentage: Exact): Ppm {
  return ppmOfPercent(percentage.toFixed());
}
