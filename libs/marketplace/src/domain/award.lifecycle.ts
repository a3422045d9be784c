import { Lifecycle } from '#kernel';

export type AwardState = 'accepted' | 'agreed' | 'disbursed' | 'lapsed';
export type AwardAction = 'agree' | 'disburse' | 'take_back' | 'lapse';
export type AwardRole = 'enterprise' | 'financier' | 'operator' | 'clock' | 'settlement';

/** The life of one award: an accepted offer on its way to money. */
export const awardLifecycle = new Lifecycle<AwardState, AwardAction, AwardRole>({
  name: 'award',
  initial: 'accepted',
  states: {
    accepted: 'the enterprise accepted; both sides are to sign by a deadline',
    agreed: 'signed by both; the money is to arrive by a deadline',
    disbursed: 'the net amount arrived',
    lapsed: 'a deadline passed, or a side stepped back before signing',
  },
  transitions: {
    agree: {
      from: ['accepted'],
      to: 'agreed',
      by: ['enterprise', 'financier'],
      guard: 'the second of the two signatures',
    },
    disburse: {
      from: ['agreed'],
      to: 'disbursed',
      by: ['enterprise', 'operator', 'settlement'],
      guard: 'the net amount arrived, by the enterprise’s word or bank evidence',
    },
    take_back: { from: ['disbursed'], to: 'agreed', by: ['settlement'], guard: 'the bank took the money back' },
    lapse: { from: ['accepted', 'agreed'], to: 'lapsed', by: ['clock', 'enterprise', 'operator', 'settlement'] },
  },
});
