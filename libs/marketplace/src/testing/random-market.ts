import type { Mandate } from '#kernel';
import { ageBands, collateralKinds, grades, productKinds, sectors, sizeClasses } from '#kernel';
import type { AnonymousBrief } from '../domain/request-terms.js';

const regions = Array.from({ length: 13 }, (_, n) => `SA-${String(n + 1).padStart(2, '0')}`);
const currencies = ['SAR', 'AED', 'CNY', 'USD'] as const;

/** Mandates and briefs from a seed (mulberry32): the same seed gives the same market, so that a failure can be looked at again. */
export class RandomMarket {
  constructor(private seed: number) {}

  next(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 on, below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  mandate(id: string, financierId: string): Mandate {
    const amountMin = this.amount();
    const tenorMin = this.below(60);
    return {
      id,
      financierId,
      productKinds: this.next() < 0.1 ? [] : this.some(productKinds, 0.35, 1),
      currency: this.currency(),
      amountMin,
      amountMax: amountMin * BigInt(1 + this.below(60)) + BigInt(this.below(1000)),
      tenorMin,
      tenorMax: tenorMin + this.below(84),
      sectors: this.next() < 0.3 ? [] : this.some(sectors, 0.3, 1),
      regions: this.next() < 0.4 ? [] : this.some(regions, 0.3, 1),
      sizeClasses: this.next() < 0.3 ? [] : this.some(sizeClasses, 0.5, 1),
      ageBands: this.next() < 0.4 ? [] : this.some(ageBands, 0.5, 1),
      gradeFloor: this.next() < 0.4 ? null : this.one(grades),
      collateral: this.next() < 0.5 ? [] : this.some(collateralKinds, 0.3, 1),
      offersShariah: this.next() < 0.5,
      shariahOnly: this.next() < 0.1,
      womenLedOnly: this.next() < 0.1,
      ruralOnly: this.next() < 0.1,
    };
  }

  brief(): AnonymousBrief {
    return {
      requestId: 'brief',
      productKind: this.one(productKinds),
      amount: { minor: this.amount() + BigInt(this.below(500)), currency: this.currency() },
      tenorMonths: this.below(120),
      sector: this.one(sectors),
      region: this.next() < 0.02 ? 'SA-99' : this.one(regions),
      sizeClass: this.one(sizeClasses),
      ageBand: this.one(ageBands),
      grade: this.next() < 0.2 ? null : this.one(grades),
      shariahOnly: this.next() < 0.4,
      collateral: this.some(collateralKinds, 0.25, 0),
      womenLed: this.next() < 0.3,
      rural: this.next() < 0.3,
    };
  }

  one<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** Four of five in the portal's own currency, as a market would have it. */
  private currency(): string {
    return this.next() < 0.8 ? currencies[0] : this.one(currencies);
  }

  /** From ten thousand to a hundred million, evenly by powers of ten, in minor units. */
  private amount(): bigint {
    return BigInt(Math.round(10 ** (6 + this.next() * 4)));
  }

  private some<T>(from: readonly T[], share: number, atLeast: number): T[] {
    const chosen = from.filter(() => this.next() < share);
    return chosen.length >= atLeast ? chosen : [this.one(from)];
  }
}
