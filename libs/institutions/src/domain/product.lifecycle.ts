import { Lifecycle } from '#kernel';

/** What a financier offers to the public. */
export const productLifecycle = new Lifecycle({
  name: 'product',
  initial: 'draft',
  states: {
    draft: 'seen by its institution only',
    published: 'seen by everybody',
    withdrawn: 'no longer offered',
  },
  transitions: {
    publish: {
      from: ['draft', 'withdrawn'],
      to: 'published',
      by: ['maker'],
      guard: 'the financier is verified',
    },
    withdraw: { from: ['published'], to: 'withdrawn', by: ['maker'] },
  },
} as const);

export type ProductState = keyof typeof productLifecycle.table.states;
export type ProductAction = keyof typeof productLifecycle.table.transitions;
