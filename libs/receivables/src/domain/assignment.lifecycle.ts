import { Lifecycle } from '#kernel';

/** A sale of certificates to a financier, as the register of assignments has it. */
export const assignmentLifecycle = new Lifecycle({
  name: 'assignment',
  initial: 'registered',
  states: {
    registered: 'in the register; the first leg is to be paid',
    paid: 'the seller has its money; the financier waits for the anchor',
    undone: 'the first leg failed; all is as it was before',
    satisfied: 'the financier has what it bought; taken off the register',
    repurchased: 'the seller bought it back; taken off the register',
  },
  transitions: {
    pay: { from: ['registered'], to: 'paid', by: ['settlement'], guard: 'the first leg arrived in full' },
    undo: {
      from: ['registered'],
      to: 'undone',
      by: ['settlement', 'operator', 'clock'],
      guard: 'no money of it is left anywhere',
    },
    reopen: {
      from: ['paid'],
      to: 'registered',
      by: ['settlement'],
      guard: 'the bank took the first leg back, and the anchor has paid nothing yet',
    },
    satisfy: { from: ['paid'], to: 'satisfied', by: ['settlement'], guard: 'every certificate is settled' },
    restore: {
      from: ['satisfied'],
      to: 'paid',
      by: ['settlement'],
      guard: 'the bank took back what the anchor had paid',
    },
    repurchase: { from: ['paid'], to: 'repurchased', by: ['settlement'], guard: 'the seller has paid' },
  },
} as const);

export type AssignmentState = keyof typeof assignmentLifecycle.table.states;
export type AssignmentAction = keyof typeof assignmentLifecycle.table.transitions;

/** Why a seller must buy back. All but the debtor's non-payment oblige it even without recourse. */
export const repurchaseGrounds = ['debtor_default', 'fraud', 'double_assignment', 'non_delivery'] as const;
export type RepurchaseGround = (typeof repurchaseGrounds)[number];

/** Without recourse covers the debtor's non-payment only. */
export function obligesRepurchase(ground: RepurchaseGround, withRecourse: boolean): boolean {
  return ground !== 'debtor_default' || withRecourse;
}
