import { Lifecycle } from '#kernel';

/** The verification of an enterprise, looked at by the operator as a review case. */
export const verificationLifecycle = new Lifecycle({
  name: 'enterprise_verification',
  initial: 'unverified',
  states: {
    unverified: 'being prepared, or something that was verified has changed',
    submitted: 'handed in; the review clock runs',
    in_review: 'a reviewer works on it',
    information_requested: 'the clock waits for the enterprise',
    verified: 'registration, owners and bank account were checked',
    rejected: 'refused with reasons; may be corrected and handed in again',
  },
  transitions: {
    submit: {
      from: ['unverified', 'rejected'],
      to: 'submitted',
      by: ['enterprise'],
      guard: 'nothing remains on the task list',
    },
    take_up: { from: ['submitted'], to: 'in_review', by: ['operator'] },
    request_information: { from: ['submitted', 'in_review'], to: 'information_requested', by: ['operator'] },
    answer: { from: ['information_requested'], to: 'in_review', by: ['enterprise'] },
    withdraw: {
      from: ['submitted', 'in_review', 'information_requested'],
      to: 'unverified',
      by: ['enterprise'],
    },
    return: { from: ['information_requested'], to: 'unverified', by: ['system'], guard: 'no answer in time' },
    verify: {
      from: ['submitted', 'in_review'],
      to: 'verified',
      by: ['operator'],
      guard: 'the account’s ownership is confirmed and no owner’s screening is open',
    },
    reject: { from: ['submitted', 'in_review'], to: 'rejected', by: ['operator'] },
    reopen: {
      from: ['verified'],
      to: 'unverified',
      by: ['enterprise', 'operator'],
      guard: 'account, owners, identifiers or another verified fact has changed, or the operator has cause',
    },
  },
} as const);

export type VerificationState = keyof typeof verificationLifecycle.table.states;
export type VerificationAction = keyof typeof verificationLifecycle.table.transitions;
