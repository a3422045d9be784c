import { Lifecycle } from '#kernel';

export type RequestState =
  | 'draft'
  | 'submitted'
  | 'in_review'
  | 'information_requested'
  | 'open'
  | 'awarded'
  | 'agreed'
  | 'disbursed'
  | 'repaid'
  | 'returned'
  | 'rejected'
  | 'withdrawn'
  | 'expired'
  | 'defaulted';

export type RequestAction =
  | 'submit'
  | 'begin_review'
  | 'request_information'
  | 'answer_information'
  | 'open'
  | 'list'
  | 'reject'
  | 'return'
  | 'withdraw'
  | 'expire'
  | 'award'
  | 'reopen'
  | 'agree'
  | 'disburse'
  | 'take_back'
  | 'repay'
  | 'restore'
  | 'default';

export type RequestRole = 'applicant' | 'operator' | 'clock' | 'financier' | 'servicing' | 'settlement';

/** The life of a funding request. From `disbursed` on, servicing takes the steps. */
export const fundingRequestLifecycle = new Lifecycle<RequestState, RequestAction, RequestRole>({
  name: 'funding_request',
  initial: 'draft',
  states: {
    draft: 'being prepared by the enterprise; nobody else sees it',
    submitted: 'complete and waiting for a reviewer; the clock runs',
    in_review: 'a reviewer works on it; the clock runs',
    information_requested: 'the enterprise was asked for something; the clock stands',
    open: 'reviewed; matched financiers compete, then the enterprise decides',
    awarded: 'offers accepted up to the amount; contracts are to be signed',
    agreed: 'contracts signed by both sides; money is to be paid out',
    disbursed: 'the money has arrived',
    repaid: 'paid back in full',
    returned: 'sent back because the enterprise did not answer; it can be copied and submitted again',
    rejected: 'refused in review, with reasons and what to do about each',
    withdrawn: 'taken back by the enterprise',
    expired: 'open too long without an accepted offer',
    defaulted: 'not paid back',
  },
  transitions: {
    submit: {
      from: ['draft'],
      to: 'submitted',
      by: ['applicant'],
      guard: 'the checklist is complete and the enterprise is verified',
    },
    begin_review: {
      from: ['submitted'],
      to: 'in_review',
      by: ['operator'],
      guard: 'the reviewer holds the case and has no conflict',
    },
    request_information: {
      from: ['submitted', 'in_review'],
      to: 'information_requested',
      by: ['operator'],
      guard: 'the rules against a second pause hold',
    },
    answer_information: { from: ['information_requested'], to: 'in_review', by: ['applicant'] },
    open: { from: ['submitted', 'in_review'], to: 'open', by: ['operator'], guard: 'the reviewer holds the case' },
    list: {
      from: ['draft'],
      to: 'open',
      by: ['applicant'],
      guard: 'an anchor confirmed the receivables; seller, account and anchor are verified and nothing holds them',
    },
    reject: { from: ['submitted', 'in_review'], to: 'rejected', by: ['operator'], guard: 'at least one coded reason' },
    return: { from: ['information_requested'], to: 'returned', by: ['clock'], guard: 'ten working days of silence' },
    withdraw: {
      from: ['draft', 'submitted', 'in_review', 'information_requested', 'open', 'awarded'],
      to: 'withdrawn',
      by: ['applicant'],
      guard: 'no contract is signed',
    },
    award: {
      from: ['open'],
      to: 'awarded',
      by: ['applicant', 'clock'],
      guard:
        'accepted binding offers reach the amount, or the enterprise says it is enough, or the time to decide is over and a part is accepted',
    },
    reopen: {
      from: ['awarded', 'agreed'],
      to: 'open',
      by: ['clock', 'operator', 'settlement'],
      guard: 'an award lapsed',
    },
    agree: {
      from: ['awarded'],
      to: 'agreed',
      by: ['applicant', 'financier'],
      guard: 'every award is signed by both sides',
    },
    disburse: {
      from: ['agreed'],
      to: 'disbursed',
      by: ['applicant', 'operator', 'settlement'],
      guard: 'every award’s net amount arrived, by the enterprise’s word or bank evidence',
    },
    expire: {
      from: ['open'],
      to: 'expired',
      by: ['clock'],
      guard: 'the time to decide is over and nothing is awarded',
    },
    take_back: { from: ['disbursed'], to: 'agreed', by: ['settlement'], guard: 'the bank took the money back' },
    repay: { from: ['disbursed'], to: 'repaid', by: ['servicing', 'settlement'] },
    restore: { from: ['repaid'], to: 'disbursed', by: ['settlement'], guard: 'the bank took back what had repaid it' },
    default: { from: ['disbursed'], to: 'defaulted', by: ['servicing', 'settlement'] },
  },
});
