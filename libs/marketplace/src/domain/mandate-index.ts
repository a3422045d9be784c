import { grades, type Mandate } from '#kernel';
import { AcceptedValues, Bitmap, eachSlot } from './bitmap.js';
import { failedRules, fits, type MatchRule, matchRules } from './matching.policy.js';
import type { AnonymousBrief } from './request-terms.js';

type Value = string | number | boolean;

/** One rule as the index keeps it: the values that a mandate accepts, and those of which a brief brings one. */
interface Dimension {
  readonly accepts: (mandate: Mandate) => readonly Value[] | 'any';
  readonly brings: (brief: AnonymousBrief) => readonly Value[];
}

const listOrAny = (list: readonly Value[]): readonly Value[] | 'any' => (list.length === 0 ? 'any' : list);

/** Amounts share a bucket when they lie within a fifth of each other; exact limits are judged by the rule itself. */
const amountBucket = (minor: bigint): number => (minor <= 0n ? 0 : Math.floor(Math.log2(Number(minor)) * 4) + 1);
/** Tenors share a bucket by the quarter; all above 50 years share the last. */
const tenorBucket = (months: number): number => Math.max(0, Math.min(200, Math.floor(months / 3)));

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
}

const dimensions: Readonly<Record<MatchRule, Dimension>> = {
  product: { accepts: (mandate) => listOrAny(mandate.productKinds), brings: (brief) => [brief.productKind] },
  currency: { accepts: (mandate) => [mandate.currency], brings: (brief) => [brief.amount.currency] },
  amount: {
    accepts: (mandate) => range(amountBucket(mandate.amountMin), amountBucket(mandate.amountMax)),
    brings: (brief) => [amountBucket(brief.amount.minor)],
  },
  tenor: {
    accepts: (mandate) => range(tenorBucket(mandate.tenorMin), tenorBucket(mandate.tenorMax)),
    brings: (brief) => [tenorBucket(brief.tenorMonths)],
  },
  sector: { accepts: (mandate) => listOrAny(mandate.sectors), brings: (brief) => [brief.sector] },
  region: { accepts: (mandate) => listOrAny(mandate.regions), brings: (brief) => [brief.region] },
  size: { accepts: (mandate) => listOrAny(mandate.sizeClasses), brings: (brief) => [brief.sizeClass] },
  age: { accepts: (mandate) => listOrAny(mandate.ageBands), brings: (brief) => [brief.ageBand] },
  grade: {
    accepts: ({ gradeFloor }) => (gradeFloor === null ? 'any' : grades.slice(0, grades.indexOf(gradeFloor) + 1)),
    brings: ({ grade }) => (grade === null ? [] : [grade]),
  },
  collateral: { accepts: (mandate) => listOrAny(mandate.collateral), brings: (brief) => brief.collateral },
  shariah: {
    accepts: (mandate) => [...(mandate.offersShariah ? [true] : []), ...(mandate.shariahOnly ? [] : [false])],
    brings: (brief) => [brief.shariahOnly],
  },
  women_led: {
    accepts: (mandate) => (mandate.womenLedOnly ? [true] : 'any'),
    brings: (brief) => [brief.womenLed],
  },
  rural: { accepts: (mandate) => (mandate.ruralOnly ? [true] : 'any'), brings: (brief) => [brief.rural] },
};

export interface NearMiss {
  readonly mandate: Mandate;
  readonly failed: readonly MatchRule[];
}

/** A mandate that fails more rules than this is no near miss. */
const nearAtMost = 3;
/** How many mandates a search for near misses looks at; what lies behind them is left out. */
const nearVisits = 4_000;

/**
 * The live mandates, each in a slot of its own; for every value of every rule a bitmap of the slots that accept it. A brief is
 * matched by the intersection of one set of bitmaps a rule; amount and tenor are kept in buckets, so every mandate that is found is
 * judged once more by the plain rule. Changes set and clear bits; freed slots are used again, nothing is ever rebuilt.
 */
export class MandateIndex {
  private readonly slots = new Map<string, number>();
  private readonly mandates: (Mandate | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly live = new Bitmap();
  private readonly values = Object.fromEntries(matchRules.map((rule) => [rule, new AcceptedValues<Value>()])) as Record<
    MatchRule,
    AcceptedValues<Value>
  >;
  private readonly lists = new Map<string, readonly string[]>();

  get size(): number {
    return this.slots.size;
  }

  get(mandateId: string): Mandate | undefined {
    return this.mandates[this.slots.get(mandateId) ?? -1];
  }

  /** Takes a mandate in, or its new terms. */
  put(mandate: Mandate): void {
    this.remove(mandate.id);
    const slot = this.free.pop() ?? this.mandates.length;
    const kept = this.compact(mandate);
    this.mandates[slot] = kept;
    this.slots.set(kept.id, slot);
    this.live.add(slot);
    for (const rule of matchRules) this.values[rule].put(slot, dimensions[rule].accepts(kept));
  }

  remove(mandateId: string): void {
    const slot = this.slots.get(mandateId);
    const mandate = slot === undefined ? undefined : this.mandates[slot];
    if (slot === undefined || !mandate) return;
    for (const rule of matchRules) this.values[rule].remove(slot, dimensions[rule].accepts(mandate));
    this.live.delete(slot);
    this.mandates[slot] = undefined;
    this.slots.delete(mandateId);
    this.free.push(slot);
  }

  /** Every mandate that fits the brief, exactly as the plain rule says. */
  matching(brief: AnonymousBrief): Mandate[] {
    const found = this.live.words.slice(0, this.words);
    for (const rule of matchRules) this.values[rule].narrow(found, dimensions[rule].brings(brief));
    const fitting: Mandate[] = [];
    for (let word = 0; word < found.length; word++) {
      const bits = found[word] as number;
      if (bits === 0) continue;
      eachSlot(bits, word, (slot) => {
        const mandate = this.mandates[slot] as Mandate;
        if (fits(mandate, brief)) fitting.push(mandate);
        return true;
      });
    }
    return fitting;
  }

  /**
   * Mandates that fail one to three rules, those that fail fewest first. It looks at no more than some thousand of them, so among
   * very many that fail equally few it shows those that it met first.
   */
  nearest(brief: AnonymousBrief, atMost: number): NearMiss[] {
    const levels = this.failureCounts(brief);
    const found: NearMiss[] = [];
    let visits = 0;
    for (const [level, words] of levels.entries()) {
      for (let word = 0; word < words.length && visits < nearVisits; word++) {
        const bits = words[word] as number;
        if (bits === 0) continue;
        eachSlot(bits, word, (slot) => {
          const mandate = this.mandates[slot] as Mandate;
          const failed = failedRules(mandate, brief);
          if (failed.length > 0 && failed.length <= nearAtMost) found.push({ mandate, failed });
          return ++visits < nearVisits;
        });
      }
      // A bucket may hide a failure, never invent one: what follows fails more rules than this level.
      if (visits >= nearVisits || found.filter(({ failed }) => failed.length <= level).length >= atMost) break;
    }
    return found
      .sort((a, b) => a.failed.length - b.failed.length || (a.mandate.id < b.mandate.id ? -1 : 1))
      .slice(0, atMost);
  }

  /** Slots by how many rules they fail as the bitmaps see it: none, one, two, three. Counted 32 at a time in binary digits. */
  private failureCounts(brief: AnonymousBrief): Uint32Array[] {
    const length = this.words;
    const [ones, twos, more] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
    for (const rule of matchRules) {
      const accepted = this.values[rule].accepted(dimensions[rule].brings(brief), length);
      for (let n = 0; n < length; n++) {
        const failed = ~(accepted[n] as number);
        const carry = (ones[n] as number) & failed;
        ones[n] = (ones[n] as number) ^ failed;
        more[n] = (more[n] as number) | ((twos[n] as number) & carry);
        twos[n] = (twos[n] as number) ^ carry;
      }
    }
    return range(0, nearAtMost).map((level) =>
      this.live.words.slice(0, length).map((live, n) => {
        const one = level & 1 ? (ones[n] as number) : ~(ones[n] as number);
        const two = level & 2 ? (twos[n] as number) : ~(twos[n] as number);
        return live & one & two & ~(more[n] as number);
      }),
    );
  }

  private get words(): number {
    return Math.min(this.live.words.length, (this.mandates.length + 31) >>> 5);
  }

  /** Only what matching looks at, with equal lists kept once: 100,000 mandates fit into some dozens of megabytes. */
  private compact(mandate: Mandate): Mandate {
    const { id, financierId, currency, amountMin, amountMax, tenorMin, tenorMax, gradeFloor } = mandate;
    const { offersShariah, shariahOnly, womenLedOnly, ruralOnly } = mandate;
    return {
      id,
      financierId: this.once([financierId])[0] as string,
      productKinds: this.once(mandate.productKinds),
      currency: this.once([currency])[0] as string,
      amountMin,
      amountMax,
      tenorMin,
      tenorMax,
      sectors: this.once(mandate.sectors),
      regions: this.once(mandate.regions),
      sizeClasses: this.once(mandate.sizeClasses),
      ageBands: this.once(mandate.ageBands),
      gradeFloor,
      collateral: this.once(mandate.collateral),
      offersShariah,
      shariahOnly,
      womenLedOnly,
      ruralOnly,
    };
  }

  private once<T extends string>(list: readonly T[]): readonly T[] {
    const key = list.join();
    const known = this.lists.get(key);
    if (known) return known as readonly T[];
    this.lists.set(key, list);
    return list;
  }
}
