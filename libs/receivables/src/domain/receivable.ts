import type { CalendarDate } from '#kernel';
import type { ReceivableState } from './receivable.lifecycle.js';

/** An invoice; an order that the anchor confirmed; a refund claim that a tax authority confirms. */
export const receivableKinds = ['invoice', 'purchase_order', 'tax_refund'] as const;
export type ReceivableKind = (typeof receivableKinds)[number];

/** Which side of the receivable brought it. */
export const sides = ['seller', 'anchor'] as const;
export type Side = (typeof sides)[number];

/** What one firm owes another, as it stands in the database. Amounts are minor units of `currency`. */
export interface ReceivableRecord {
  readonly id: string;
  readonly kind: ReceivableKind;
  readonly state: ReceivableState;
  /** The creditor. */
  readonly sellerId: string;
  /** The debtor, who confirms. */
  readonly anchorId: string;
  readonly branchId: string | null;
  /** The document's own number, as it was written. */
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly currency: string;
  /** The amount of the document. */
  readonly faceMinor: bigint;
  /** What is owed after credit notes; the amount of the undertaking. */
  readonly netMinor: bigint;
  /** The order's number, where the receivable began as an order. */
  readonly orderNumber: string | null;
  readonly uploadedBySide: Side;
  /** Person or program. */
  readonly uploadedBy: string;
  readonly batchId: string | null;
  readonly batchRow: number | null;
  /** SHA-256 of the document from which it was read. */
  readonly documentChecksum: string | null;
  readonly submittedAt: Date | null;
  readonly confirmedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
