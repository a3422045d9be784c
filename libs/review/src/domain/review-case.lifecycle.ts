import { Lifecycle } from '#kernel';

/**
 * `subject` is the context whose thing is reviewed (it has judged by itself who may ask for the step), `clock` the
 * passing of working time.
 */
export const reviewCaseLifecycle = new Lifecycle({
  name: 'review_case',
  initial: 'open',
  states: {
    open: 'the clock runs and somebody is to decide',
    paused: 'waits for the applicant; the clock stands still',
    decided: 'decided by the reviewer or a review lead',
    returned: 'given back because the applicant stayed silent',
    withdrawn: 'taken back by the applicant',
  },
  transitions: {
    request_information: {
      from: ['open'],
      to: 'paused',
      by: ['reviewer', 'review_lead'],
      guard: 'one bundled request; a second, or any after 80 % of the working time, needs a review lead',
    },
    resume: { from: ['paused'], to: 'open', by: ['subject'], guard: 'the applicant answered' },
    decide: {
      from: ['open'],
      to: 'decided',
      by: ['reviewer', 'review_lead'],
      guard: 'assigned to the reviewer, and no conflict of interest declared',
    },
    return: { from: ['paused'], to: 'returned', by: ['clock'], guard: 'silence for the working days of the rule book' },
    withdraw: { from: ['open', 'paused'], to: 'withdrawn', by: ['subject'] },
  },
} as const);
