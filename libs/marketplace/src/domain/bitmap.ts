/** One bit for each slot of an index. Grows by doubling; a slot beyond its length is simply not in it. */
export class Bitmap {
  words = new Uint32Array(4);

  add(slot: number): void {
    const word = slot >>> 5;
    if (word >= this.words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.words.length * 2));
      grown.set(this.words);
      this.words = grown;
    }
    this.words[word] = (this.words[word] as number) | (1 << (slot & 31));
  }

  delete(slot: number): void {
    const word = slot >>> 5;
    if (word < this.words.length) this.words[word] = (this.words[word] as number) & ~(1 << (slot & 31));
  }
}

/** Calls `visit` with each slot of the bits of one word, in order, until it answers false; false when it did. */
export function eachSlot(bits: number, word: number, visit: (slot: number) => boolean): boolean {
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    if (!visit((word << 5) | (31 - Math.clz32(rest & -rest)))) return false;
  }
  return true;
}

/** Which slots accept which values of one property: a bitmap for each value, and one for those that accept any. */
export class AcceptedValues<Value> {
  private readonly byValue = new Map<Value, Bitmap>();
  private readonly any = new Bitmap();
  /** Kept between calls: memory outside the heap makes the collector run. */
  private scratch = new Uint32Array(0);

  put(slot: number, values: Iterable<Value> | 'any'): void {
    if (values === 'any') this.any.add(slot);
    else for (const value of values) this.of(value).add(slot);
  }

  remove(slot: number, values: Iterable<Value> | 'any'): void {
    if (values === 'any') this.any.delete(slot);
    else for (const value of values) this.byValue.get(value)?.delete(slot);
  }

  /** Keeps of the slots in `found` those that accept any one of the values. */
  narrow(found: Uint32Array, values: readonly Value[]): void {
    const accepting = this.accepting(values);
    const [first, second] = accepting;
    if (first && accepting.length === 1) return intersect(found, first);
    if (first && second && accepting.length === 2) return intersectEither(found, first, second);
    if (this.scratch.length < found.length) this.scratch = new Uint32Array(found.length);
    const union = this.scratch.subarray(0, found.length).fill(0);
    for (const words of accepting) unite(union, words);
    intersect(found, union);
  }

  /** The slots, of a whole index of `length` words, that accept any one of the values. */
  accepted(values: readonly Value[], length: number): Uint32Array {
    const union = new Uint32Array(length);
    for (const words of this.accepting(values)) unite(union, words);
    return union;
  }

  private accepting(values: readonly Value[]): Uint32Array[] {
    return [this.any.words, ...values.flatMap((value) => this.byValue.get(value)?.words ?? [])];
  }

  /** The slots that accept a value by name; it stays the same while they change. */
  of(value: Value): Bitmap {
    let bitmap = this.byValue.get(value);
    if (!bitmap) this.byValue.set(value, (bitmap = new Bitmap()));
    return bitmap;
  }
}

function intersect(found: Uint32Array, words: Uint32Array): void {
  const shared = Math.min(found.length, words.length);
  for (let n = 0; n < shared; n++) found[n] = (found[n] as number) & (words[n] as number);
  found.fill(0, shared);
}

function intersectEither(found: Uint32Array, first: Uint32Array, second: Uint32Array): void {
  const shared = Math.min(found.length, first.length, second.length);
  for (let n = 0; n < shared; n++) found[n] = (found[n] as number) & ((first[n] as number) | (second[n] as number));
  const longer = first.length > second.length ? first : second;
  const end = Math.min(found.length, longer.length);
  for (let n = shared; n < end; n++) found[n] = (found[n] as number) & (longer[n] as number);
  found.fill(0, end);
}

function unite(union: Uint32Array, words: Uint32Array): void {
  const shared = Math.min(union.length, words.length);
  for (let n = 0; n < shared; n++) union[n] = (union[n] as number) | (words[n] as number);
}
