import { Lifecycle } from '#kernel';

/**
 * The life of a receivable. `anchor` is the debtor, `seller` the creditor, `uploader` whichever of the two brought it, `market` the
 * marketplace, `settlement` the matching of payments.
 */
export const receivableLifecycle = new Lifecycle({
  name: 'receivable',
  initial: 'draft',
  states: {
    draft: 'being prepared; holds nothing in the registry',
    submitted: 'waits for the anchor; reminders run',
    disputed: 'the anchor says that something is wrong; waits for the seller',
    rejected: 'the anchor does not owe it',
    reduced: 'a credit note lowered the amount; waits for the anchor to confirm what is left',
    confirmed: 'the anchor has undertaken to pay the net amount on the day',
    listed: 'offered on the market',
    assigned: 'sold to a financier; the register says who is paid',
    paid_early: 'the anchor paid before the day, at a discount',
    due: 'the day has come',
    overdue: 'the day and the days of grace are over without full payment',
    defaulted: 'overdue for so long that it counts as lost to its holder',
    settled: 'paid in full',
    repurchased: 'bought back by the seller',
    withdrawn: 'taken back before it was confirmed, or never confirmed in time',
  },
  transitions: {
    submit: {
      from: ['draft', 'disputed'],
      to: 'submitted',
      by: ['uploader', 'seller'],
      guard: 'the record is complete',
    },
    confirm: {
      from: ['submitted', 'disputed', 'reduced'],
      to: 'confirmed',
      by: ['anchor'],
      guard: 'maker and checker agreed to the undertaking; no other receivable has the exact key',
    },
    dispute: {
      from: ['submitted', 'reduced'],
      to: 'disputed',
      by: ['anchor'],
      guard: 'maker and checker, with reasons',
    },
    reject: {
      from: ['submitted', 'disputed', 'reduced'],
      to: 'rejected',
      by: ['anchor'],
      guard: 'maker and checker, with reasons',
    },
    reduce: {
      from: ['submitted', 'disputed', 'confirmed', 'reduced'],
      to: 'reduced',
      by: ['anchor', 'seller'],
      guard: 'a credit note; once confirmed only the seller, while it still holds the whole certificate',
    },
    list: { from: ['confirmed'], to: 'listed', by: ['market'], guard: 'financeable: registry, holds, days left' },
    unlist: { from: ['listed'], to: 'confirmed', by: ['market', 'system'], guard: 'unsold' },
    assign: { from: ['listed'], to: 'assigned', by: ['market'], guard: 'financeable, checked again under lock' },
    pay_early: { from: ['confirmed'], to: 'paid_early', by: ['anchor', 'settlement'], guard: 'a discount was agreed' },
    fall_due: { from: ['confirmed', 'assigned'], to: 'due', by: ['system'] },
    undo_assignment: {
      from: ['assigned'],
      to: 'confirmed',
      by: ['settlement'],
      guard: 'the financier did not pay; nothing of it is sold any more',
    },
    settle: {
      from: ['due', 'overdue', 'defaulted', 'repurchased'],
      to: 'settled',
      by: ['settlement'],
      guard: 'paid in full',
    },
    reopen: { from: ['settled'], to: 'due', by: ['settlement'], guard: 'the bank took the payment back' },
    reopen_early: {
      from: ['paid_early'],
      to: 'confirmed',
      by: ['settlement'],
      guard: 'the bank took the payment back',
    },
    miss: { from: ['due'], to: 'overdue', by: ['system', 'settlement'] },
    default: { from: ['overdue'], to: 'defaulted', by: ['system', 'settlement'] },
    repurchase: { from: ['assigned', 'due', 'overdue', 'defaulted'], to: 'repurchased', by: ['seller', 'settlement'] },
    withdraw: {
      from: ['draft', 'submitted', 'disputed', 'reduced'],
      to: 'withdrawn',
      by: ['uploader', 'seller', 'system'],
      guard: 'the system: its day has passed unconfirmed',
    },
    lapse: {
      from: ['confirmed'],
      to: 'withdrawn',
      by: ['system'],
      guard: 'an order that was not delivered by its day',
    },
  },
} as const);

export type ReceivableState = keyof typeof receivableLifecycle.table.states;
export type ReceivableAction = keyof typeof receivableLifecycle.table.transitions;
export type ReceivableRole = 'anchor' | 'seller' | 'uploader' | 'market' | 'settlement' | 'system';

/** Events are named by what has happened: `receivable.confirmed`. */
export const receivableEvents: Readonly<Record<ReceivableAction, string>> = {
  submit: 'receivable.submitted',
  confirm: 'receivable.confirmed',
  dispute: 'receivable.disputed',
  reject: 'receivable.rejected',
  reduce: 'receivable.reduced',
  list: 'receivable.listed',
  unlist: 'receivable.unlisted',
  assign: 'receivable.assigned',
  pay_early: 'receivable.paid_early',
  undo_assignment: 'receivable.assignment_undone',
  fall_due: 'receivable.fell_due',
  settle: 'receivable.settled',
  reopen: 'receivable.reopened',
  reopen_early: 'receivable.early_reopened',
  miss: 'receivable.missed',
  default: 'receivable.defaulted',
  repurchase: 'receivable.repurchased',
  withdraw: 'receivable.withdrawn',
  lapse: 'receivable.lapsed',
};
