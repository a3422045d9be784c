import { Lifecycle } from '#kernel';

/** The life of a mandate. Only a live one is matched; a paused one keeps its limits and its reservations. */
export const mandateLifecycle = new Lifecycle({
  name: 'mandate',
  initial: 'draft',
  states: {
    draft: 'being prepared; never matched',
    live: 'matched from its first to its last day',
    paused: 'not matched for now',
    ended: 'never matched again; kept for the record',
  },
  transitions: {
    publish: {
      from: ['draft'],
      to: 'live',
      by: ['maker'],
      guard: 'a checker approved the limits, and the financier is verified',
    },
    pause: { from: ['live'], to: 'paused', by: ['maker'] },
    resume: { from: ['paused'], to: 'live', by: ['maker'], guard: 'the financier is verified' },
    end: { from: ['draft', 'live', 'paused'], to: 'ended', by: ['maker', 'system'] },
  },
} as const);

export type MandateState = keyof typeof mandateLifecycle.table.states;
export type MandateAction = keyof typeof mandateLifecycle.table.transitions;
