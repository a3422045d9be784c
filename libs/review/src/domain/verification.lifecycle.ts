import { Lifecycle } from '#kernel';

/** The verification of an organisation, looked at by the operator as a review case: the same for enterprises, financiers and anchors. */
export const verificationLifecycle = new Lifecycle({
  name: 'verification',
  initial: 'unverified',
  states: {
    unverified: 'being prepared, or something that was verified has changed',
    submitted: 'handed in; the review clock runs',
    in_review: 'a reviewer works on it',
    information_requested: 'the clock waits for the applicant',
    verified: 'what the operator looks at was found right; the organisation may bind itself',
    rejected: 'refused with reasons; may be corrected and handed in again',
  },
  transitions: {
    submit: {
      from: ['unverified', 'rejected'],
      to: 'submitted',
      by: ['applicant'],
      guard: 'nothing is missing in the profile',
    },
    take_up: { from: ['submitted'], to: 'in_review', by: ['operator'] },
    request_information: { from: ['submitted', 'in_review'], to: 'information_requested', by: ['operator'] },
    answer: { from: ['information_requested'], to: 'in_review', by: ['applicant'] },
    withdraw: { from: ['submitted', 'in_review', 'information_requested'], to: 'unverified', by: ['applicant'] },
    return: { from: ['information_requested'], to: 'unverified', by: ['system'], guard: 'no answer in time' },
    verify: {
      from: ['submitted', 'in_review'],
      to: 'verified',
      by: ['operator'],
      guard: 'an enterprise’s account is its own and no owner’s screening is open',
    },
    reject: { from: ['submitted', 'in_review'], to: 'rejected', by: ['operator'] },
    reopen: {
      from: ['verified'],
      to: 'unverified',
      by: ['applicant', 'operator'],
      guard: 'a fact that was verified has changed, or the operator has cause',
    },
  },
} as const);

export type VerificationState = keyof typeof verificationLifecycle.table.states;
export type VerificationAction = keyof typeof verificationLifecycle.table.transitions;
export type VerificationParty = 'applicant' | 'operator' | 'system';
