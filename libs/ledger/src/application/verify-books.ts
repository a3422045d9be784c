import { createHash, timingSafeEqual } from 'node:crypto';
import { AuditChain, type SealedEntry } from '#platform';
import { booksFormat, type BooksManifest, BooksSum, type ExportedTransfer } from '../domain/books-export.js';
import type { CalendarDate } from '#kernel';
import type { TransferKind } from '../domain/transfer.js';
import { contentHash } from './content-hash.js';

export type BooksVerdict =
  | {
      readonly ok: true;
      readonly entries: number;
      /** Compare it with the link that the market's own `audit verify` or an earlier export shows. */
      readonly lastLink: string;
      readonly transfers: number;
      readonly balances: BooksManifest['balances'];
    }
  | { readonly ok: false; readonly line: number; readonly problem: string };

interface BooksLine {
  readonly format?: string;
  readonly madeAt?: string;
  readonly audit?: SealedEntry;
  readonly transfer?: ExportedTransfer;
  readonly manifest?: BooksManifest;
}

/**
 * Proves an export without a database: each entry's and transfer's hash is computed again, links follow from one another, balances add up
 * to zero, and the manifest fits every byte. Names the first line that does not. With `expectedLink`, an entry of the chain must have had
 * exactly this link: it was noted down earlier, so the past was not rewritten since.
 */
export async function verifyBooks(lines: AsyncIterable<string>, expectedLink?: string): Promise<BooksVerdict> {
  const walk = new BooksWalk(expectedLink?.toLowerCase());
  let at = 0;
  for await (const line of lines) {
    at += 1;
    const problem = walk.take(line);
    if (problem) return { ok: false, line: at, problem };
  }
  const problem = walk.unfinished();
  if (problem) return { ok: false, line: at, problem };
  const { chain, sum } = walk;
  return {
    ok: true,
    entries: chain.entries,
    lastLink: chain.lastLink,
    transfers: sum.transfers,
    balances: sum.balances(),
  };
}

class BooksWalk {
  readonly chain = new AuditChain();
  readonly sum = new BooksSum();
  private readonly body = createHash('sha256');
  private readonly seen = new Set<string>();
  private stage: 'start' | 'audit' | 'ledger' | 'end' = 'start';
  private linkSeen = false;
  private madeAt: string | undefined;

  constructor(private readonly expectedLink: string | undefined) {}

  take(text: string): string | undefined {
    const line = parsed(text);
    if (!line) return 'this is not a line of an export';
    if (this.stage === 'end') return 'something follows the manifest';
    if (line.manifest) return this.finish(line.manifest);
    this.body.update(`${text}\n`);
    if (this.stage === 'start') {
      this.stage = 'audit';
      this.madeAt = line.madeAt;
      return line.format === booksFormat ? undefined : `the file does not begin with the format ${booksFormat}`;
    }
    if (line.audit) return this.stage === 'audit' ? this.entry(line.audit) : 'an audit entry after the transfers';
    this.stage = 'ledger';
    return line.transfer ? this.transfer(line.transfer) : 'this line is of no known kind';
  }

  unfinished(): string | undefined {
    if (this.stage !== 'end') return 'the manifest is missing: the file was cut off';
    if (this.expectedLink && !this.linkSeen)
      return 'the link that was noted down earlier is not in this chain: the past was rewritten';
    return undefined;
  }

  private entry(entry: SealedEntry): string | undefined {
    if (entry.linkHash === this.expectedLink) this.linkSeen = true;
    return this.chain.accept(entry);
  }

  private transfer(transfer: ExportedTransfer): string | undefined {
    if (this.seen.has(transfer.id)) return 'this transfer stands in the file twice';
    this.seen.add(transfer.id);
    const hash = contentHash({
      ...transfer,
      kind: transfer.kind as TransferKind,
      bookDate: transfer.bookDate as CalendarDate,
      postedAt: new Date(transfer.postedAt),
      expiresAt: transfer.expiresAt === null ? null : new Date(transfer.expiresAt),
      lines: transfer.lines.map(({ debit, credit, amount, currency }) => ({
        debit: { id: debit },
        credit: { id: credit },
        amount: BigInt(amount),
        currency,
      })),
    });
    if (!hash.equals(Buffer.from(transfer.hash, 'hex'))) return 'the transfer was changed after it was written';
    this.sum.add(transfer);
    return undefined;
  }

  private finish(manifest: BooksManifest): string | undefined {
    this.stage = 'end';
    const sha256 = this.body.digest();
    const stated = Buffer.from(manifest.sha256, 'hex');
    if (stated.length !== sha256.length || !timingSafeEqual(stated, sha256))
      return 'the manifest does not fit the lines before it';
    const { entries, lastLink } = this.chain;
    const { transfers, postings } = this.sum;
    const same =
      manifest.format === booksFormat &&
      this.madeAt !== undefined &&
      manifest.madeAt === this.madeAt &&
      manifest.audit.entries === entries &&
      manifest.audit.lastLink === lastLink &&
      manifest.ledger.transfers === transfers &&
      manifest.ledger.postings === postings &&
      JSON.stringify(manifest.balances) === JSON.stringify(this.sum.balances());
    if (!same) return 'the figures of the manifest are not those of the lines';
    const nets = new Map<string, bigint>();
    for (const { currency, net } of this.sum.balances()) nets.set(currency, (nets.get(currency) ?? 0n) + BigInt(net));
    return [...nets.values()].every((net) => net === 0n) ? undefined : 'debits and credits differ';
  }
}

function parsed(text: string): BooksLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
