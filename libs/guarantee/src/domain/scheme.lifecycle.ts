import { Lifecycle } from '#kernel';

/** The life of a scheme. Only an active one takes new guarantees; every one pays its claims. */
export const schemeLifecycle = new Lifecycle({
  name: 'guarantee_scheme',
  initial: 'draft',
  states: {
    draft: 'being prepared; its first version is not in force',
    active: 'takes applications within its clauses and headroom',
    suspended: 'takes nothing new; claims are paid',
    closed: 'takes nothing new any more; claims are paid until the last guarantee ends',
  },
  transitions: {
    open: { from: ['draft'], to: 'active', by: ['board'], guard: 'a version is in force' },
    suspend: { from: ['active'], to: 'suspended', by: ['board'] },
    resume: { from: ['suspended'], to: 'active', by: ['board'] },
    close: { from: ['active', 'suspended'], to: 'closed', by: ['board'] },
  },
} as const);

export type SchemeState = keyof typeof schemeLifecycle.table.states;
export type SchemeAction = keyof typeof schemeLifecycle.table.transitions;

/** The life of a lender's accreditation with one scheme. */
export const accreditationLifecycle = new Lifecycle({
  name: 'guarantee_accreditation',
  initial: 'proposed',
  states: {
    proposed: 'waits for a second person',
    accredited: 'may apply until its last day',
    suspended: 'may not apply; its guarantees stand',
    ended: 'over or refused',
  },
  transitions: {
    approve: { from: ['proposed'], to: 'accredited', by: ['checker'] },
    reject: { from: ['proposed'], to: 'ended', by: ['checker'] },
    suspend: { from: ['accredited'], to: 'suspended', by: ['maker', 'checker'], guard: 'with a reason' },
    resume: { from: ['suspended'], to: 'accredited', by: ['checker'] },
    end: { from: ['accredited', 'suspended'], to: 'ended', by: ['checker'] },
  },
} as const);

export type AccreditationState = keyof typeof accreditationLifecycle.table.states;
export type AccreditationAction = keyof typeof accreditationLifecycle.table.transitions;

/** The life of what a scheme's people put to the board: a version, an approval above a limit, a waiver. */
export const motionLifecycle = new Lifecycle({
  name: 'guarantee_motion',
  initial: 'proposed',
  states: {
    proposed: 'members vote; those with a declared conflict may not',
    carried: 'more than half of the members without a conflict voted for it, with the minutes attached',
    rejected: 'it cannot reach that majority any more, or was voted down',
    withdrawn: 'taken back by the proposer',
  },
  transitions: {
    carry: {
      from: ['proposed'],
      to: 'carried',
      by: ['board'],
      guard: 'majority, minutes attached, proposer not counted',
    },
    reject: { from: ['proposed'], to: 'rejected', by: ['board'] },
    withdraw: { from: ['proposed'], to: 'withdrawn', by: ['proposer'] },
  },
} as const);

export type MotionState = keyof typeof motionLifecycle.table.states;
