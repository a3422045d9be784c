import type { Money } from '#kernel';

/** What the ranking looks at. Nobody can pay for a rank: there is no field for it. */
export interface RankedOffer {
  readonly id: string;
  readonly amount: Money;
  readonly tenorMonths: number;
  /** Effective annual rate in percent with every compulsory fee and the guarantee fee, as a decimal with 6 digits. */
  readonly apr: number;
  readonly totalCostMinor: bigint;
  /** What reaches the enterprise; receivables are ranked by it. */
  readonly receivedMinor: bigint;
  readonly placedAt: Date;
}

export interface Asked {
  readonly amount: Money;
  readonly tenorMonths: number;
  /** Receivables: every bid is for the whole, so what is paid out decides. */
  readonly byNet?: boolean;
}

/** Offers are compared with their like: 0 covers the whole amount, 1 at least three quarters, 2 at least half, 3 less. */
export function amountBand(offered: Money, asked: Money): number {
  const percent = (offered.minor * 100n) / (asked.minor === 0n ? 1n : asked.minor);
  return percent >= 100n ? 0 : percent >= 75n ? 1 : percent >= 50n ? 2 : 3;
}

/** 0 within a tenth of the tenor asked for, 1 within a quarter, 2 farther. */
export function tenorBand(offered: number, asked: number): number {
  const distance = Math.abs(offered - asked) * 100;
  return distance <= asked * 10 ? 0 : distance <= asked * 25 ? 1 : 2;
}

const order = <T extends bigint | number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** The rule for receivables: what is paid out, total cost, then who bid first. */
function compareBids(a: RankedOffer, b: RankedOffer): number {
  return (
    order(b.receivedMinor, a.receivedMinor) ||
    order(a.totalCostMinor, b.totalCostMinor) ||
    a.placedAt.getTime() - b.placedAt.getTime() ||
    order(a.id, b.id)
  );
}

/** The published rule: amount band, tenor band, all-in APR, total cost, then who offered first. */
export function compareOffers(asked: Asked): (a: RankedOffer, b: RankedOffer) => number {
  if (asked.byNet) return compareBids;
  return (a, b) =>
    amountBand(a.amount, asked.amount) - amountBand(b.amount, asked.amount) ||
    tenorBand(a.tenorMonths, asked.tenorMonths) - tenorBand(b.tenorMonths, asked.tenorMonths) ||
    a.apr - b.apr ||
    (a.totalCostMinor < b.totalCostMinor ? -1 : a.totalCostMinor > b.totalCostMinor ? 1 : 0) ||
    a.placedAt.getTime() - b.placedAt.getTime() ||
    (a.id < b.id ? -1 : 1);
}

export function rankOffers<Offer extends RankedOffer>(offers: readonly Offer[], asked: Asked): Offer[] {
  return [...offers].sort(compareOffers(asked));
}

type Compared = Pick<RankedOffer, 'amount' | 'apr'>;

/** At least as much for at most the same rate. */
export function isNoWorse(before: Compared, after: Compared): boolean {
  return after.amount.minor >= before.amount.minor && after.apr <= before.apr;
}

/** A revision must leave no figure worse for the enterprise, and make one better. */
export function isImprovement(
  before: Compared & Pick<RankedOffer, 'totalCostMinor'>,
  after: Compared & Pick<RankedOffer, 'totalCostMinor'>,
): boolean {
  const better =
    after.amount.minor > before.amount.minor || after.apr < before.apr || after.totalCostMinor < before.totalCostMinor;
  return isNoWorse(before, after) && better;
}

type ComparedBid = Pick<RankedOffer, 'receivedMinor' | 'totalCostMinor'> & { readonly recourse: boolean };

/** A revised bid must pay out more for no more cost, or as much for less, and never add recourse. */
export function isBetterBid(before: ComparedBid, after: ComparedBid): boolean {
  const noWorse =
    after.receivedMinor >= before.receivedMinor &&
    after.totalCostMinor <= before.totalCostMinor &&
    (before.recourse || !after.recourse);
  const better =
    after.receivedMinor > before.receivedMinor ||
    after.totalCostMinor < before.totalCostMinor ||
    before.recourse !== after.recourse;
  return noWorse && better;
}
