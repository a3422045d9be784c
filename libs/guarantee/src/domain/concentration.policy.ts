import { type Ppm, portionOf, shareOf, whole } from './share.js';

export const concentrationAxes = ['enterprise', 'lender', 'sector', 'region', 'vintage'] as const;
export type ConcentrationAxis = (typeof concentrationAxes)[number];

/** Guaranteed amount under one key of one axis, such as one sector, with the cap of the scheme's clause. */
export interface Holding {
  readonly key: string;
  readonly guaranteedMinor: bigint;
  /** Largest amount allowed for this key; null where no clause caps it. */
  readonly capMinor: bigint | null;
}

export interface ConcentrationLine extends Holding {
  /** Share of the whole portfolio. */
  readonly share: Ppm;
  readonly capUsed: Ppm | null;
  readonly standing: 'within' | 'near' | 'at_cap' | 'over';
}

export interface Concentration {
  readonly axis: ConcentrationAxis;
  /** Herfindahl–Hirschman index from 0 to 10,000, half-up: 10,000 is everything under one key. */
  readonly herfindahl: number;
  /** Largest first. */
  readonly lines: readonly ConcentrationLine[];
}

/** The concentration along one axis; `nearFrom` is the share of a cap from which a holding is near it. */
export function concentration(axis: ConcentrationAxis, holdings: readonly Holding[], nearFrom: Ppm): Concentration {
  const total = holdings.reduce((sum, { guaranteedMinor }) => sum + guaranteedMinor, 0n);
  const squares = holdings.reduce((sum, { guaranteedMinor }) => sum + guaranteedMinor * guaranteedMinor, 0n);
  const herfindahl = total === 0n ? 0 : Number((squares * 20_000n + total * total) / (total * total * 2n));
  const lines = holdings
    .map((holding) => ({
      ...holding,
      share: shareOf(holding.guaranteedMinor, total),
      ...standingOf(holding, nearFrom),
    }))
    .sort((a, b) =>
      a.guaranteedMinor === b.guaranteedMinor
        ? a.key < b.key
          ? -1
          : 1
        : a.guaranteedMinor > b.guaranteedMinor
          ? -1
          : 1,
    );
  return { axis, herfindahl, lines };
}

function standingOf({ guaranteedMinor, capMinor }: Holding, nearFrom: Ppm) {
  if (capMinor === null) return { capUsed: null, standing: 'within' as const };
  const capUsed = capMinor === 0n ? (guaranteedMinor === 0n ? 0n : whole) : shareOf(guaranteedMinor, capMinor);
  if (guaranteedMinor > capMinor) return { capUsed, standing: 'over' as const };
  if (guaranteedMinor === capMinor) return { capUsed, standing: 'at_cap' as const };
  const near = guaranteedMinor >= portionOf(capMinor, nearFrom, 'up');
  return { capUsed, standing: near ? ('near' as const) : ('within' as const) };
}
