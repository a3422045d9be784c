import type { Grade } from '#kernel';
import { AcceptedValues, Bitmap, countBits, eachSlot } from './bitmap.js';
import { IdSlots } from './id-slots.js';
import { SortedSlots } from './sorted-slots.js';

export const marketSorts = ['newest', 'closing', 'amount', 'score'] as const;
export type MarketSort = (typeof marketSorts)[number];

/** Filters of the market's list; every one narrows it. Amounts are minor units. */
export interface MarketFilter {
  readonly productKinds?: readonly string[] | undefined;
  readonly sectors?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly sizeClasses?: readonly string[] | undefined;
  readonly grades?: readonly Grade[] | undefined;
  readonly amountFrom?: bigint | undefined;
  readonly amountTo?: bigint | undefined;
  readonly tenorFrom?: number | undefined;
  readonly tenorTo?: number | undefined;
  readonly currency?: string | undefined;
  readonly shariahOnly?: boolean | undefined;
  readonly womenLed?: boolean | undefined;
  readonly rural?: boolean | undefined;
}

/** A request as the list filters and sorts it, for one financier. Instants are milliseconds, the score hundredths. */
export interface ListedRequest {
  /** The 16 bytes of the identifier. */
  readonly id: Buffer;
  readonly productKind: string;
  readonly sector: string;
  readonly region: string;
  readonly sizeClass: string;
  readonly grade: string | null;
  readonly currency: string;
  readonly shariahOnly: boolean;
  readonly womenLed: boolean;
  readonly rural: boolean;
  readonly tenorMonths: number;
  readonly amountMinor: number;
  readonly openedAt: number;
  readonly closesAt: number;
  readonly scoreHundredths: number;
}

/** Where a page begins: after the request with this sort value and identifier. */
export interface BookCursor {
  readonly value: number;
  readonly id: Buffer;
}

type Word = string | boolean;
const words = {
  product: (row: ListedRequest): Word => row.productKind,
  sector: (row: ListedRequest): Word => row.sector,
  region: (row: ListedRequest): Word => row.region,
  size: (row: ListedRequest): Word => row.sizeClass,
  grade: (row: ListedRequest): Word => row.grade ?? 'unrated',
  currency: (row: ListedRequest): Word => row.currency,
  shariah: (row: ListedRequest): Word => row.shariahOnly,
  women_led: (row: ListedRequest): Word => row.womenLed,
  rural: (row: ListedRequest): Word => row.rural,
} as const;
type Property = keyof typeof words;
const properties = Object.keys(words) as Property[];

const numbers = {
  newest: (row: ListedRequest): number => row.openedAt,
  closing: (row: ListedRequest): number => row.closesAt,
  amount: (row: ListedRequest): number => row.amountMinor,
  score: (row: ListedRequest): number => row.scoreHundredths,
  tenor: (row: ListedRequest): number => row.tenorMonths,
} as const;
type Order = keyof typeof numbers;
const orders = Object.keys(numbers) as Order[];

/**
 * The requests that one financier sees, filtered by bitmaps and walked in any order. A page costs the smaller of two ways: walking
 * the order until it is full, or judging every request that the rarest filter lets through. So neither common nor rare matches make
 * it slow, however the requests are spread.
 */
export class RequestBook {
  private readonly ids = new IdSlots();
  private readonly live = new Bitmap();
  private readonly values = new Map<Property, AcceptedValues<Word>>(
    properties.map((property) => [property, new AcceptedValues<Word>()]),
  );
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

  /** Takes requests in (also anew) and others out, in one pass. */
  change(coming: readonly ListedRequest[], leaving: readonly Buffer[]): void {
    const freed = new Bitmap();
    for (const id of [...leaving, ...coming.map((row) => row.id)]) {
      const slot = this.ids.remove(id);
      if (slot < 0) continue;
      freed.add(slot);
      this.live.delete(slot);
      for (const values of this.values.values()) values.removeSlot(slot);
    }
    const added = Uint32Array.from(coming, (row) => this.add(row)).sort((a, b) => this.ids.compare(a, b));
    for (const order of this.sorted.values()) order.change((slot) => freed.has(slot), added);
    this.ids.release(freed);
  }

  private add(row: ListedRequest): number {
    const slot = this.ids.add(row.id);
    this.live.add(slot);
    for (const [property, values] of this.values) values.put(slot, [words[property](row)]);
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
    const passes = this.bitsOf(filter);
    const closes = this.keysOf('closing');
    const ranges = this.rangesOf(filter);
    const fits = (slot: number): boolean =>
      (!passes || (((passes[slot >>> 5] as number) >>> (slot & 31)) & 1) === 1) &&
      (closes[slot] as number) > now &&
      ranges.every(({ keys, from, to }) => (keys[slot] as number) >= from && (keys[slot] as number) <= to);
    const count = passes ? passes.reduce((sum, bits) => sum + countBits(bits), 0) : this.size;
    const rarest = Math.min(count, ...ranges.map(({ start, end }) => end - start));
    if (rarest === 0) return [];
    const share = ranges.reduce((product, { start, end }) => (product * (end - start)) / this.size, count / this.size);
    // The walk is given up where it meets fewer matches than the filters' shares promise.
    if (limit / share <= rarest) {
      const found = this.walk(sort, limit, after, fits, rarest);
      if (found) return this.idsOf(found);
    }
    const candidates: number[] = [];
    const judge = (slot: number): boolean => {
      if (fits(slot) && this.isAfter(sort, slot, after)) candidates.push(slot);
      return true;
    };
    const slice = ranges.find(({ start, end }) => end - start === rarest);
    if (slice) for (const slot of slice.order.subarray(slice.start, slice.end)) judge(slot);
    else (passes ?? this.live.words).forEach((bits, word) => eachSlot(bits, word, judge));
    return this.idsOf(this.first(candidates, sort, limit));
  }

  /** The bitmap of what passes every filter on words; undefined when there is none. */
  private bitsOf(filter: MarketFilter): Uint32Array | undefined {
    const asked: readonly (readonly [Property, readonly Word[] | undefined])[] = [
      ['product', filter.productKinds],
      ['sector', filter.sectors],
      ['region', filter.regions],
      ['size', filter.sizeClasses],
      ['grade', filter.grades],
      ['currency', filter.currency === undefined ? undefined : [filter.currency]],
      ['shariah', filter.shariahOnly === undefined ? undefined : [filter.shariahOnly]],
      ['women_led', filter.womenLed === undefined ? undefined : [filter.womenLed]],
      ['rural', filter.rural === undefined ? undefined : [filter.rural]],
    ];
    let bits: Uint32Array | undefined;
    for (const [property, values] of asked) {
      if (!values || values.length === 0) continue;
      bits ??= this.live.words.slice();
      this.values.get(property)?.narrow(bits, values);
    }
    return bits;
  }

  private rangesOf({ amountFrom, amountTo, tenorFrom, tenorTo }: MarketFilter) {
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
      const end = Math.max(start, to === Infinity ? sorted.slots.length : sorted.position(to, () => true));
      return [{ keys: this.keysOf(order), from, to, start, end, order: sorted.slots }];
    });
  }

  /** Walks the order from the cursor on; undefined when `steps` did not fill the page. */
  private walk(
    sort: MarketSort,
    limit: number,
    after: BookCursor | undefined,
    fits: (slot: number) => boolean,
    steps: number,
  ): number[] | undefined {
    const sorted = this.orderOf(sort);
    const found: number[] = [];
    const forward = sort === 'closing';
    const start = after
      ? sorted.position(after.value, (slot) => this.ids.compareTo(slot, after.id) < (forward ? 1 : 0))
      : forward
        ? 0
        : sorted.slots.length;
    const available = forward ? sorted.slots.length - start : start;
    for (let step = 0; step < available && found.length < limit; step++) {
      if (step > steps) return undefined;
      const slot = sorted.slots[forward ? start + step : start - 1 - step] as number;
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
