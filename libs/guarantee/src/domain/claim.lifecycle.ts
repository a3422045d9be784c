import { Lifecycle } from '#kernel';

/** The life of a claim on a guarantee. */
export const claimLifecycle = new Lifecycle({
  name: 'guarantee_claim',
  initial: 'notified',
  states: {
    notified: 'the lender has told of the default and asked for payment',
    in_review: 'somebody of the guarantor works on it',
    information_requested: 'the clock waits for the lender',
    approved: 'to be paid in full',
    partial: 'to be paid in part; the clauses of the reduction are cited',
    denied: 'refused with clauses; may be appealed against',
    appeal: 'the lender appeals; others than before decide',
    paid: 'paid in full to the lender; re-guarantors are billed',
    recovering: 'money is recovered and shared by the loss borne',
    closed: 'nothing more is expected; the rest is written off',
  },
  transitions: {
    take_up: { from: ['notified'], to: 'in_review', by: ['guarantor'] },
    request_information: { from: ['notified', 'in_review'], to: 'information_requested', by: ['guarantor'] },
    answer: { from: ['information_requested'], to: 'in_review', by: ['lender'] },
    approve: {
      from: ['notified', 'in_review', 'appeal'],
      to: 'approved',
      by: ['guarantor'],
      guard: 'proposed by one person, approved by another within the limit',
    },
    approve_in_part: {
      from: ['notified', 'in_review', 'appeal'],
      to: 'partial',
      by: ['guarantor'],
      guard: 'cites clauses',
    },
    deny: { from: ['notified', 'in_review', 'appeal'], to: 'denied', by: ['guarantor'], guard: 'cites clauses' },
    return: { from: ['information_requested'], to: 'denied', by: ['clock'], guard: 'the lender stayed silent' },
    withdraw: {
      from: ['notified', 'in_review', 'information_requested', 'appeal'],
      to: 'closed',
      by: ['lender'],
      guard: 'the arrears were paid: the guarantee is in force again',
    },
    appeal: { from: ['denied'], to: 'appeal', by: ['lender'] },
    pay: { from: ['approved', 'partial'], to: 'paid', by: ['guarantor'], guard: 'maker and checker' },
    recover: { from: ['paid'], to: 'recovering', by: ['lender', 'guarantor'] },
    close: {
      from: ['paid', 'recovering', 'denied'],
      to: 'closed',
      by: ['guarantor'],
      guard: 'what is left is written off',
    },
  },
} as const);

export type ClaimState = keyof typeof claimLifecycle.table.states;
export type ClaimAction = keyof typeof claimLifecycle.table.transitions;
export type ClaimParty = 'lender' | 'guarantor' | 'clock';
