import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AuditChain, idBytes, sealedEntries } from '#platform';
import { booksFormat, type BooksManifest, BooksSum, type ExportedTransfer } from '../domain/books-export.js';
import type { TransferRecord } from '../domain/transfer.js';
import { type ReadRows, readTransfers } from '../persistence/transfer.store.js';

const page = 1_000;

/**
 * The audit log and the ledger as one file that proves itself without this program's database: a line of JSON for each sealed audit
 * entry with its link, then each transfer with its hash, then a manifest. For those who supervise the market.
 */
@Injectable()
export class BooksExport {
  constructor(private readonly dataSource: DataSource) {}

  /** The file's lines, each with its line break, read page by page while they are sent. */
  async *lines(): AsyncGenerator<string> {
    const read: ReadRows = async (sql, parameters = []) => this.dataSource.query(sql, [...parameters]);
    const body = createHash('sha256');
    const chain = new AuditChain();
    const sum = new BooksSum();
    const line = (value: object): string => {
      const text = `${JSON.stringify(value)}\n`;
      body.update(text);
      return text;
    };
    const madeAt = new Date().toISOString();
    yield line({ format: booksFormat, madeAt });
    for await (const audit of sealedEntries(read)) {
      chain.accept(audit);
      yield line({ audit });
    }
    for await (const transfer of transfersOf(read)) {
      sum.add(transfer);
      yield line({ transfer });
    }
    const manifest: BooksManifest = {
      format: booksFormat,
      madeAt,
      audit: { entries: chain.entries, lastLink: chain.lastLink },
      ledger: { transfers: sum.transfers, postings: sum.postings },
      balances: sum.balances(),
      sha256: body.digest('hex'),
    };
    yield `${JSON.stringify({ manifest })}\n`;
  }
}

async function* transfersOf(read: ReadRows): AsyncGenerator<ExportedTransfer> {
  for (let after: Buffer = Buffer.alloc(16); ;) {
    const found = await readTransfers(read, `WHERE t.id > ? ORDER BY t.id LIMIT ${page}`, [after]);
    for (const transfer of found) yield exported(transfer);
    const last = found.at(-1);
    if (!last || found.length < page) return;
    after = idBytes(last.id);
  }
}

function exported({ hash, postedAt, expiresAt, lines, ...rest }: TransferRecord): ExportedTransfer {
  return {
    ...rest,
    postedAt: postedAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lines: lines.map(({ debit, credit, amount, currency }) => ({
      debit: debit.id,
      credit: credit.id,
      debitPurpose: debit.purpose,
      creditPurpose: credit.purpose,
      amount: amount.toString(),
      currency,
    })),
    hash: hash.toString('hex'),
  };
}
