import type { CalendarDate } from '#kernel';
import type { AccountKey, Purpose, Side } from './chart-of-accounts.js';

export const transferKinds = ['post', 'reserve', 'post_reserved', 'void_reserved', 'reverse'] as const;
export type TransferKind = (typeof transferKinds)[number];

/** What a transfer is about, in the words of the context that causes it. */
export interface Subject {
  readonly type: string;
  readonly id: string;
}

/** One movement as a context states it: `amount` minor units of `currency`, taken to the debit of one account and the credit of another. */
export interface Posting {
  readonly debit: AccountKey;
  readonly credit: AccountKey;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly currency: string;
}

/** What every transfer carries, whatever its kind. */
export interface TransferHeader {
  /** Names the transfer for good: the same reference with the same content is the same transfer. */
  readonly reference: string;
  readonly description: string;
  /** The day of the books, by the calendar of the portal's country; today when left out. */
  readonly bookDate?: CalendarDate | undefined;
}

export interface PostInput extends TransferHeader {
  readonly subject: Subject;
  readonly postings: readonly Posting[];
}

export interface ReserveInput extends PostInput {
  /** From when on the reservation can no longer be posted and is given back by itself. */
  readonly expiresAt?: Date | undefined;
}

export interface PostReservedInput extends TransferHeader {
  /** The reserving transfer's id. */
  readonly reservation: string;
  /** Minor units for each of its postings in their order; zero posts nothing of that one. All of it when left out. */
  readonly amounts?: readonly bigint[] | undefined;
}

export interface VoidReservedInput extends TransferHeader {
  readonly reservation: string;
}

export interface ReverseInput extends TransferHeader {
  /** The transfer to be reversed. */
  readonly transfer: string;
}

/** The account of a posting, with what decides how it is kept. */
export interface AccountRef {
  readonly id: string;
  readonly purpose: Purpose;
  readonly normal: Side;
  readonly floor: boolean;
}

/** A posting whose accounts are known. */
export interface Line {
  readonly debit: AccountRef;
  readonly credit: AccountRef;
  readonly amount: bigint;
  readonly currency: string;
}

/** A transfer as it stands in the ledger. */
export interface TransferRecord {
  readonly id: string;
  readonly reference: string;
  readonly kind: TransferKind;
  readonly description: string;
  readonly subject: Subject;
  readonly bookDate: CalendarDate;
  readonly postedAt: Date;
  readonly expiresAt: Date | null;
  /** The reservation that this transfer posts or gives back. */
  readonly resolves: string | null;
  /** The transfer that this one reverses. */
  readonly reverses: string | null;
  readonly hash: Buffer;
  readonly lines: readonly Line[];
}

/** What a context gets back. */
export interface TransferReceipt {
  readonly transferId: string;
  readonly reference: string;
  /** The transfer stood already; nothing was written. */
  readonly replayed: boolean;
}
