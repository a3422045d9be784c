import { createHash } from 'node:crypto';
import type { TransferRecord } from '../domain/transfer.js';

/** What the hash covers: of an account, its identifier. */
type HashedTransfer = Omit<TransferRecord, 'hash' | 'id' | 'lines'> & {
  readonly lines: readonly {
    readonly debit: { readonly id: string };
    readonly credit: { readonly id: string };
    readonly amount: bigint;
    readonly currency: string;
  }[];
};

/**
 * SHA-256 of everything that a transfer says, in a fixed order, so that anybody can compute it again: it tells a
 * repeated transfer from another one under the same reference, and a changed row from the one that was written.
 */
export function contentHash(transfer: HashedTransfer): Buffer {
  const { reference, kind, description, subject, bookDate, postedAt, expiresAt, resolves, reverses, lines } = transfer;
  const content = [
    reference,
    kind,
    description,
    subject.type,
    subject.id,
    bookDate,
    postedAt.toISOString(),
    expiresAt?.toISOString() ?? null,
    resolves,
    reverses,
    lines.map(({ debit, credit, amount, currency }) => [debit.id, credit.id, amount.toString(), currency]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
