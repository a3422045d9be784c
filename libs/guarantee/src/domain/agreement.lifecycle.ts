import { Lifecycle } from '#kernel';

/** The life of a portfolio agreement between a scheme and a lender. */
export const agreementLifecycle = new Lifecycle({
  name: 'portfolio_agreement',
  initial: 'proposed',
  states: {
    proposed: 'waits for a second person',
    in_force: 'guarantees are issued by its rules',
    suspended: 'issues nothing new; what was issued stands',
    ended: 'over or refused',
  },
  transitions: {
    approve: {
      from: ['proposed'],
      to: 'in_force',
      by: ['checker'],
      guard: 'another person, within the limit or on a motion',
    },
    suspend: { from: ['in_force'], to: 'suspended', by: ['checker'] },
    resume: { from: ['suspended'], to: 'in_force', by: ['checker'] },
    end: { from: ['proposed', 'in_force', 'suspended'], to: 'ended', by: ['checker'] },
  },
} as const);

export type AgreementAction = keyof typeof agreementLifecycle.table.transitions;
