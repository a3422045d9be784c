import { Lifecycle } from '#kernel';

/** A rule that bids by itself. Its terms never change: another price is another rule, seen by two people again. */
export const autoBidLifecycle = new Lifecycle({
  name: 'auto_bid_rule',
  initial: 'proposed',
  states: {
    proposed: 'waits for a checker; does not bid',
    approved: 'bids once on every request that its mandate matches',
    paused: 'does not bid for now',
    rejected: 'refused by the checker',
    ended: 'never bids again',
  },
  transitions: {
    approve: { from: ['proposed'], to: 'approved', by: ['checker'], guard: 'not the person who proposed it' },
    reject: { from: ['proposed'], to: 'rejected', by: ['checker'], guard: 'not the person who proposed it' },
    pause: { from: ['approved'], to: 'paused', by: ['maker'] },
    resume: { from: ['paused'], to: 'approved', by: ['checker'], guard: 'not the person who proposed it' },
    recheck: {
      from: ['approved', 'paused'],
      to: 'proposed',
      by: ['maker'],
      guard: 'its mandate has changed, so what was approved is no longer what it would do',
    },
    end: { from: ['proposed', 'approved', 'paused'], to: 'ended', by: ['maker'] },
  },
} as const);

export type AutoBidState = keyof typeof autoBidLifecycle.table.states;
export type AutoBidAction = keyof typeof autoBidLifecycle.table.transitions;
