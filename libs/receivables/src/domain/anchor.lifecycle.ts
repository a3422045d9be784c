import { Lifecycle } from '#kernel';

/** The verification of an anchor, looked at by the operator as a review case. */
export const anchorVerificationLifecycle = new Lifecycle({
  name: 'anchor_verification',
  initial: 'unverified',
  states: {
    unverified: 'being prepared, or something that was verified has changed',
    submitted: 'handed in; the review clock runs',
    in_review: 'a reviewer works on it',
    information_requested: 'the clock waits for the anchor',
    verified: 'may confirm what it owes',
    rejected: 'refused with reasons; may be corrected and handed in again',
  },
  transitions: {
    submit: { from: ['unverified', 'rejected'], to: 'submitted', by: ['anchor'], guard: 'the profile is complete' },
    take_up: { from: ['submitted'], to: 'in_review', by: ['operator'] },
    request_information: { from: ['submitted', 'in_review'], to: 'information_requested', by: ['operator'] },
    answer: { from: ['information_requested'], to: 'in_review', by: ['anchor'] },
    withdraw: { from: ['submitted', 'in_review', 'information_requested'], to: 'unverified', by: ['anchor'] },
    return: { from: ['information_requested'], to: 'unverified', by: ['system'], guard: 'no answer in time' },
    verify: { from: ['submitted', 'in_review'], to: 'verified', by: ['operator'] },
    reject: { from: ['submitted', 'in_review'], to: 'rejected', by: ['operator'] },
    reopen: {
      from: ['verified'],
      to: 'unverified',
      by: ['anchor', 'operator'],
      guard: 'kind or authority has changed, or the operator has cause',
    },
  },
} as const);

export type AnchorVerificationState = keyof typeof anchorVerificationLifecycle.table.states;
export type AnchorVerificationAction = keyof typeof anchorVerificationLifecycle.table.transitions;
