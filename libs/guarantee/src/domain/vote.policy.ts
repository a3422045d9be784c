export const votes = ['for', 'against', 'abstain'] as const;
export type Vote = (typeof votes)[number];

/**
 * Carried when more than half of those who may vote are for it; rejected when that can no longer be reached. With nobody who
 * may vote nothing is ever carried.
 */
export function countVotes(cast: readonly Vote[], eligible: number): 'carried' | 'rejected' | 'open' {
  if (eligible === 0) return 'open';
  const inFavour = cast.filter((vote) => vote === 'for').length;
  const notYet = eligible - cast.length;
  if (inFavour * 2 > eligible) return 'carried';
  return (inFavour + notYet) * 2 <= eligible ? 'rejected' : 'open';
}
