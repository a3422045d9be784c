import { Lifecycle } from '#kernel';

/** What a maker of the anchor proposes for receivables and a checker decides. */
export const proposalLifecycle = new Lifecycle({
  name: 'receivable_proposal',
  initial: 'proposed',
  states: {
    proposed: 'waits for a checker; nothing is promised',
    approved: 'a checker agreed; the receivables follow one by one',
    applied: 'every receivable of it has its answer',
    rejected: 'refused by the checker',
    withdrawn: 'taken back by the maker',
  },
  transitions: {
    approve: { from: ['proposed'], to: 'approved', by: ['checker'], guard: 'another person than the maker' },
    apply: { from: ['approved'], to: 'applied', by: ['system'] },
    reject: { from: ['proposed'], to: 'rejected', by: ['checker'] },
    withdraw: { from: ['proposed'], to: 'withdrawn', by: ['maker'] },
  },
} as const);

export type ProposalState = keyof typeof proposalLifecycle.table.states;

/** What may be proposed; `accept_delivery` turns a confirmed order into the invoice. */
export const proposalActions = ['confirm', 'dispute', 'reject', 'reduce', 'accept_delivery'] as const;
export type ProposalAction = (typeof proposalActions)[number];

/** What binds the anchor to pay, so that maker and checker agree to the undertaking. */
export const bindingActions: readonly ProposalAction[] = ['confirm', 'accept_delivery'];
