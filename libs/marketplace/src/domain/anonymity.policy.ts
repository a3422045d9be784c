/** Names the rule below in what is kept of a decision; another rule gets another name. */
export const anonymityPolicy = 'cells-1';

/**
 * What a brief may show of a firm, in the order in which it is decided: what matters most for finding finance first. So when look-alikes
 * are few the staff band goes first, then revenue, age, the flags, the region (the country remains), the sector, the size class.
 */
export const anonymityOrder = [
  'sizeClass',
  'sector',
  'region',
  'womenLed',
  'rural',
  'ageBand',
  'revenueBand',
  'staffBand',
] as const;
export type BriefFact = (typeof anonymityOrder)[number];

type Value = string | null;
/** A combination of values and how many firms have it; flags are `yes` and `no`, null is not known. */
export type CellCount = Readonly<Partial<Record<BriefFact, Value>>> & { readonly firms: number };

/** What was decided about one fact. */
export interface FactDecision {
  readonly fact: BriefFact;
  readonly shown: boolean;
  /** The values that look alike from now on: the firm's own where it is shown, otherwise all that are hidden together. */
  readonly values: readonly Value[];
  /** Firms whose briefs look the same so far, this one among them. */
  readonly firms: number;
  /** The firms of the cell before by value, from which the decision can be made again. */
  readonly counts: readonly (readonly [Value, number])[];
}

/**
 * Decides one fact within a cell. Every value that fewer than `atLeast` firms have is hidden. Where those hidden are themselves too few,
 * the rarest of the shown values is hidden with them (complementary suppression), because who knows the rule would find them by
 * exclusion. So the firms of a cell fall into groups of at least `atLeast`, and the briefs of a group look the same.
 */
export function decideFact(
  fact: BriefFact,
  counts: readonly (readonly [Value, number])[],
  own: Value,
  atLeast: number,
): FactDecision {
  const ordered = [...counts].sort(([a, n], [b, m]) => n - m || (String(a) < String(b) ? -1 : 1));
  const hidden = ordered.filter(([value, firms]) => value === null || firms < atLeast);
  const shown = ordered.filter((count) => !hidden.includes(count));
  const firmsOf = (some: typeof counts): number => some.reduce((sum, [, firms]) => sum + firms, 0);
  while (hidden.length > 0 && firmsOf(hidden) < atLeast) {
    const rarest = shown.shift();
    if (!rarest) break;
    hidden.push(rarest);
  }
  const ownCount = shown.find(([value]) => value === own);
  const group = ownCount ? [ownCount] : hidden;
  return {
    fact,
    shown: ownCount !== undefined,
    values: group.map(([value]) => value),
    firms: firmsOf(group),
    counts: ordered,
  };
}

/** Decides the facts one after the other, each within the group that the one before left. */
export function decideFacts(
  facts: readonly BriefFact[],
  cells: readonly CellCount[],
  own: Readonly<Record<BriefFact, Value>>,
  atLeast: number,
): FactDecision[] {
  let group = cells;
  return facts.map((fact) => {
    const counts = new Map<Value, number>();
    for (const cell of group) {
      const value = cell[fact] ?? null;
      counts.set(value, (counts.get(value) ?? 0) + cell.firms);
    }
    const decision = decideFact(fact, [...counts], own[fact], atLeast);
    group = group.filter((cell) => decision.values.includes(cell[fact] ?? null));
    return decision;
  });
}

/** The facts as far as the decisions show them; a hidden one is null. */
export function shownFacts(
  own: Readonly<Record<BriefFact, Value>>,
  decisions: readonly FactDecision[],
): Record<BriefFact, Value> {
  const shown = new Set(decisions.filter((decision) => decision.shown).map(({ fact }) => fact));
  return Object.fromEntries(anonymityOrder.map((fact) => [fact, shown.has(fact) ? own[fact] : null])) as Record<
    BriefFact,
    Value
  >;
}
