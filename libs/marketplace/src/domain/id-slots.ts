const bytesOfId = 16;
const empty = 0xffff_ffff;
const deleted = 0xffff_fffe;

/** Identifiers of 16 bytes in numbered slots, found by a hash table without an object for each: 400,000 take 12 megabytes. */
export class IdSlots {
  private bytes = Buffer.alloc(64 * bytesOfId);
  private table = new Uint32Array(128).fill(empty);
  private occupied = 0;
  private used = 0;
  private free: number[] = [];
  size = 0;

  /** Gives an identifier, which must not be there, a slot. */
  add(id: Buffer): number {
    if ((this.occupied + 1) * 2 > this.table.length) this.rehash();
    const slot = this.free.pop() ?? this.used++;
    if ((slot + 1) * bytesOfId > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.bytes.length * 2);
    id.copy(this.bytes, slot * bytesOfId);
    this.enter(slot);
    this.size += 1;
    return slot;
  }

  /** Takes an identifier out and answers its slot, or -1. The slot is not given again before it is released. */
  remove(id: Buffer): number {
    const mask = this.table.length - 1;
    for (let at = hash(id, 0) & mask; ; at = (at + 1) & mask) {
      const slot = this.table[at] as number;
      if (slot === empty) return -1;
      if (slot === deleted || this.compareTo(slot, id) !== 0) continue;
      this.table[at] = deleted;
      this.size -= 1;
      return slot;
    }
  }

  /** Lets removed slots be given again. */
  release(slots: readonly number[]): void {
    for (const slot of slots) this.free.push(slot);
  }

  at(slot: number): Buffer {
    return Buffer.from(this.bytes.subarray(slot * bytesOfId, (slot + 1) * bytesOfId));
  }

  /** Negative, zero or positive, as the first identifier comes before, is, or comes after the second. */
  compare(slot: number, other: number): number {
    for (let n = 0; n < bytesOfId; n += 4) {
      const difference = this.bytes.readUInt32BE(slot * bytesOfId + n) - this.bytes.readUInt32BE(other * bytesOfId + n);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  compareTo(slot: number, id: Buffer): number {
    return this.bytes.compare(id, 0, bytesOfId, slot * bytesOfId, (slot + 1) * bytesOfId);
  }

  private enter(slot: number): void {
    const mask = this.table.length - 1;
    let at = hash(this.bytes, slot * bytesOfId) & mask;
    while ((this.table[at] as number) < deleted) at = (at + 1) & mask;
    if (this.table[at] === empty) this.occupied += 1;
    this.table[at] = slot;
  }

  private rehash(): void {
    const slots = this.table.filter((slot) => slot < deleted);
    let length = 128;
    while (length < (slots.length + 1) * 4) length *= 2;
    this.table = new Uint32Array(length).fill(empty);
    this.occupied = 0;
    for (const slot of slots) this.enter(slot);
  }
}

/** The last bytes of a UUID of version 7 are random; mixed once more for identifiers that come from elsewhere. */
function hash(bytes: Buffer, offset: number): number {
  const mixed = Math.imul(bytes.readUInt32BE(offset + 12) ^ bytes.readUInt32BE(offset + 4), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
