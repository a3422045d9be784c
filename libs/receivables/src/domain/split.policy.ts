import { numberSkeleton } from './fingerprint.js';

/** A claim between the same two parties, as far as splitting is looked at. */
export interface Claim {
  readonly id: string;
  readonly number: string;
  readonly amountMinor: bigint;
}

/** How many parts are looked for where the numbers say nothing; numbers that begin alike may have `relatedParts`. */
export interface SplitRule {
  readonly parts: number;
  readonly relatedParts: number;
}

/** The most sums that one search tries: what is beyond is left to the parts with numbers alike. */
const sumsAtMost = 50_000;

/**
 * The other claims with which this one looks like one invoice that was split: it is their sum, or it and some of them add up to
 * another. Empty when nothing adds up.
 */
export function splitPartners(claim: Claim, others: readonly Claim[], rule: SplitRule): readonly string[] {
  const found = new Set((partsOf(claim, others, rule) ?? []).map(({ id }) => id));
  for (const whole of others) {
    if (whole.amountMinor <= claim.amountMinor) continue;
    const rest = others.filter(({ id }) => id !== whole.id);
    const parts = partsOf(whole, rest, rule, claim);
    for (const { id } of parts ? [whole, ...parts] : []) found.add(id);
  }
  return [...found];
}

/** At least two parts that add up to the whole; `given` is one of them and is not answered. */
function partsOf(
  whole: Claim,
  candidates: readonly Claim[],
  rule: SplitRule,
  given?: Claim,
): readonly Claim[] | undefined {
  const stem = numberSkeleton(whole.number);
  const isRelated = ({ number }: Claim) => stem !== '' && numberSkeleton(number).startsWith(stem);
  const wanted = whole.amountMinor - (given?.amountMinor ?? 0n);
  const least = given ? 1 : 2;
  const smaller = candidates.filter(({ amountMinor }) => amountMinor <= wanted);
  const related = !given || isRelated(given) ? smaller.filter(isRelated) : [];
  const taken = given ? 1 : 0;
  return (
    subsetWithSum(related, wanted, least, rule.relatedParts - taken) ??
    subsetWithSum(smaller, wanted, least, rule.parts - taken)
  );
}

/** Between `least` and `most` of the claims that add up to `wanted`; undefined when none do, or when trying took too long. */
function subsetWithSum(
  claims: readonly Claim[],
  wanted: bigint,
  least: number,
  most: number,
): readonly Claim[] | undefined {
  const sorted = [...claims].sort((a, b) =>
    a.amountMinor > b.amountMinor ? -1 : a.amountMinor < b.amountMinor ? 1 : 0,
  );
  let tried = 0;
  const search = (from: number, left: bigint, chosen: readonly Claim[]): readonly Claim[] | undefined => {
    if (left === 0n) return chosen.length >= least ? chosen : undefined;
    if (chosen.length === most) return undefined;
    for (let index = from; index < sorted.length; index++) {
      if (++tried > sumsAtMost) return undefined;
      const claim = sorted[index] as Claim;
      if (claim.amountMinor > left) continue;
      const found = search(index + 1, left - claim.amountMinor, [...chosen, claim]);
      if (found) return found;
    }
    return undefined;
  };
  return search(0, wanted, []);
}
