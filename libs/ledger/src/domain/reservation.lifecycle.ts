import { Lifecycle } from '#kernel';

/**
 * A two-phase transfer: the amount is reserved, then posted (in whole or in part) or given back, once.
 * The state is not stored: it follows from which transfer resolves the reservation.
 */
export const reservationLifecycle = new Lifecycle({
  name: 'reservation',
  initial: 'pending',
  states: {
    pending: 'the amount is held on both accounts and moved on neither',
    posted: 'the amount, or the part that was posted, is moved; the rest is free again',
    voided: 'the amount is free again',
    expired: 'its time passed, the amount is free again',
  },
  transitions: {
    post: { from: ['pending'], to: 'posted', by: ['context'], guard: 'before its time is over, at most the amount' },
    void: { from: ['pending'], to: 'voided', by: ['context'] },
    expire: { from: ['pending'], to: 'expired', by: ['clock'], guard: 'at or after its time' },
  },
} as const);

export type ReservationState = keyof typeof reservationLifecycle.table.states;

/** How the reference of the transfer that gives back an expired reservation begins; contexts may not use it. */
export const expiryReferencePrefix = 'ledger.expire:';

/** The state that a reservation is in, from the transfer that resolves it. */
export function reservationState(
  resolution: { readonly kind: string; readonly reference: string } | undefined,
): ReservationState {
  if (!resolution) return reservationLifecycle.initial;
  if (resolution.kind === 'post_reserved') return reservationLifecycle.after('pending', 'post', 'context');
  return resolution.reference.startsWith(expiryReferencePrefix)
    ? reservationLifecycle.after('pending', 'expire', 'clock')
    : reservationLifecycle.after('pending', 'void', 'context');
}
