import { createHash } from 'node:crypto';
import { auditHash } from '../db/write-pending.js';

/** What stands before the first link. */
export const chainOrigin = Buffer.alloc(32);

/** An audit entry's content as it is hashed, with text for every field. */
export interface AuditContent {
  readonly id: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly organisationId: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** The entry's JSON, byte for byte. */
  readonly data: string;
  readonly traceId: string;
}

/** An entry with its place in the chain; hashes are hexadecimal. */
export interface SealedEntry extends AuditContent {
  readonly sequence: string;
  readonly entryHash: string;
  readonly linkHash: string;
}

/** SHA-256 of an entry's content: anybody can compute it again. */
export function entryHash(entry: AuditContent): Buffer {
  const { id, at, actorKind, actorId, organisationId, action, subjectType, subjectId, data, traceId } = entry;
  return auditHash([id, at, actorKind, actorId, organisationId, action, subjectType, subjectId, data, traceId]);
}

/** A link holds the one before it, its own number and its entry. */
export function linkHash(previous: Buffer, sequence: bigint, hash: Buffer): Buffer {
  return createHash('sha256').update(previous).update(sequence.toString()).update(hash).digest();
}

/** Walks a chain of entries without a database, from its first link on. */
export class AuditChain {
  private previous: Buffer = chainOrigin;
  private next = 1n;

  /** Takes the next entry; tells what is wrong with it, or nothing. */
  accept(entry: SealedEntry): string | undefined {
    if (BigInt(entry.sequence) !== this.next) return `link ${this.next} is missing`;
    const hash = entryHash(entry);
    if (hash.toString('hex') !== entry.entryHash) return 'the entry was changed after it was sealed';
    this.previous = linkHash(this.previous, this.next, hash);
    this.next += 1n;
    return this.lastLink === entry.linkHash ? undefined : 'the link does not follow from the one before';
  }

  get entries(): number {
    return Number(this.next - 1n);
  }

  get lastLink(): string {
    return this.previous.toString('hex');
  }
}
