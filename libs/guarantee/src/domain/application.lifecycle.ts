import { Lifecycle } from '#kernel';

/** The life of a lender's application for a guarantee. Under a portfolio agreement it is approved by the agreement's rules. */
export const applicationLifecycle = new Lifecycle({
  name: 'guarantee_application',
  initial: 'draft',
  states: {
    draft: 'prepared by the lender; the guarantor does not see it',
    submitted: 'handed in; the review clock runs',
    in_review: 'somebody of the guarantor works on it',
    information_requested: 'the clock waits for the lender',
    approved: 'a letter of intent can be drawn until its day',
    declined: 'refused; the clauses that it breaks are cited',
  },
  transitions: {
    submit: { from: ['draft'], to: 'submitted', by: ['lender'], guard: 'the enterprise’s written consent is recorded' },
    take_up: { from: ['submitted'], to: 'in_review', by: ['guarantor'] },
    request_information: {
      from: ['submitted', 'in_review'],
      to: 'information_requested',
      by: ['guarantor'],
    },
    answer: { from: ['information_requested'], to: 'in_review', by: ['lender'] },
    withdraw: { from: ['submitted', 'in_review', 'information_requested'], to: 'draft', by: ['lender'] },
    return: { from: ['information_requested'], to: 'draft', by: ['clock'], guard: 'the lender stayed silent' },
    approve: {
      from: ['submitted', 'in_review'],
      to: 'approved',
      by: ['guarantor', 'agreement'],
      guard: 'every clause holds; proposed by one person, approved by another within the limit',
    },
    decline: {
      from: ['submitted', 'in_review'],
      to: 'declined',
      by: ['guarantor', 'agreement'],
      guard: 'cites clauses',
    },
  },
} as const);

export type ApplicationState = keyof typeof applicationLifecycle.table.states;
export type ApplicationAction = keyof typeof applicationLifecycle.table.transitions;
export type ApplicationParty = 'lender' | 'guarantor' | 'agreement' | 'clock';
