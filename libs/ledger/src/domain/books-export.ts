/** The version of the file's form. From 2 on, the first line holds the instant of the export too: every byte is covered. */
export const booksFormat = 'sanad-books/2';

/** One line of a transfer; accounts by id, amounts in minor units as text. */
export interface ExportedLine {
  readonly debit: string;
  readonly credit: string;
  readonly debitPurpose: string;
  readonly creditPurpose: string;
  readonly amount: string;
  readonly currency: string;
}

/** A transfer as the file holds it: everything that its hash covers, and the hash. */
export interface ExportedTransfer {
  readonly id: string;
  readonly reference: string;
  readonly kind: string;
  readonly description: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly bookDate: string;
  readonly postedAt: string;
  readonly expiresAt: string | null;
  readonly resolves: string | null;
  readonly reverses: string | null;
  readonly lines: readonly ExportedLine[];
  readonly hash: string;
}

/** The last line of the file: what came before it, so that nothing can be cut off or added. */
export interface BooksManifest {
  readonly format: typeof booksFormat;
  /** As the first line says, which `sha256` covers. */
  readonly madeAt: string;
  readonly audit: { readonly entries: number; readonly lastLink: string };
  readonly ledger: { readonly transfers: number; readonly postings: number };
  /** What the posted lines leave on each purpose, debits less credits, in minor units; each currency adds up to zero. */
  readonly balances: readonly { readonly currency: string; readonly purpose: string; readonly net: string }[];
  /** SHA-256 of every byte before this line. */
  readonly sha256: string;
}

/** Adds up what transfers leave on each purpose. Reservations move nothing. */
export class BooksSum {
  private readonly nets = new Map<string, bigint>();
  transfers = 0;
  postings = 0;

  add({ kind, lines }: Pick<ExportedTransfer, 'kind' | 'lines'>): void {
    this.transfers += 1;
    this.postings += lines.length;
    if (kind === 'reserve') return;
    for (const { debitPurpose, creditPurpose, amount, currency } of lines) {
      this.move(`${currency}/${debitPurpose}`, BigInt(amount));
      this.move(`${currency}/${creditPurpose}`, -BigInt(amount));
    }
  }

  balances(): BooksManifest['balances'] {
    return [...this.nets]
      .filter(([, net]) => net !== 0n)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, net]) => {
        const [currency, purpose] = key.split('/') as [string, string];
        return { currency, purpose, net: net.toString() };
      });
  }

  private move(key: string, amount: bigint): void {
    this.nets.set(key, (this.nets.get(key) ?? 0n) + amount);
  }
}
