import { Lifecycle } from '#kernel';

/** A part of a certificate on its way to the next supplier. The amount is on hold until somebody decides. */
export const transferLifecycle = new Lifecycle({
  name: 'certificate_transfer',
  initial: 'proposed',
  states: {
    proposed: 'waits for a second signatory of the holder; the amount is on hold',
    offered: 'waits for the receiver; the amount is on hold',
    accepted: 'the receiver holds a certificate of its own',
    refused: 'the receiver declined; the amount is free again',
    withdrawn: 'the holder took it back; the amount is free again',
    expired: 'nobody decided in time; the amount is free again',
  },
  transitions: {
    approve: { from: ['proposed'], to: 'offered', by: ['second_signatory'], guard: 'not the person who proposed it' },
    accept: { from: ['offered'], to: 'accepted', by: ['receiver'] },
    refuse: { from: ['offered'], to: 'refused', by: ['receiver'] },
    withdraw: { from: ['proposed', 'offered'], to: 'withdrawn', by: ['holder'] },
    expire: { from: ['proposed', 'offered'], to: 'expired', by: ['clock'] },
  },
} as const);

export type TransferState = keyof typeof transferLifecycle.table.states;
export type TransferAction = keyof typeof transferLifecycle.table.transitions;
export type TransferRole = 'second_signatory' | 'receiver' | 'holder' | 'clock';
