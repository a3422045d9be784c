import { Lifecycle } from '#kernel';

/** What one party is to pay into the settlement account by a day, under one reference. */
export const obligationLifecycle = new Lifecycle({
  name: 'settlement_obligation',
  initial: 'open',
  states: {
    open: 'to be paid by its day',
    overdue: 'its day has passed and something is missing',
    paid: 'arrived in full',
    cancelled: 'what it was for does not exist any more',
  },
  transitions: {
    fall_overdue: { from: ['open'], to: 'overdue', by: ['clock'] },
    pay: { from: ['open', 'overdue'], to: 'paid', by: ['settlement'] },
    take_back: { from: ['paid'], to: 'open', by: ['settlement'], guard: 'the bank took the money back' },
    cancel: { from: ['open', 'overdue'], to: 'cancelled', by: ['settlement'], guard: 'nothing of it was paid' },
  },
} as const);
export type ObligationState = keyof typeof obligationLifecycle.table.states;
export type ObligationAction = keyof typeof obligationLifecycle.table.transitions;

/** Money that is paid out of the settlement account to its owner's checked account. */
export const payoutLifecycle = new Lifecycle({
  name: 'settlement_payout',
  initial: 'due',
  states: {
    due: 'money is there for the owner; goes into the next file',
    instructed: 'in a payment file; the amount is reserved',
    paid: 'the bank has paid it',
    cancelled: 'the money went back before it was paid out',
    set_off: 'kept against what its owner is to give back',
  },
  transitions: {
    instruct: {
      from: ['due'],
      to: 'instructed',
      by: ['settlement'],
      guard: 'the account was checked and its waiting time is over',
    },
    pay: { from: ['instructed'], to: 'paid', by: ['settlement'] },
    fail: {
      from: ['instructed'],
      to: 'due',
      by: ['settlement', 'operator'],
      guard: 'the bank refused it or did not answer',
    },
    cancel: { from: ['due'], to: 'cancelled', by: ['settlement'] },
    set_off: {
      from: ['due'],
      to: 'set_off',
      by: ['settlement'],
      guard: 'its owner is to give back money of the same claim',
    },
    give_back: { from: ['paid'], to: 'due', by: ['settlement'], guard: 'the bank returned it' },
  },
} as const);
export type PayoutState = keyof typeof payoutLifecycle.table.states;
export type PayoutAction = keyof typeof payoutLifecycle.table.transitions;

/** An entry of a bank statement on its way to the obligation or payout that it belongs to. */
export const statementEntryLifecycle = new Lifecycle({
  name: 'statement_entry',
  initial: 'booked',
  states: {
    booked: 'in the books, not looked at yet',
    unclear: 'waits on the worklist for a person',
    proposed: 'a person has said what it is; a second one decides',
    matched: 'belongs to an obligation or a payout',
    returned: 'goes back to where it came from',
    reversed: 'the bank took it back',
  },
  transitions: {
    doubt: { from: ['booked'], to: 'unclear', by: ['settlement'] },
    match: { from: ['booked', 'proposed'], to: 'matched', by: ['settlement', 'checker'] },
    match_part: {
      from: ['proposed'],
      to: 'unclear',
      by: ['checker'],
      guard: 'not the person who proposed it; the rest waits on',
    },
    propose: { from: ['unclear'], to: 'proposed', by: ['maker'] },
    reject: { from: ['proposed'], to: 'unclear', by: ['checker'], guard: 'not the person who proposed it' },
    return: { from: ['proposed'], to: 'returned', by: ['checker'], guard: 'not the person who proposed it' },
    reverse: {
      from: ['booked', 'matched', 'unclear', 'proposed', 'returned'],
      to: 'reversed',
      by: ['settlement', 'checker'],
    },
  },
} as const);
export type StatementEntryState = keyof typeof statementEntryLifecycle.table.states;
export type StatementEntryAction = keyof typeof statementEntryLifecycle.table.transitions;

/** An account of an anchor or a financier, whose ownership an operator checks as a review case. */
export const paymentAccountLifecycle = new Lifecycle({
  name: 'payment_account',
  initial: 'declared',
  states: {
    declared: 'the operator checks whose it is',
    information_requested: 'the review clock waits for the organisation',
    checked: 'money may go there once its waiting time is over',
    rejected: 'it is not shown to be the organisation’s own',
    replaced: 'another account took its place',
  },
  transitions: {
    request_information: { from: ['declared'], to: 'information_requested', by: ['operator'] },
    answer: { from: ['information_requested'], to: 'declared', by: ['organisation'] },
    check: { from: ['declared'], to: 'checked', by: ['operator'] },
    reject: { from: ['declared', 'information_requested'], to: 'rejected', by: ['operator', 'clock'] },
    replace: {
      from: ['declared', 'information_requested', 'checked'],
      to: 'replaced',
      by: ['organisation'],
    },
  },
} as const);
export type PaymentAccountState = keyof typeof paymentAccountLifecycle.table.states;
