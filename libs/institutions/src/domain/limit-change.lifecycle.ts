import { Lifecycle } from '#kernel';

/** New limits of a mandate: a maker proposes, a second person decides. */
export const limitChangeLifecycle = new Lifecycle({
  name: 'limit_change',
  initial: 'proposed',
  states: {
    proposed: 'waits for a checker; the limits before it still hold',
    approved: 'in force from the approval on',
    rejected: 'refused by the checker',
    withdrawn: 'taken back by the maker',
  },
  transitions: {
    approve: { from: ['proposed'], to: 'approved', by: ['checker'], guard: 'not the person who proposed it' },
    reject: { from: ['proposed'], to: 'rejected', by: ['checker'], guard: 'not the person who proposed it' },
    withdraw: { from: ['proposed'], to: 'withdrawn', by: ['maker'] },
  },
} as const);

export type LimitChangeState = keyof typeof limitChangeLifecycle.table.states;
export type LimitChangeAction = keyof typeof limitChangeLifecycle.table.transitions;
