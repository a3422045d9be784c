import type { Side } from './chart-of-accounts.js';
import type { Line, TransferKind } from './transfer.js';

/** What was posted to and is reserved on an account, in minor units of its currency. */
export interface Totals {
  readonly debitsPosted: bigint;
  readonly creditsPosted: bigint;
  readonly debitsPending: bigint;
  readonly creditsPending: bigint;
}

export const noTotals: Totals = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n };

export function addTotals(one: Totals, other: Totals): Totals {
  return {
    debitsPosted: one.debitsPosted + other.debitsPosted,
    creditsPosted: one.creditsPosted + other.creditsPosted,
    debitsPending: one.debitsPending + other.debitsPending,
    creditsPending: one.creditsPending + other.creditsPending,
  };
}

/** What is posted, on the side where the account grows. */
export function balanceOf(normal: Side, { debitsPosted, creditsPosted }: Totals): bigint {
  return normal === 'debit' ? debitsPosted - creditsPosted : creditsPosted - debitsPosted;
}

/**
 * What can still be taken: the balance less what is reserved to be taken. What is reserved to come in does not count
 * before it is posted (as with TigerBeetle's debits_must_not_exceed_credits).
 */
export function availableOf(normal: Side, totals: Totals): bigint {
  const reserved = normal === 'debit' ? totals.creditsPending : totals.debitsPending;
  return balanceOf(normal, totals) - reserved;
}

/** A change of one account by one transfer. */
export interface Movement {
  readonly account: Line['debit'];
  readonly currency: string;
  readonly change: Totals;
}

/**
 * What a transfer changes on each account: its own lines are reserved (`reserve`) or posted, and the lines of the
 * reservation that it resolves are released. One movement an account, in the order of account ids.
 */
export function movementsOf(kind: TransferKind, lines: readonly Line[], released: readonly Line[]): Movement[] {
  const changes = new Map<string, Movement>();
  const add = (account: Line['debit'], currency: string, change: Partial<Totals>) => {
    const before = changes.get(account.id)?.change ?? noTotals;
    changes.set(account.id, { account, currency, change: addTotals(before, { ...noTotals, ...change }) });
  };
  for (const { debit, credit, amount, currency } of lines) {
    add(debit, currency, kind === 'reserve' ? { debitsPending: amount } : { debitsPosted: amount });
    add(credit, currency, kind === 'reserve' ? { creditsPending: amount } : { creditsPosted: amount });
  }
  for (const { debit, credit, amount, currency } of released) {
    add(debit, currency, { debitsPending: -amount });
    add(credit, currency, { creditsPending: -amount });
  }
  return [...changes.values()].sort((one, other) => (one.account.id < other.account.id ? -1 : 1));
}
