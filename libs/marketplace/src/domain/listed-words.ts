import { AcceptedValues, type Bitmap } from './bitmap.js';
import type { ListedRequest, MarketFilter } from './market-filter.js';

type Word = string | boolean;
/** What the brief does not show; no filter on text can ask for it. */
const notShown = false;
const words = {
  product: (row: ListedRequest): Word => row.productKind,
  sector: (row: ListedRequest): Word => row.sector ?? notShown,
  region: (row: ListedRequest): Word => row.region ?? notShown,
  size: (row: ListedRequest): Word => row.sizeClass ?? notShown,
  grade: (row: ListedRequest): Word => row.grade ?? 'unrated',
  currency: (row: ListedRequest): Word => row.currency,
  shariah: (row: ListedRequest): Word => row.shariahOnly,
  women_led: (row: ListedRequest): Word => row.womenLed,
  rural: (row: ListedRequest): Word => row.rural,
} as const;
type Property = keyof typeof words;
const properties = Object.keys(words) as Property[];

/** A word of a property: its code, how many requests have it, and which. */
interface Known {
  readonly code: number;
  count: number;
  readonly slots: Bitmap;
}

/** Room for the codes of one request; a power of two, more than there are properties. */
const stride = 16;

/** A filter on words: which codes pass, and how many requests have them. */
export interface Choice {
  readonly property: Property;
  readonly column: number;
  readonly values: readonly Word[];
  readonly passes: Uint8Array;
  readonly count: number;
}

/** What listed requests say in words: sector, region and the like; for judging one of them, and for finding all that have a word. */
export class ListedWords {
  private readonly values = new Map<Property, AcceptedValues<Word>>(
    properties.map((property) => [property, new AcceptedValues<Word>()]),
  );
  private readonly vocabulary = new Map<Property, Map<Word, Known>>(
    properties.map((property) => [property, new Map()]),
  );
  /** The codes of a slot's words side by side, so that judging it touches memory once. */
  private codes = new Uint16Array(64 * stride);

  add(slot: number, row: ListedRequest): void {
    if ((slot + 1) * stride > this.codes.length) {
      const grown = new Uint16Array(this.codes.length * 2);
      grown.set(this.codes);
      this.codes = grown;
    }
    for (let column = 0; column < properties.length; column++) {
      const property = properties[column] as Property;
      const word = words[property](row);
      const known = this.vocabulary.get(property) as Map<Word, Known>;
      const each = known.get(word) ?? this.learn(property, known, word);
      each.count += 1;
      this.codes[slot * stride + column] = each.code;
      each.slots.add(slot);
    }
  }

  private learn(property: Property, known: Map<Word, Known>, word: Word): Known {
    const slots = (this.values.get(property) as AcceptedValues<Word>).of(word);
    const each = { code: known.size, count: 0, slots };
    known.set(word, each);
    return each;
  }

  remove(slot: number): void {
    properties.forEach((property, column) => {
      for (const each of (this.vocabulary.get(property) as Map<Word, Known>).values()) {
        if (each.code !== this.codes[slot * stride + column]) continue;
        each.count -= 1;
        each.slots.delete(slot);
      }
    });
  }

  /** Whether the slot's words pass every filter. */
  pass(slot: number, choices: readonly Choice[]): boolean {
    for (const { column, passes } of choices)
      if (passes[this.codes[slot * stride + column] as number] !== 1) return false;
    return true;
  }

  /** Keeps of a bitmap what passes every filter. */
  narrow(bits: Uint32Array, choices: readonly Choice[]): Uint32Array {
    for (const { property, values } of choices) this.values.get(property)?.narrow(bits, values);
    return bits;
  }

  /** The filters on words, the rarest first. */
  choicesOf(filter: MarketFilter): Choice[] {
    const one = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);
    const asked: Readonly<Record<Property, readonly Word[] | undefined>> = {
      product: filter.productKinds,
      sector: filter.sectors,
      region: filter.regions,
      size: filter.sizeClasses,
      grade: filter.grades,
      currency: one(filter.currency),
      shariah: one(filter.shariahOnly),
      women_led: one(filter.womenLed),
      rural: one(filter.rural),
    };
    return properties
      .flatMap((property, column): Choice[] => {
        const values = asked[property];
        if (!values || values.length === 0) return [];
        const known = this.vocabulary.get(property) as Map<Word, Known>;
        const passes = new Uint8Array(known.size);
        let count = 0;
        for (const value of new Set(values)) {
          const each = known.get(value);
          if (!each) continue;
          passes[each.code] = 1;
          count += each.count;
        }
        return [{ property, column, values, passes, count }];
      })
      .sort((a, b) => a.count - b.count);
  }
}
