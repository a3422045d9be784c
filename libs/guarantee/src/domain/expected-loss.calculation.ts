import { divideRounded } from '#finance';
import { type Ppm, portionOf, whole } from './share.js';

/** How the risk of a guarantee is seen, by the days past due that its lender reported. */
export const riskStages = ['performing', 'watch', 'default'] as const;
export type RiskStage = (typeof riskStages)[number];

/** One row of the table of default probabilities. */
export interface GradeRisk {
  readonly grade: string;
  /** Probability of default within twelve months. */
  readonly pd: Ppm;
  /** Probability of default until the end, for guarantees on watch. */
  readonly pdLifetime: Ppm;
}

export interface LossTable {
  readonly grades: readonly GradeRisk[];
  /** The grade whose row stands for guarantees without one. */
  readonly ungraded: string;
  /** Share of the guaranteed amount that is lost on default. */
  readonly lgd: Ppm;
  /** Days past due above which a guarantee is on watch, and in default. */
  readonly watchAbove: number;
  readonly defaultAbove: number;
}

export interface Exposure {
  readonly grade: string | null;
  readonly daysPastDue: number;
  readonly guaranteedMinor: bigint;
  /** How many guarantees this is the sum of; one when left out. */
  readonly guarantees?: number;
}

export interface ProvisionLine {
  readonly grade: string;
  readonly stage: RiskStage;
  readonly guarantees: number;
  readonly guaranteedMinor: bigint;
  readonly pd: Ppm;
  readonly lgd: Ppm;
  /** PD × LGD × guaranteed outstanding, rounded half up once for the line. */
  readonly expectedLossMinor: bigint;
}

export function stageOf(daysPastDue: number, { watchAbove, defaultAbove }: LossTable): RiskStage {
  if (daysPastDue > defaultAbove) return 'default';
  return daysPastDue > watchAbove ? 'watch' : 'performing';
}

/** Expected loss by grade and stage, in the order of the table; lines without guarantees are left out. */
export function expectedLoss(exposures: readonly Exposure[], table: LossTable): readonly ProvisionLine[] {
  const known = new Set(table.grades.map(({ grade }) => grade));
  const sums = new Map<string, { guarantees: number; guaranteedMinor: bigint }>();
  for (const { grade, daysPastDue, guaranteedMinor, guarantees = 1 } of exposures) {
    const key = `${grade !== null && known.has(grade) ? grade : table.ungraded}/${stageOf(daysPastDue, table)}`;
    const sum = sums.get(key) ?? { guarantees: 0, guaranteedMinor: 0n };
    sums.set(key, { guarantees: sum.guarantees + guarantees, guaranteedMinor: sum.guaranteedMinor + guaranteedMinor });
  }
  return table.grades.flatMap((row) =>
    riskStages.flatMap((stage) => {
      const sum = sums.get(`${row.grade}/${stage}`);
      if (!sum) return [];
      const pd = stage === 'default' ? whole : stage === 'watch' ? row.pdLifetime : row.pd;
      const expectedLossMinor = divideRounded(sum.guaranteedMinor * pd * table.lgd, whole * whole, 'half_up');
      return [{ grade: row.grade, stage, ...sum, pd, lgd: table.lgd, expectedLossMinor }];
    }),
  );
}

export function totalExpected(lines: readonly ProvisionLine[]): bigint {
  return lines.reduce((sum, { expectedLossMinor }) => sum + expectedLossMinor, 0n);
}

/** A worse world: default probabilities are multiplied, loss given default is added to; both at most 100 %. */
export interface StressScenario {
  readonly id: string;
  readonly pdTimes: Ppm;
  readonly lgdPlus: Ppm;
  /** Share of the recoveries still expected that does not come. */
  readonly recoveriesLost: Ppm;
}

export interface StressFacts {
  /** Paid-in capital, surplus and recoveries less provisions and claims paid: what bears losses. */
  readonly resourcesMinor: bigint;
  readonly provisionMinor: bigint;
  readonly expectedRecoveriesMinor: bigint;
  /** How many times the resources may be guaranteed. */
  readonly leverage: Ppm;
  /** What is reserved, in force and claimed. */
  readonly usedMinor: bigint;
}

export interface StressResult {
  readonly scenario: string;
  readonly expectedLossMinor: bigint;
  /** Loss beyond what is provided for, and recoveries that do not come. */
  readonly shortfallMinor: bigint;
  readonly resourcesAfterMinor: bigint;
  /** Below zero: new guarantees would stop. */
  readonly headroomAfterMinor: bigint;
  readonly survives: boolean;
}

/** What one scenario does to the scheme, in minor units. */
export function stress(
  exposures: readonly Exposure[],
  table: LossTable,
  facts: StressFacts,
  scenario: StressScenario,
): StressResult {
  const worse = (share: Ppm, times: Ppm, plus: Ppm): Ppm => {
    const value = portionOf(share, times, 'half_up') + plus;
    return value > whole ? whole : value;
  };
  const expectedLossMinor = totalExpected(
    expectedLoss(exposures, {
      ...table,
      lgd: worse(table.lgd, whole, scenario.lgdPlus),
      grades: table.grades.map((row) => ({
        ...row,
        pd: worse(row.pd, scenario.pdTimes, 0n),
        pdLifetime: worse(row.pdLifetime, scenario.pdTimes, 0n),
      })),
    }),
  );
  const beyond = expectedLossMinor > facts.provisionMinor ? expectedLossMinor - facts.provisionMinor : 0n;
  const shortfallMinor = beyond + portionOf(facts.expectedRecoveriesMinor, scenario.recoveriesLost, 'half_up');
  const resourcesAfterMinor = facts.resourcesMinor - shortfallMinor;
  const granted = resourcesAfterMinor > 0n ? portionOf(resourcesAfterMinor, facts.leverage, 'down') : 0n;
  return {
    scenario: scenario.id,
    expectedLossMinor,
    shortfallMinor,
    resourcesAfterMinor,
    headroomAfterMinor: granted - facts.usedMinor,
    survives: resourcesAfterMinor >= 0n,
  };
}
