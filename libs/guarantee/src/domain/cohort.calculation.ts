import { Exact } from '#finance';
import { isTooFew } from './small-cells.policy.js';

/** What became of one firm: a measure before the decision and after it, in plain decimals. */
export interface FirmOutcome {
  readonly before: string;
  readonly after: string;
}

export interface CohortMeans {
  readonly firms: number;
  readonly before: string;
  readonly after: string;
  readonly change: string;
}

export interface CohortComparison {
  readonly measure: string;
  /** Null where so few firms stand behind it that single ones would show. */
  readonly guaranteed: CohortMeans | null;
  readonly declined: CohortMeans | null;
  /** The change of the guaranteed less the change of the declined (difference in differences); null when either is hidden. */
  readonly effect: string | null;
}

/**
 * Compares firms that got a guarantee with applicants that were declined: how a measure changed for each, and how much more it changed for
 * the guaranteed. It shows a difference, not its cause: declined firms differ from the others, and the page says so.
 */
export function compareCohorts(
  measure: string,
  guaranteed: readonly FirmOutcome[],
  declined: readonly FirmOutcome[],
  smallest: number,
): CohortComparison {
  const treated = means(guaranteed, smallest);
  const control = means(declined, smallest);
  const effect = treated && control ? new Exact(treated.change).minus(control.change).toFixed(2) : null;
  return { measure, guaranteed: treated, declined: control, effect };
}

function means(firms: readonly FirmOutcome[], smallest: number): CohortMeans | null {
  if (firms.length === 0 || isTooFew(firms.length, smallest)) return null;
  const mean = (values: readonly string[]) =>
    values.reduce((sum, value) => sum.plus(value), new Exact(0)).div(values.length);
  const before = mean(firms.map((firm) => firm.before));
  const after = mean(firms.map((firm) => firm.after));
  return {
    firms: firms.length,
    before: before.toFixed(2),
    after: after.toFixed(2),
    change: after.minus(before).toFixed(2),
  };
}
