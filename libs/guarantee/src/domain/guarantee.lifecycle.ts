import { Lifecycle } from '#kernel';

/** The life of a guarantee, from the letter of intent on. */
export const guaranteeLifecycle = new Lifecycle({
  name: 'guarantee',
  initial: 'offered',
  states: {
    offered: 'letter of intent: headroom is reserved until its day',
    issued: 'the offer was awarded; waits for disbursement and the paid fee',
    in_force: 'the lender is covered',
    claimed: 'the lender has notified a claim',
    released: 'the loan is repaid, or the lender gave the guarantee back',
    lapsed: 'void: the letter’s day passed, the award fell, or the lender did not cure what it was told of',
  },
  transitions: {
    issue: { from: ['offered'], to: 'issued', by: ['market', 'lender'], guard: 'its reservation is live' },
    begin: {
      from: ['issued'],
      to: 'in_force',
      by: ['market', 'lender'],
      guard: 'the loan is disbursed and the fee is paid',
    },
    claim: { from: ['in_force'], to: 'claimed', by: ['lender'] },
    cure: {
      from: ['claimed'],
      to: 'in_force',
      by: ['lender', 'guarantor'],
      guard: 'arrears paid, or the claim denied',
    },
    release: {
      from: ['in_force'],
      to: 'released',
      by: ['lender', 'market', 'clock'],
      guard: 'repaid, given back, its award fell, or its term is over',
    },
    settle: { from: ['claimed'], to: 'released', by: ['guarantor'], guard: 'the claim is closed' },
    expire: { from: ['offered'], to: 'lapsed', by: ['clock'], guard: 'the letter’s last day is over' },
    void: {
      from: ['offered', 'issued'],
      to: 'lapsed',
      by: ['market', 'lender', 'guarantor'],
      guard: 'another offer was awarded, the request ended, or the award fell',
    },
    lapse: {
      from: ['issued', 'in_force'],
      to: 'lapsed',
      by: ['clock'],
      guard: 'after notice and the days of cure, never after a default',
    },
  },
} as const);

export type GuaranteeState = keyof typeof guaranteeLifecycle.table.states;
export type GuaranteeAction = keyof typeof guaranteeLifecycle.table.transitions;
export type GuaranteeParty = 'lender' | 'guarantor' | 'market' | 'clock';
