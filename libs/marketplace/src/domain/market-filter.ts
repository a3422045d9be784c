import type { CalendarDate, Grade } from '#kernel';

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
  /** First and last day on which the last of a request's receivables falls due; a loan has none and is left out. */
  readonly dueFrom?: CalendarDate | undefined;
  readonly dueTo?: CalendarDate | undefined;
  /** Receivables of this anchor alone; only for who has a limit on it. */
  readonly anchorId?: string | undefined;
}

/** A request as the list filters and sorts it, for one financier. Instants are milliseconds, the score hundredths. */
export interface ListedRequest {
  /** The 16 bytes of the identifier. */
  readonly id: Buffer;
  readonly productKind: string;
  /** Null: the brief does not show it, and no filter finds it. */
  readonly sector: string | null;
  readonly region: string | null;
  readonly sizeClass: string | null;
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
  /** Days since 1970 of the last due day of receivables; 0 for a loan. */
  readonly dueDay: number;
  /** The anchor of all its receivables; null where there are several or none. */
  readonly anchorId: string | null;
}
