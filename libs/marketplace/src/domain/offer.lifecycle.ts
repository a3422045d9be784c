import { Lifecycle } from '#kernel';

export type OfferState =
  'pending_approval' | 'live' | 'refused' | 'withdrawn' | 'expired' | 'lost' | 'awarded' | 'lapsed';
export type OfferAction =
  'approve' | 'refuse' | 'revise' | 'withdraw' | 'expire' | 'lose' | 'revive' | 'award' | 'lapse';
export type OfferRole = 'maker' | 'checker' | 'enterprise' | 'clock';

/** The life of an offer. One within its maker's limit is live at once. */
export const offerLifecycle = new Lifecycle<OfferState, OfferAction, OfferRole>({
  name: 'offer',
  initial: 'pending_approval',
  states: {
    pending_approval: 'above its maker’s limit; waits for a second person of the financier',
    live: 'in the competition',
    refused: 'not approved by the financier’s checker',
    withdrawn: 'taken back while indicative',
    expired: 'its day has passed',
    lost: 'another offer was accepted; comes back if that award lapses in time',
    awarded: 'accepted by the enterprise',
    lapsed: 'accepted, but not signed or paid out in time',
  },
  transitions: {
    approve: {
      from: ['pending_approval'],
      to: 'live',
      by: ['maker', 'checker'],
      guard: 'within the maker’s limit, or by another person than the maker',
    },
    refuse: { from: ['pending_approval'], to: 'refused', by: ['checker'] },
    revise: {
      from: ['live', 'pending_approval'],
      to: 'pending_approval',
      by: ['maker'],
      guard: 'ranked mode, and only to the enterprise’s advantage',
    },
    withdraw: {
      from: ['live', 'pending_approval'],
      to: 'withdrawn',
      by: ['maker', 'checker'],
      guard: 'indicative; a live binding offer stands until its expiry',
    },
    expire: { from: ['live', 'pending_approval', 'lost'], to: 'expired', by: ['clock'] },
    lose: { from: ['live', 'pending_approval'], to: 'lost', by: ['enterprise', 'clock'] },
    revive: { from: ['lost'], to: 'live', by: ['clock'], guard: 'an award lapsed and the offer has not expired' },
    award: {
      from: ['live'],
      to: 'awarded',
      by: ['enterprise'],
      guard: 'binding, approved, not expired, after the close, within every limit',
    },
    lapse: { from: ['awarded'], to: 'lapsed', by: ['clock', 'enterprise'] },
  },
});
