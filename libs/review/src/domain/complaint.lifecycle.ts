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
    information_requested: 'waits for what the complainant was asked; the clock stands still',
    answered: 'answered with a ruling and reasons',
    withdrawn: 'taken back by who filed it',
    returned: 'given back because the complainant did not answer; it can be filed again',
  },
  transitions: {
    answer: { from: ['filed'], to: 'answered', by: ['operator'], guard: 'by the reviewer of its case, or a lead' },
    request_information: {
      from: ['filed'],
      to: 'information_requested',
      by: ['operator'],
      guard: 'by the reviewer of its case, or a lead; a second request needs a lead',
    },
    answer_information: { from: ['information_requested'], to: 'filed', by: ['complainant'] },
    withdraw: { from: ['filed', 'information_requested'], to: 'withdrawn', by: ['complainant'] },
    return: {
      from: ['information_requested'],
      to: 'returned',
      by: ['clock'],
      guard: 'silence for the working days of the rule book',
    },
  },
} as const);
export type ComplaintState = 'filed' | 'information_requested' | 'answered' | 'withdrawn' | 'returned';
