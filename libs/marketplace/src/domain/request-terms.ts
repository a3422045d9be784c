import type { AgeBand, CollateralKind, Grade, Money, ProductKind, Sector, SizeClass } from '#kernel';

/** How the competition for a request runs; fixed before it opens. */
export const competitionModes = ['sealed', 'ranked'] as const;
export type CompetitionMode = (typeof competitionModes)[number];

export const amortizations = ['equal_instalments', 'equal_principal', 'bullet'] as const;
export type Amortization = (typeof amortizations)[number];

/**
 * What matched financiers see before the enterprise discloses itself: bands, never a name or a contact. Null is a fact that is not
 * shown because too few firms share it; a flag that is not shown is false.
 */
export interface AnonymousBrief {
  readonly requestId: string;
  readonly productKind: ProductKind;
  readonly amount: Money;
  readonly tenorMonths: number;
  readonly sector: Sector | null;
  readonly region: string | null;
  readonly sizeClass: SizeClass | null;
  readonly ageBand: AgeBand | null;
  readonly grade: Grade | null;
  readonly shariahOnly: boolean;
  readonly collateral: readonly CollateralKind[];
  readonly womenLed: boolean;
  readonly rural: boolean;
}
