import type { AgeBand, CollateralKind, Grade, Money, ProductKind, Sector, SizeClass } from '#kernel';

/** How the competition for a request runs; fixed before it opens. */
export const competitionModes = ['sealed', 'ranked'] as const;
export type CompetitionMode = (typeof competitionModes)[number];

export const amortizations = ['equal_instalments', 'equal_principal', 'bullet'] as const;
export type Amortization = (typeof amortizations)[number];

/** What matched financiers see before the enterprise discloses itself: bands, never a name or a contact. */
export interface AnonymousBrief {
  readonly requestId: string;
  readonly productKind: ProductKind;
  readonly amount: Money;
  readonly tenorMonths: number;
  readonly sector: Sector;
  readonly region: string;
  readonly sizeClass: SizeClass;
  readonly ageBand: AgeBand;
  readonly grade: Grade | null;
  readonly shariahOnly: boolean;
  readonly collateral: readonly CollateralKind[];
  readonly womenLed: boolean;
  readonly rural: boolean;
}
