/** What the rules against gaming the clock look at. */
export interface PauseFacts {
  /** Requests for information that the case already had. */
  readonly earlierRequests: number;
  /** Share of the working time used, 0 to 1 and above. */
  readonly shareUsed: number;
  /** Share from which a pause needs a review lead. */
  readonly leadFrom: number;
  readonly byLead: boolean;
}

/**
 * A pause stops the clock, so it is kept scarce: one bundled request, and none when most of the time is gone,
 * unless a review lead answers for it.
 */
export function judgePause(facts: PauseFacts): 'allowed' | 'second_request' | 'too_late' {
  if (facts.byLead) return 'allowed';
  if (facts.earlierRequests > 0) return 'second_request';
  return facts.shareUsed >= facts.leadFrom ? 'too_late' : 'allowed';
}
