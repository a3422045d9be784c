import { createHash } from 'node:crypto';
import type { TransferRecord } from '../domain/transfer.js';

/**
 * SHA-256 of everything that a transfer says, in a fixed order, so that anybody can compute it again: it tells a
 * repeated transfer from another one under the same reference, and a changed row from the one that was written.
 */
export function contentHash(transfer: Omit<TransferRecord, 'hash' | 'id'>): Buffer {
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
