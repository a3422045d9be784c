import { Lifecycle } from '#kernel';

/** The life of a certificate: a part of what an anchor has confirmed that it owes, in the hands of one holder. */
export const certificateLifecycle = new Lifecycle({
  name: 'certificate',
  initial: 'held',
  states: {
    held: 'in the hands of a supplier; may be passed on, listed, or paid early',
    listed: 'offered on the market; nothing else may be done with it',
    early: 'the anchor has agreed to pay it before its day',
    assigned: 'bought by a financier, who is paid on its day',
    passed_on: 'nothing is left of it: all of it was passed on',
    settled: 'paid in full',
    void: 'taken back with the confirmation that made it, before anybody else had a part of it',
  },
  transitions: {
    list: {
      from: ['held'],
      to: 'listed',
      by: ['market'],
      guard: 'nothing on hold, days enough left, anchor in good standing',
    },
    unlist: { from: ['listed'], to: 'held', by: ['market'] },
    assign: { from: ['listed'], to: 'assigned', by: ['market'], guard: 'checked again under lock' },
    undo_assignment: { from: ['assigned'], to: 'held', by: ['settlement'], guard: 'the first leg was not paid' },
    repurchase: { from: ['assigned'], to: 'held', by: ['settlement'], guard: 'the seller has paid the price back' },
    agree_early: {
      from: ['held'],
      to: 'early',
      by: ['anchor', 'supplier', 'clock'],
      guard: 'within the budget of the day',
    },
    undo_early: {
      from: ['early'],
      to: 'held',
      by: ['clock', 'anchor'],
      guard: 'the anchor did not pay on the day agreed',
    },
    pass_all: { from: ['held'], to: 'passed_on', by: ['supplier'], guard: 'the last part was accepted' },
    settle: { from: ['held', 'early', 'assigned', 'listed'], to: 'settled', by: ['settlement'], guard: 'paid in full' },
    reopen: { from: ['settled'], to: 'held', by: ['settlement'], guard: 'the bank took the payment back' },
    reopen_sold: { from: ['settled'], to: 'assigned', by: ['settlement'], guard: 'the bank took the payment back' },
    reopen_early: { from: ['settled'], to: 'early', by: ['settlement'], guard: 'the bank took the payment back' },
    void: { from: ['held'], to: 'void', by: ['anchor'], guard: 'before assignment only' },
  },
} as const);

export type CertificateState = keyof typeof certificateLifecycle.table.states;
export type CertificateAction = keyof typeof certificateLifecycle.table.transitions;

/** States in which a certificate stands for money that is still to come. */
export const liveCertificateStates = [
  'held',
  'listed',
  'early',
  'assigned',
] as const satisfies readonly CertificateState[];
