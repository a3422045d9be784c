import { type Money, money } from '#kernel';
import { clearTimers, type Transaction } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { isNoWorse } from '../domain/ranking.policy.js';
import type { StandingIndicative } from '../persistence/bid.query.js';
import { lockOffer, moveOffer } from './records.js';

/** The enterprise chose this indicative offer, and the time to answer with a binding one is not over: the close does not count. */
export function wasAskedToBind(indicative: StandingIndicative | undefined, now: Date): boolean {
  return indicative !== undefined && indicative.bindingDue !== null && now <= indicative.bindingDue;
}

/** The indicative offer steps back for the financier's binding one, which must be no worse than what was indicated. */
export async function giveWayToBinding(
  tx: Transaction,
  indicative: StandingIndicative,
  binding: { readonly amount: Money; readonly apr: string },
  now: Date,
): Promise<void> {
  const offer = await lockOffer(tx, indicative.id);
  const before = { amount: money(offer.amountMinor, offer.currency), apr: Number(offer.apr) };
  if (!isNoWorse(before, { amount: binding.amount, apr: Number(binding.apr) })) {
    throw marketplaceError('offer_not_better', {
      detail: `The binding offer is worse than the indicative one (${offer.apr} % for at least the same amount was indicated).`,
    });
  }
  const step = { at: now, audience: [offer.financierId], reason: { reason: 'replaced by a binding offer' } };
  await moveOffer(tx, offer, 'withdraw', 'maker', step);
  await clearTimers(tx, offer.id, [marketTimers.offerExpiry]);
}
