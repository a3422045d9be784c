import { Lifecycle } from '#kernel';

/** What documents prove. */
export const evidenceKinds = ['purchase', 'possession'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

export type SaleState = 'promised' | 'bought' | 'possessed' | 'sold' | 'paid' | 'cancelled';
export type SaleAction = 'buy' | 'possess' | 'sell' | 'pay' | 'cancel';
export type SaleRole = 'financier' | 'servicing' | 'market';

/**
 * The sale under a murabaha, between the signed award and the enterprise's payment. Its order is the contract's: nobody sells what he
 * does not own and hold (AAOIFI Shari'ah Standard 8, Murabahah, clauses 3 and 4).
 */
export const murabahaSaleLifecycle = new Lifecycle<SaleState, SaleAction, SaleRole>({
  name: 'murabaha_sale',
  initial: 'promised',
  states: {
    promised: 'both sides signed: the financier is to buy the asset, the enterprise to buy it from the financier',
    bought: 'the financier owns the asset; its cost is known',
    possessed: 'the financier holds the asset and bears its risk',
    sold: 'sold to the enterprise; cost and profit are fixed and never change',
    paid: 'the price is paid in full',
    cancelled: 'the award lapsed before the sale',
  },
  transitions: {
    buy: {
      from: ['promised'],
      to: 'bought',
      by: ['financier'],
      guard: 'with the purchase document; at most the amount awarded',
    },
    possess: { from: ['bought'], to: 'possessed', by: ['financier'], guard: 'with evidence of delivery' },
    sell: {
      from: ['possessed'],
      to: 'sold',
      by: ['financier'],
      guard: 'by a second person; fixes cost, profit and instalments',
    },
    pay: { from: ['sold'], to: 'paid', by: ['servicing'], guard: 'every instalment is paid' },
    cancel: { from: ['promised', 'bought', 'possessed'], to: 'cancelled', by: ['market'], guard: 'the award lapsed' },
  },
});
