import type { Grade } from '#kernel';

export const marketSorts = ['newest', 'closing', 'amount', 'score'] as const;
export type MarketSort = (typeof marketSorts)[number];

/** Filters of the market's list; every one narrows it. Amounts are minor units. */
export interface MarketFilter {
  readonly productKinds?: readonly string[] | undefined;
  readonly sectors?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly sizeClasses?: readonly string[] | undefined;
  readonly grades?: readonly Grade[] | undefined;
  readonly amountFrom?: bigint | undefined;
  readonly amountTo?: bigint | undefined;
  readonly tenorFrom?: number | undefined;
  readonly tenorTo?: number | undefined;
  readonly currency?: string | undefined;
  readonly shariahOnly?: boolean | undefined;
  readonly womenLed?: boolean | undefined;
  readonly rural?: boolean | undefined;
}

/** A request as the list filters and sorts it, for one financier. Instants are milliseconds, the score hundredths. */
export interface ListedRequest {
  /** The 16 bytes of the identifier. */
  readonly id: Buffer;
  readonly productKind: string;
  readonly sector: string;
  readonly region: string;
  readonly sizeClass: string;
  readonly grade: string | null;
  readonly currency: string;
  readonly shariahOnly: boolean;
  readonly womenLed: boolean;
  readonly rural: boolean;
  readonly tenorMonths: number;
  readonly amountMinor: number;
  readonly openedAt: number;
  readonly closesAt: number;
  readonly scoreHundredths: number;
}
