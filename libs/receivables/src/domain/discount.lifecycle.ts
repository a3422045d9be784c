import { Lifecycle } from '#kernel';

/** An anchor's programme to pay early from its own cash. */
export const discountProgrammeLifecycle = new Lifecycle({
  name: 'discount_programme',
  initial: 'proposed',
  states: {
    proposed: 'waits for a checker',
    live: 'suppliers may ask to be paid early',
    paused: 'takes no new asks for now',
    rejected: 'refused by the checker',
    ended: 'over',
  },
  transitions: {
    approve: { from: ['proposed'], to: 'live', by: ['checker'], guard: 'not the person who proposed it' },
    reject: { from: ['proposed'], to: 'rejected', by: ['checker'], guard: 'not the person who proposed it' },
    pause: { from: ['live'], to: 'paused', by: ['maker'] },
    resume: { from: ['paused'], to: 'live', by: ['checker'] },
    end: { from: ['proposed', 'live', 'paused'], to: 'ended', by: ['maker'] },
  },
} as const);

export type DiscountProgrammeState = keyof typeof discountProgrammeLifecycle.table.states;
export type DiscountProgrammeAction = keyof typeof discountProgrammeLifecycle.table.transitions;

/** A supplier's ask to be paid early: at the programme's rate at once, or at a rate that it names. */
export const discountAskLifecycle = new Lifecycle({
  name: 'discount_ask',
  initial: 'asked',
  states: {
    asked: 'waits for the round that gives out the money of its day',
    agreed: 'the anchor pays it on its day, less the discount',
    paid: 'paid early',
    refused: 'the money of the day went to others, or the rate was below the floor',
    withdrawn: 'taken back by the supplier before it was agreed',
    lapsed: 'the anchor did not pay on the day agreed; the certificate is free again',
  },
  transitions: {
    agree: {
      from: ['asked'],
      to: 'agreed',
      by: ['supplier', 'clock', 'anchor'],
      guard: 'within the budget of the day',
    },
    refuse: { from: ['asked'], to: 'refused', by: ['clock', 'anchor'] },
    withdraw: { from: ['asked'], to: 'withdrawn', by: ['supplier'] },
    pay: { from: ['agreed'], to: 'paid', by: ['settlement'] },
    reopen: { from: ['paid'], to: 'agreed', by: ['settlement'], guard: 'the bank took the payment back' },
    lapse: { from: ['agreed'], to: 'lapsed', by: ['clock'] },
  },
} as const);

export type DiscountAskState = keyof typeof discountAskLifecycle.table.states;
export type DiscountAskAction = keyof typeof discountAskLifecycle.table.transitions;
