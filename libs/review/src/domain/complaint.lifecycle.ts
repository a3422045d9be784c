import { Lifecycle } from '#kernel';

export const complaintKinds = ['complaint', 'appeal'] as const;
export type ComplaintKind = (typeof complaintKinds)[number];

export const complaintOutcomes = ['upheld', 'partly_upheld', 'rejected'] as const;
export type ComplaintOutcome = (typeof complaintOutcomes)[number];

/** A complaint or an appeal; its clock is a review case of its own. */
export const complaintLifecycle = new Lifecycle({
  name: 'complaint',
  initial: 'filed',
  states: {
    filed: 'waits for the operator’s answer',
    answered: 'answered with a ruling and reasons',
    withdrawn: 'taken back by who filed it',
  },
  transitions: {
    answer: { from: ['filed'], to: 'answered', by: ['operator'], guard: 'by the reviewer of its case, or a lead' },
    withdraw: { from: ['filed'], to: 'withdrawn', by: ['complainant'] },
  },
} as const);
export type ComplaintState = 'filed' | 'answered' | 'withdrawn';
