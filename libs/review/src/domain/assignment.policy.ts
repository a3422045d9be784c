export interface Candidate {
  readonly personId: string;
  /** Cases, running or paused, that the person has now. */
  readonly load: number;
}

/**
 * The reviewer with the least load; among equals the one who comes first after `turn` (the case's own id), so that
 * two processes that see the same loads do not both choose the first of the list. Null when everybody is excluded.
 */
export function chooseReviewer(
  candidates: readonly Candidate[],
  excluded: ReadonlySet<string>,
  turn: string,
): string | null {
  const free = candidates.filter(({ personId }) => !excluded.has(personId));
  const least = Math.min(...free.map(({ load }) => load));
  const equals = free.filter(({ load }) => load === least).map(({ personId }) => personId);
  if (equals.length === 0) return null;
  equals.sort();
  return equals[turnOf(turn, equals.length)] ?? null;
}

/** The last bytes of a UUIDv7 are random: they spread cases evenly. */
function turnOf(id: string, count: number): number {
  return Number.parseInt(id.slice(-8), 16) % count;
}
