import { Bitmap, eachSlot } from './bitmap.js';
import { type Choice, ListedWords } from './listed-words.js';
import type { ListedRequest, MarketFilter, MarketSort } from './market-filter.js';
import { IdSlots } from './id-slots.js';
import { SortedSlots } from './sorted-slots.js';

/** Where a page begins: after the request with this sort value and identifier. */
export interface BookCursor {
  readonly value: number;
  readonly id: Buffer;
}

const numbers = {
  newest: (row: ListedRequest): number => row.openedAt,
  closing: (row: ListedRequest): number => row.closesAt,
  amount: (row: ListedRequest): number => row.amountMinor,
  score: (row: ListedRequest): number => row.scoreHundredths,
  tenor: (row: ListedRequest): number => row.tenorMonths,
} as const;
type Order = keyof typeof numbers;
const orders = Object.keys(numbers) as Order[];

/** A filter on a number, and the part of that number's order that passes it. */
interface Range {
  readonly order: Order;
  readonly keys: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The requests that one financier sees, filtered by bitmaps and walked in any order. A page costs the smaller of two ways: walking
 * the order until it is full, or judging every request that the rarest filter lets through. So neither common nor rare matches make
 * it slow, however the requests are spread.
 */
export class RequestBook {
  private readonly ids = new IdSlots();
  private readonly live = new Bitmap();
  private scratch = new Uint32Array(0);
  private readonly words = new ListedWords();
  private readonly keys = new Map<Order, Float64Array>(orders.map((order) => [order, new Float64Array(64)]));
  private readonly sorted = new Map<Order, SortedSlots>(
    orders.map((order) => [
      order,
      new SortedSlots(
        () => this.keysOf(order),
        (slot, other) => this.ids.compare(slot, other) < 0,
      ),
    ]),
  );

  get size(): number {
    return this.ids.size;
  }

  /** Takes requests in (also anew) and others out. */
  change(coming: readonly ListedRequest[], leaving: readonly Buffer[]): void {
    const freed: number[] = [];
    for (const id of [...leaving, ...coming.map((row) => row.id)]) {
      const slot = this.ids.remove(id);
      if (slot < 0) continue;
      freed.push(slot);
      this.live.delete(slot);
      this.words.remove(slot);
    }
    const added = Uint32Array.from(coming, (row) => this.add(row)).sort((a, b) => this.ids.compare(a, b));
    for (const order of this.sorted.values()) order.change(freed, added);
    this.ids.release(freed);
  }

  /** Takes the next requests, in the order of their identifiers, into a book that is read for the first time and arranged afterwards. */
  fill(rows: readonly ListedRequest[]): void {
    for (const row of rows) this.add(row);
  }

  /** Arranges what the book was filled with, an order a step: sorting all at once is far less work than merging part by part. */
  *arrange(): Generator<void> {
    const slots = Uint32Array.from({ length: this.size }, (_, slot) => slot);
    for (const order of this.sorted.values()) {
      order.change([], slots);
      yield;
    }
  }

  private add(row: ListedRequest): number {
    const slot = this.ids.add(row.id);
    this.live.add(slot);
    this.words.add(slot, row);
    for (const order of orders) {
      let keys = this.keysOf(order);
      if (slot >= keys.length) {
        const grown = new Float64Array(Math.max(slot + 1, keys.length * 2));
        grown.set(keys);
        this.keys.set(order, (keys = grown));
      }
      keys[slot] = Math.max(0, numbers[order](row));
    }
    return slot;
  }

  /** The identifiers of a page, in order, of what still takes offers at `now`. */
  page(filter: MarketFilter, sort: MarketSort, limit: number, after: BookCursor | undefined, now: number): Buffer[] {
    const choices = this.words.choicesOf(filter);
    const ranges = this.rangesOf(filter);
    const sizes = [...choices.map(({ count }) => count), ...ranges.map(({ start, end }) => end - start)];
    const rarest = Math.min(this.size, ...sizes);
    if (rarest === 0) return [];
    const fits = this.judge(choices, ranges, now);
    const expected = limit / sizes.reduce((product, size) => (product * size) / this.size, 1);
    // The walk is given up where it meets far fewer matches than the filters' shares promise.
    if (expected <= rarest) {
      const found = this.walk(sort, limit, after, ranges, fits, Math.min(rarest, 8 * expected + 256));
      if (found) return this.idsOf(found);
    }
    const candidates: number[] = [];
    const take = (slot: number): boolean => {
      if (fits(slot) && this.isAfter(sort, slot, after)) candidates.push(slot);
      return true;
    };
    const slice = ranges.find(({ start, end }) => end - start === rarest);
    if (slice) for (const slot of this.orderOf(slice.order).slice(slice.start, slice.end)) take(slot);
    else
      this.words.narrow(this.copyOfLive(), choices).forEach((bits, word) => bits !== 0 && eachSlot(bits, word, take));
    return this.idsOf(this.first(candidates, sort, limit));
  }

  /** Judges one slot by every filter. */
  private judge(choices: readonly Choice[], ranges: readonly Range[], now: number): (slot: number) => boolean {
    const { words } = this;
    const closes = this.keysOf('closing');
    return (slot) => {
      if (!words.pass(slot, choices)) return false;
      for (const { keys, from, to } of ranges) {
        const key = keys[slot] as number;
        if (key < from || key > to) return false;
      }
      return (closes[slot] as number) > now;
    };
  }

  /** All that are live, in memory that the next page uses again. */
  private copyOfLive(): Uint32Array {
    const { words } = this.live;
    if (this.scratch.length !== words.length) this.scratch = new Uint32Array(words.length);
    this.scratch.set(words);
    return this.scratch;
  }

  private rangesOf({ amountFrom, amountTo, tenorFrom, tenorTo }: MarketFilter): Range[] {
    const asked = [
      ['amount', amountFrom, amountTo],
      ['tenor', tenorFrom, tenorTo],
    ] as const;
    return asked.flatMap(([order, low, high]) => {
      if (low === undefined && high === undefined) return [];
      const sorted = this.orderOf(order);
      const from = low === undefined ? 0 : Number(low);
      const to = high === undefined ? Infinity : Number(high);
      const start = sorted.position(from);
      const end = Math.max(start, to === Infinity ? sorted.length : sorted.position(to, () => true));
      return [{ order, keys: this.keysOf(order), from, to, start, end }];
    });
  }

  /** Walks the order from the cursor on, within what a filter leaves of that very order; undefined when `steps` did not fill the page. */
  private walk(
    sort: MarketSort,
    limit: number,
    after: BookCursor | undefined,
    ranges: readonly Range[],
    fits: (slot: number) => boolean,
    steps: number,
  ): number[] | undefined {
    const sorted = this.orderOf(sort);
    const found: number[] = [];
    const own = ranges.find(({ order }) => order === sort);
    let [low, high] = [own?.start ?? 0, own?.end ?? sorted.length];
    const forward = sort === 'closing';
    if (after) {
      const reached = sorted.position(after.value, (slot) => this.ids.compareTo(slot, after.id) < (forward ? 1 : 0));
      if (forward) low = Math.max(low, reached);
      else high = Math.min(high, reached);
    }
    for (let step = 0; step < high - low && found.length < limit; step++) {
      if (step > steps) return undefined;
      const slot = sorted.at(forward ? low + step : high - 1 - step);
      if (fits(slot)) found.push(slot);
    }
    return found;
  }

  /** The first of the candidates in the asked order. */
  private first(candidates: number[], sort: MarketSort, limit: number): number[] {
    const keys = this.keysOf(sort);
    const sign = sort === 'closing' ? 1 : -1;
    const compare = (a: number, b: number): number =>
      sign * ((keys[a] as number) - (keys[b] as number) || this.ids.compare(a, b));
    // Cut down by and by, so that many candidates are never sorted all together.
    let kept: number[] = [];
    for (let start = 0; start < candidates.length; start += 4 * limit + 64)
      kept = [...kept, ...candidates.slice(start, start + 4 * limit + 64)].sort(compare).slice(0, limit);
    return kept;
  }

  private isAfter(sort: MarketSort, slot: number, after: BookCursor | undefined): boolean {
    if (!after) return true;
    const difference = (this.keysOf(sort)[slot] as number) - after.value || this.ids.compareTo(slot, after.id);
    return sort === 'closing' ? difference > 0 : difference < 0;
  }

  private idsOf(slots: readonly number[]): Buffer[] {
    return slots.map((slot) => this.ids.at(slot));
  }

  private keysOf(order: Order): Float64Array {
    return this.keys.get(order) as Float64Array;
  }

  private orderOf(order: Order): SortedSlots {
    return this.sorted.get(order) as SortedSlots;
  }
}
