/** The last minutes of a ranked competition: long enough to answer a late best offer, and never endless. */
export interface ClosingRule {
  readonly extensionMinutes: number;
  readonly extensionsAtMost: number;
}

/**
 * The new close when a binding offer takes rank 1 at `now`, or null when the close stands. Only ranked competitions
 * extend: a sealed one has nothing to react to.
 */
export function extendedClose(
  competition: { readonly mode: 'sealed' | 'ranked'; readonly closesAt: Date; readonly extensions: number },
  offer: { readonly binding: boolean; readonly rank: number },
  now: Date,
  rule: ClosingRule,
): Date | null {
  const span = rule.extensionMinutes * 60_000;
  const left = competition.closesAt.getTime() - now.getTime();
  // After the close an indicative offer may still be replaced by the binding one that was asked for: that opens nothing again.
  const late = left > 0 && left <= span;
  const counts =
    competition.mode === 'ranked' &&
    offer.binding &&
    offer.rank === 1 &&
    late &&
    competition.extensions < rule.extensionsAtMost;
  return counts ? new Date(competition.closesAt.getTime() + span) : null;
}
