import { Exact } from '#finance';
import { type CapScope, capScopes, type Clause } from './scheme-terms.js';
import { minorOf } from './clauses.policy.js';

/** What a reservation would count in. */
export interface ExposureKeys {
  readonly enterprise: string;
  readonly lender: string;
  readonly sector: string;
  readonly region: string;
  readonly vintage: string;
}

/** One letter of intent that asks for headroom, in the order of asking. */
export interface ReservationAsk extends ExposureKeys {
  /** The request, or the loan outside the market: one reservation each, as large as its largest letter. */
  readonly subjectId: string;
  readonly amountMinor: bigint;
}

/** A scheme's state under its lock; `decide` changes it as it grants. */
export interface HeadroomState {
  readonly currency: string;
  readonly grantedMinor: bigint;
  usedMinor: bigint;
  readonly stopped: string | null;
  readonly caps: readonly (Clause & { readonly kind: 'cap' })[];
  /** Used by `scope:key`; absent is nothing. */
  readonly exposures: Map<string, bigint>;
  /** Live reservations by subject. */
  readonly reserved: Map<string, bigint>;
}

export interface Granted {
  /** How much the subject's reservation grows; zero where a larger letter has it already. */
  readonly growthMinor: bigint;
}

export type ReservationRefusal =
  | { readonly refused: 'stopped'; readonly why: string }
  | { readonly refused: 'headroom'; readonly leftMinor: bigint }
  | { readonly refused: 'cap'; readonly clauseId: string; readonly scope: CapScope; readonly leftMinor: bigint };

/** Capacity granted by the capital: base × leverage, rounded down; none while the base is negative. */
export function grantedCapacity(baseMinor: bigint, leverageHundredths: number): bigint {
  return baseMinor <= 0n ? 0n : (baseMinor * BigInt(leverageHundredths)) / 100n;
}

/** Headroom by the scheme's formula; negative after losses. */
export function headroomOf(baseMinor: bigint, leverageHundredths: number, usedMinor: bigint): bigint {
  return grantedCapacity(baseMinor, leverageHundredths) - usedMinor;
}

/** The most that a cap allows, in minor units. */
export function capLimit(cap: Clause & { readonly kind: 'cap' }, currency: string, grantedMinor: bigint): bigint {
  if (cap.amount !== undefined) return minorOf(cap.amount, currency);
  return BigInt(
    new Exact(grantedMinor.toString())
      .times(cap.percent ?? 0)
      .div(100)
      .toFixed(0, Exact.ROUND_DOWN),
  );
}

export const exposureName = (scope: string, key: string): string => `${scope}:${key}`;

/**
 * Grants or refuses one ask and takes it into the state. The lender's cap counts every letter of the lender; headroom and
 * the other caps count the subject's reservation, thus its growth.
 */
export function decideReservation(state: HeadroomState, ask: ReservationAsk): Granted | ReservationRefusal {
  const before = state.reserved.get(ask.subjectId) ?? 0n;
  const growthMinor = ask.amountMinor > before ? ask.amountMinor - before : 0n;
  const refusal = refusalOfGrowth(state, ask, growthMinor, ask.amountMinor);
  if (refusal) return refusal;
  grow(state, ask, growthMinor, ask.amountMinor);
  state.reserved.set(ask.subjectId, before + growthMinor);
  return { growthMinor };
}

/**
 * Grants or refuses what a second award of one subject needs beside the first, by the same rules. The lender's cap counts this letter since
 * it was drawn, so nothing is added to it; it is refused where the lender stands above the cap by now.
 */
export function decideSecondAward(
  state: HeadroomState,
  keys: ExposureKeys,
  growthMinor: bigint,
): Granted | ReservationRefusal {
  const refusal = refusalOfGrowth(state, keys, growthMinor, 0n);
  if (refusal) return refusal;
  grow(state, keys, growthMinor, 0n);
  return { growthMinor };
}

/** What a key's exposure grows by: the lender's by its letter, the others by the growth of the reservation. */
const growthIn = (scope: CapScope, growthMinor: bigint, lenderMinor: bigint): bigint =>
  scope === 'lender' ? lenderMinor : growthMinor;

function refusalOfGrowth(
  state: HeadroomState,
  keys: ExposureKeys,
  growthMinor: bigint,
  lenderMinor: bigint,
): ReservationRefusal | undefined {
  if (state.stopped !== null) return { refused: 'stopped', why: state.stopped };
  const left = state.grantedMinor - state.usedMinor;
  if (growthMinor > 0n && growthMinor > left) return { refused: 'headroom', leftMinor: left > 0n ? left : 0n };
  for (const cap of state.caps) {
    const key = keys[cap.scope];
    if (cap.keys && !cap.keys.includes(key)) continue;
    const grows = growthIn(cap.scope, growthMinor, lenderMinor);
    const free =
      capLimit(cap, state.currency, state.grantedMinor) - (state.exposures.get(exposureName(cap.scope, key)) ?? 0n);
    const counts = grows > 0n || (cap.scope === 'lender' && growthMinor > 0n);
    if (counts && grows > free)
      return { refused: 'cap', clauseId: cap.id, scope: cap.scope, leftMinor: free > 0n ? free : 0n };
  }
  return undefined;
}

function grow(state: HeadroomState, keys: ExposureKeys, growthMinor: bigint, lenderMinor: bigint): void {
  state.usedMinor += growthMinor;
  for (const scope of capScopes) {
    const name = exposureName(scope, keys[scope]);
    state.exposures.set(name, (state.exposures.get(name) ?? 0n) + growthIn(scope, growthMinor, lenderMinor));
  }
}

/** The tightest of the caps that count a key, in minor units; null where none does. */
export function tightestCap(
  { caps, currency, grantedMinor }: Pick<HeadroomState, 'caps' | 'currency' | 'grantedMinor'>,
  scope: CapScope,
  key: string,
): bigint | null {
  const limits = caps
    .filter((cap) => cap.scope === scope && (!cap.keys || cap.keys.includes(key)))
    .map((cap) => capLimit(cap, currency, grantedMinor));
  return limits.length === 0 ? null : limits.reduce((least, each) => (each < least ? each : least));
}
