import { setImmediate as turnOfOthers, setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENVIRONMENT, type Environment, idBytes, idText } from '#platform';
import { RequestBook } from '../domain/request-book.js';
import type { MarketFilter, MarketSort } from '../domain/market-filter.js';
import { currentMarketSequence, marketChangesSince } from '../persistence/market-change.store.js';
import {
  bookColumns,
  type BookRow,
  cursorNumber,
  type ListCursor,
  listedOf,
} from '../persistence/market-list.query.js';

/** A list up to this length is read by one statement, without a book. */
const shortList = 200;
/** How long a short list is taken for short. */
const shortForMs = 30_000;
/** Requests that the books of one process hold together, about 100 bytes each; the longest unused book goes first. */
const heldAtMost = 1_500_000;
/** How long who asks waits for a book that is being read, before a statement answers. */
const waitForBookMs = 4_000;
/** Each page walks the index from its beginning, so few long ones; but never so long that all rows are in memory together. */
const loadPage = 10_000;

interface Shelf {
  readonly book: RequestBook;
  sequence: bigint;
  usedAt: number;
}

/**
 * The long lists of the market, in memory: for each financier that sees many requests and asks for them, a book that finds the ids of
 * a page in a fraction of a millisecond (docs/adr/0005). It is a hint, not a truth: rows are read by these ids and judged again. Books
 * follow the numbered log of market changes; what they do not know yet appears when the log says so.
 */
@Injectable()
export class ListingCatalogue {
  private readonly shelves = new Map<string, Shelf>();
  private readonly shortUntil = new Map<string, number>();
  private readonly loading = new Map<string, Promise<void>>();
  private catchingUp: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The ids of a page, or undefined where the financier has no book: its list is short, or the book takes longer to read than one waits. */
  async page(
    financierId: string,
    filter: MarketFilter,
    sort: MarketSort,
    count: number,
    after: ListCursor | undefined,
  ): Promise<Buffer[] | undefined> {
    if (!this.shelves.has(financierId)) {
      await this.consider(financierId);
      await this.soon(financierId);
      if (!this.shelves.has(financierId)) return undefined;
    }
    await this.catchUp();
    const shelf = this.shelves.get(financierId);
    if (!shelf) return undefined;
    const now = Date.now();
    shelf.usedAt = now;
    const from = after && { value: cursorNumber(sort, after), id: idBytes(after[1]) };
    // The rows are judged by the database's clock; this one only leaves out what is surely over.
    return shelf.book.page(filter, sort, count, from, now + this.environment.clockOffsetSeconds * 1000 - 5_000);
  }

  /** Takes requests off a book that were found to be off the list. */
  forget(financierId: string, ids: readonly Buffer[]): void {
    this.shelves.get(financierId)?.book.change([], ids);
  }

  /** Waits until every book that is being read is there. */
  async settled(): Promise<void> {
    await Promise.all(this.loading.values());
  }

  /** Waits for a book that is being read: the statement in its place takes about as long, and would hold up the reading. */
  private async soon(financierId: string): Promise<void> {
    const loading = this.loading.get(financierId);
    if (loading) await Promise.race([loading, pause(waitForBookMs, undefined, { ref: false })]);
  }

  private async consider(financierId: string): Promise<void> {
    if (this.loading.has(financierId) || (this.shortUntil.get(financierId) ?? 0) > Date.now()) return;
    const [row] = await this.dataSource.query<{ n: string }[]>(
      `SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM request_match WHERE financier_id = ? AND listed = 1 LIMIT ${shortList + 1}) AS some`,
      [idBytes(financierId)],
    );
    if (Number(row?.n) <= shortList) {
      if (this.shortUntil.size > 10_000) this.shortUntil.clear();
      this.shortUntil.set(financierId, Date.now() + shortForMs);
      return;
    }
    if (this.loading.has(financierId)) return;
    // A book that cannot be read now is tried again by the next who asks, and a statement answers instead.
    const done = this.load(financierId)
      .catch(() => undefined)
      .finally(() => this.loading.delete(financierId));
    this.loading.set(financierId, done);
  }

  private async load(financierId: string): Promise<void> {
    const sequence = await currentMarketSequence(this.dataSource);
    const book = new RequestBook();
    const pageAfter = (id: Buffer): Promise<BookRow[]> =>
      this.dataSource.query<BookRow[]>(
        `SELECT ${bookColumns} FROM request_match m JOIN funding_request r ON r.id = m.request_id
         WHERE m.financier_id = ? AND m.listed = 1 AND m.request_id > ? ORDER BY m.request_id LIMIT ${loadPage}`,
        [idBytes(financierId), id],
      );
    let coming: Promise<BookRow[]> | undefined = pageAfter(Buffer.alloc(16));
    while (coming) {
      const page: BookRow[] = await coming;
      const last = page.at(-1);
      // The database reads the next page while this one is taken in.
      coming = last && page.length === loadPage ? pageAfter(last.request_id) : undefined;
      coming?.catch(() => undefined);
      book.fill(page.map(listedOf));
    }
    const steps = book.arrange();
    while (!steps.next().done) await turnOfOthers();
    this.shelves.set(financierId, { book, sequence, usedAt: Date.now() });
    this.makeRoom(financierId);
  }

  /** The longest unused books go until the rest fits; the newest stays, however long it is. */
  private makeRoom(newest: string): void {
    const byUse = [...this.shelves].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    let held = byUse.reduce((sum, [, { book }]) => sum + book.size, 0);
    for (const [financierId, { book }] of byUse) {
      if (held <= heldAtMost) return;
      if (financierId === newest) continue;
      held -= book.size;
      this.shelves.delete(financierId);
    }
  }

  /** One catch-up at a time; who comes meanwhile starts another after it, because its change may be newer. */
  private async catchUp(): Promise<void> {
    const running = this.catchingUp;
    if (running) await running.catch(() => undefined);
    this.catchingUp ??= this.read().finally(() => (this.catchingUp = undefined));
    await this.catchingUp;
  }

  private async read(): Promise<void> {
    for (;;) {
      const oldest = [...this.shelves.values()].reduce<bigint | undefined>(
        (low, { sequence }) => (low === undefined || sequence < low ? sequence : low),
        undefined,
      );
      if (oldest === undefined) return;
      const changes = await marketChangesSince(this.dataSource, oldest, 500);
      if (!changes) {
        this.shelves.clear();
        return;
      }
      const last = changes.at(-1)?.sequence;
      if (last !== undefined)
        await this.apply(
          changes.map(({ requestId }) => requestId),
          last,
        );
      if (changes.length < 500) return;
    }
  }

  /** Reads the changed requests again for every book that has not seen these changes. */
  private async apply(requestIds: readonly Buffer[], upTo: bigint): Promise<void> {
    const ids = [...new Map(requestIds.map((id) => [id.toString('latin1'), id])).values()];
    const behind = [...this.shelves].filter(([, { sequence }]) => sequence < upTo);
    const marks = (list: readonly unknown[]): string => list.map(() => '?').join(',');
    const rows = await this.dataSource.query<BookRow[]>(
      `SELECT ${bookColumns} FROM request_match m JOIN funding_request r ON r.id = m.request_id
       WHERE m.request_id IN (${marks(ids)}) AND m.financier_id IN (${marks(behind)}) AND m.listed = 1`,
      [...ids, ...behind.map(([financierId]) => idBytes(financierId))],
    );
    const byFinancier = new Map<string, BookRow[]>();
    for (const row of rows) {
      const financierId = idText(row.financier_id);
      byFinancier.set(financierId, [...(byFinancier.get(financierId) ?? []), row]);
    }
    for (const [financierId, shelf] of behind) {
      shelf.book.change((byFinancier.get(financierId) ?? []).map(listedOf), ids);
      shelf.sequence = upTo;
    }
  }
}
